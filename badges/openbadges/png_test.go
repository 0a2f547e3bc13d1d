package openbadges_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/openbadges"
)

// picture returns a small PNG.
func picture(t testing.TB) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	img.Set(1, 1, color.NRGBA{R: 200, A: 255})
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withChunk inserts a chunk after the header of a PNG, as another program
// would.
func withChunk(t testing.TB, picture []byte, kind, data string) []byte {
	t.Helper()
	const header = 8 + 25 // signature, IHDR
	body := append([]byte(kind), data...)
	c := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	c = append(c, body...)
	c = binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(body))
	return bytes.Join([][]byte{picture[:header], c, picture[header:]}, nil)
}

func TestBakePNG(t *testing.T) {
	plain := picture(t)
	for _, payload := range []string{`{"id":"https://a.example/v/1","name":"é ✓"}`, "https://a.example/v/1", strings.Repeat("x", 1<<20)} {
		baked, err := openbadges.BakePNG(plain, openbadges.Payloads{OB2: []byte(payload)})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := openbadges.UnbakePNG(baked); err != nil || string(got.OB2) != payload {
			t.Errorf("UnbakePNG = %.40q, %v; want %.40q", got.OB2, err, payload)
		}
		want, err := png.Decode(bytes.NewReader(plain))
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(bytes.NewReader(baked))
		if err != nil || got.At(1, 1) != want.At(1, 1) || got.Bounds() != want.Bounds() {
			t.Errorf("the baked picture shows something else, %v", err)
		}
	}
}

// TestBakeReplaces bakes a picture that contains a badge already, from Insigne
// or an older program: the result contains only the new one.
func TestBakePNGReplaces(t *testing.T) {
	first, err := openbadges.BakePNG(picture(t), openbadges.Payloads{OB2: []byte("first"), OB3: []byte("first")})
	if err != nil {
		t.Fatal(err)
	}
	for name, before := range map[string][]byte{
		"iTXt": first, "tEXt": withChunk(t, picture(t), "tEXt", "openbadges\x00first"),
		"compressed iTXt": withChunk(t, picture(t), "iTXt", "openbadgecredential\x00\x01\x00\x00\x00first"),
		"zTXt":            withChunk(t, picture(t), "zTXt", "openbadges\x00\x00first"),
		"two":             withChunk(t, first, "iTXt", "openbadgecredential\x00\x00\x00\x00\x00first"),
	} {
		want := openbadges.Payloads{OB2: []byte("second"), OB3: []byte("third")}
		again, err := openbadges.BakePNG(before, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := openbadges.UnbakePNG(again)
		if diff := cmp.Diff(want, got); err != nil || diff != "" || bytes.Contains(again, []byte("first")) {
			t.Errorf("%s: %v; the payloads (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestUnbakePNGForeign(t *testing.T) {
	plain := picture(t)
	baked, err := openbadges.BakePNG(plain, openbadges.Payloads{OB2: []byte("one")})
	if err != nil {
		t.Fatal(err)
	}
	broken := bytes.Clone(baked)
	broken[len(broken)-1] ^= 1
	long := bytes.Clone(baked)
	binary.BigEndian.PutUint32(long[8:], 1<<31)
	for _, tt := range []struct {
		name string
		png  []byte
		want error
	}{
		{"no badge", plain, openbadges.ErrNotBaked},
		{"two badges", withChunk(t, baked, "tEXt", "openbadges\x00two"), openbadges.ErrTwice},
		{"other keyword", withChunk(t, plain, "tEXt", "Comment\x00openbadges"), openbadges.ErrNotBaked},
		{"compressed", withChunk(t, plain, "iTXt", "openbadges\x00\x01\x00\x00\x00xx"), openbadges.ErrNotBaked},
		{"cut text", withChunk(t, plain, "iTXt", "openbadges\x00\x00"), openbadges.ErrNotBaked},
		{"wrong checksum", broken, openbadges.ErrNotPNG},
		{"length beyond the end", long, openbadges.ErrNotPNG},
		{"cut off", baked[:len(baked)-5], openbadges.ErrNotPNG},
		{"signature only", plain[:8], openbadges.ErrNotPNG},
		{"no PNG", []byte("GIF89a"), openbadges.ErrNotPNG},
		{"nothing", nil, openbadges.ErrNotPNG},
	} {
		if got, err := openbadges.UnbakePNG(tt.png); !errors.Is(err, tt.want) {
			t.Errorf("%s: UnbakePNG = %q, %v; want %v", tt.name, got, err, tt.want)
		}
	}
}

// TestBakePNGKeeps checks that chunks of others stay as they are, in their order,
// and that each badge is in one uncompressed chunk after the header.
func TestBakePNGKeeps(t *testing.T) {
	foreign := withChunk(t, picture(t), "iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00<x/>")
	foreign = withChunk(t, foreign, "tEXt", "Comment\x00openbadges")
	baked, err := openbadges.BakePNG(foreign, openbadges.Payloads{OB2: []byte("two"), OB3: []byte("three")})
	if err != nil {
		t.Fatal(err)
	}
	const header = 8 + 25
	badges := string(baked[header : len(baked)-len(foreign)+header])
	if !bytes.Equal(baked[:header], foreign[:header]) || !bytes.Equal(baked[len(baked)-len(foreign)+header:], foreign[header:]) {
		t.Error("the picture is not kept")
	}
	for _, chunk := range []string{"iTXtopenbadges\x00\x00\x00\x00\x00two", "iTXtopenbadgecredential\x00\x00\x00\x00\x00three"} {
		if strings.Count(badges, chunk) != 1 {
			t.Errorf("no chunk %q in %q", chunk, badges)
		}
	}
	if _, err := png.Decode(bytes.NewReader(baked)); err != nil {
		t.Error(err)
	}
}

// TestBounds checks that pictures and payloads that are too large are refused.
func TestBounds(t *testing.T) {
	large := openbadges.Payloads{OB3: bytes.Repeat([]byte("x"), 1<<20+1)}
	for name, err := range map[string]error{
		"baking a large badge into a PNG":  second(openbadges.BakePNG(picture(t), large)),
		"baking a large badge into an SVG": second(openbadges.BakeSVG([]byte(drawn), large)),
		"reading a large badge of a PNG":   second(openbadges.UnbakePNG(withChunk(t, picture(t), "iTXt", "openbadgecredential\x00\x00\x00\x00\x00"+string(large.OB3)))),
		"reading a large badge of an SVG":  second(openbadges.UnbakeSVG([]byte(strings.Replace(drawn, "<g>", `<b:credential xmlns:b="https://purl.imsglobal.org/ob/v3p0">`+string(large.OB3)+`</b:credential><g>`, 1)))),
		"a large PNG":                      second(openbadges.UnbakePNG(withChunk(t, picture(t), "prIv", strings.Repeat("x", 16<<20)))),
		"a large SVG":                      second(openbadges.UnbakeSVG([]byte(drawn + strings.Repeat(" ", 16<<20)))),
		"a PNG of many chunks":             second(openbadges.UnbakePNG(manyChunks(t))),
	} {
		if !errors.Is(err, openbadges.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// manyChunks returns a PNG with 10,000 empty chunks.
func manyChunks(t *testing.T) []byte {
	t.Helper()
	const header = 8 + 25
	plain := picture(t)
	empty := withChunk(t, plain, "prIv", "")
	return bytes.Join([][]byte{plain[:header], bytes.Repeat(empty[header:header+12], 10_000), plain[header:]}, nil)
}

// FuzzUnbakePNG checks that whatever can be read from a picture can be baked
// again.
func FuzzUnbakePNG(f *testing.F) {
	baked, err := openbadges.BakePNG(picture(f), openbadges.Payloads{OB2: []byte("https://a.example/v/1"), OB3: []byte("{}")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(baked)
	f.Add(picture(f))
	f.Add(withChunk(f, picture(f), "tEXt", "openbadges\x00x"))
	f.Fuzz(func(t *testing.T, in []byte) {
		payloads, err := openbadges.UnbakePNG(in)
		if err != nil {
			return
		}
		again, err := openbadges.BakePNG(in, payloads)
		if errors.Is(err, openbadges.ErrPayload) {
			return
		}
		if err != nil {
			t.Fatalf("what was read cannot be baked: %v", err)
		}
		got, err := openbadges.UnbakePNG(again)
		if diff := cmp.Diff(payloads, got); err != nil || diff != "" {
			t.Fatalf("%v; the payloads (-want +got):\n%s", err, diff)
		}
	})
}
