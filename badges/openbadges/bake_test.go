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

func TestBake(t *testing.T) {
	plain := picture(t)
	for _, payload := range []string{`{"id":"https://a.example/v/1","name":"é ✓"}`, "https://a.example/v/1", strings.Repeat("x", 1<<20)} {
		baked, err := openbadges.BakePNG(plain, []byte(payload))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := openbadges.UnbakePNG(baked); err != nil || string(got) != payload {
			t.Errorf("UnbakePNG = %.40q, %v; want %.40q", got, err, payload)
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
func TestBakeReplaces(t *testing.T) {
	first, err := openbadges.BakePNG(picture(t), []byte("first"))
	if err != nil {
		t.Fatal(err)
	}
	for name, before := range map[string][]byte{"iTXt": first, "tEXt": withChunk(t, picture(t), "tEXt", "openbadges\x00first")} {
		again, err := openbadges.BakePNG(before, []byte("second"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := openbadges.UnbakePNG(again); err != nil || string(got) != "second" {
			t.Errorf("%s: UnbakePNG = %q, %v; want second", name, got, err)
		}
	}
}

func TestUnbakeForeign(t *testing.T) {
	plain := picture(t)
	baked, err := openbadges.BakePNG(plain, []byte("one"))
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

// FuzzUnbake checks that whatever can be read from a picture can be baked
// again.
func FuzzUnbake(f *testing.F) {
	baked, err := openbadges.BakePNG(picture(f), []byte("https://a.example/v/1"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(baked)
	f.Add(picture(f))
	f.Add(withChunk(f, picture(f), "tEXt", "openbadges\x00x"))
	f.Fuzz(func(t *testing.T, in []byte) {
		payload, err := openbadges.UnbakePNG(in)
		if errors.Is(err, openbadges.ErrNotPNG) {
			return
		}
		again, err := openbadges.BakePNG(in, payload)
		if err != nil {
			t.Fatalf("what was read cannot be baked: %v", err)
		}
		if got, err := openbadges.UnbakePNG(again); err != nil || !bytes.Equal(got, payload) {
			t.Fatalf("UnbakePNG = %q, %v; want %q", got, err, payload)
		}
	})
}
