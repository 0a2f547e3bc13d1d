package picture_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/picture"
)

// key returns the message key of an Invalid fault, and fails on any other error.
func key(t *testing.T, err error) string {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid {
		t.Fatalf("%v is not fault.Invalid", err)
	}
	return f.Key()
}

func checker(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(x), G: 200, B: uint8(y), A: 255})
		}
	}
	return img
}

func encoded(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// chunk builds one chunk of a PNG.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// bomb announces a picture of the given size in a few bytes.
func bomb(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	b := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 6, 0, 0, 0))...)
	return append(b, chunk("IDAT", make([]byte, 100))...)
}

func TestPNGIsRedrawn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		w, h int
		in   image.Point // a pixel inside the picture
		out  image.Point // one that must be transparent
	}{
		"square": {512, 512, image.Pt(0, 0), image.Pt(-1, -1)},
		"small":  {16, 16, image.Pt(500, 500), image.Pt(-1, -1)},
		"wide":   {600, 300, image.Pt(256, 256), image.Pt(256, 50)},
		"tall":   {100, 800, image.Pt(256, 256), image.Pt(100, 256)},
		"line":   {4096, 1, image.Pt(256, 255), image.Pt(256, 0)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := picture.Clean(bytes.NewReader(encoded(t, checker(tt.w, tt.h))))
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(p.PNG))
			if err != nil {
				t.Fatal(err)
			}
			if img.Bounds() != image.Rect(0, 0, picture.Side, picture.Side) {
				t.Fatalf("bounds %v", img.Bounds())
			}
			if _, _, _, a := img.At(tt.in.X, tt.in.Y).RGBA(); a == 0 {
				t.Error("nothing is drawn")
			}
			if _, _, _, a := img.At(tt.out.X, tt.out.Y).RGBA(); a != 0 {
				t.Error("the margin is not transparent")
			}
			sum := sha256.Sum256(p.PNG)
			if p.Hash != hex.EncodeToString(sum[:]) || p.SVG != nil {
				t.Errorf("hash %s, SVG %d bytes", p.Hash, len(p.SVG))
			}
		})
	}
}

// Attacks: what hides in or behind a valid PNG does not come out again.
func TestPNGKeepsNothingElse(t *testing.T) {
	t.Parallel()
	good := encoded(t, checker(64, 64))
	head, rest := good[:33], good[33:] // signature and IHDR
	secret := []byte("<script>alert('secret')</script>")
	with := func(extra []byte) []byte { return bytes.Join([][]byte{head, extra, rest}, nil) }
	tests := map[string][]byte{
		"text":      with(chunk("tEXt", append([]byte("Comment\x00"), secret...))),
		"location":  with(chunk("eXIf", secret)),
		"animation": with(chunk("acTL", []byte{0, 0, 0, 9, 0, 0, 0, 0})),
		"credential of another badge": with(chunk("iTXt",
			append([]byte("openbadges\x00\x00\x00\x00\x00"), secret...))),
		"page behind the end": append(bytes.Clone(good), secret...),
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := picture.Clean(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range []string{"secret", "script", "tEXt", "iTXt", "eXIf", "acTL"} {
				if bytes.Contains(p.PNG, []byte(word)) {
					t.Errorf("%s is still in it", word)
				}
			}
		})
	}
}

func TestRefusedUploads(t *testing.T) {
	t.Parallel()
	good := encoded(t, checker(64, 64))
	var jpg, anim bytes.Buffer
	if err := jpeg.Encode(&jpg, checker(64, 64), nil); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&anim, checker(64, 64), nil); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		raw  string
		want string
	}{
		"nothing":                {"", "picture.empty"},
		"text":                   {"hello", "picture.format"},
		"JPEG named .png":        {jpg.String(), "picture.format"},
		"GIF named .png":         {anim.String(), "picture.format"},
		"page named .png":        {"<html><script>alert(1)</script></html>", "picture.format"},
		"page with a doctype":    {"<!DOCTYPE html><html></html>", "picture.svg_doctype"},
		"page that claims XML":   {`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`, "picture.format"},
		"cut off":                {string(good[:len(good)-30]), "picture.png_broken"},
		"only a signature":       {string(good[:8]), "picture.png_broken"},
		"a bit changed":          {strings.Replace(string(good), "IDAT", "IDAU", 1), "picture.png_broken"},
		"wider than the limit":   {string(encoded(t, image.NewGray(image.Rect(0, 0, 4097, 1)))), "picture.dimensions"},
		"bomb of 60000 squared":  {string(bomb(60000, 60000)), "picture.dimensions"},
		"bomb of 2^31 by 1":      {string(bomb(1<<31-1, 1)), "picture.dimensions"},
		"no width":               {string(bomb(0, 10)), "picture.png_broken"},
		"nothing but a promise":  {string(bomb(4096, 4096)), "picture.png_broken"},
		"one byte over the size": {string(good) + strings.Repeat("x", picture.MaxUpload+1-len(good)), "picture.too_large"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := picture.Clean(strings.NewReader(tt.raw))
			if got := key(t, err); got != tt.want || p.PNG != nil {
				t.Errorf("%q, want %q (%v)", got, tt.want, err)
			}
		})
	}
}

// An attack on memory: 20 MB, of which no more is read than needed to refuse.
func TestLargeUploadIsNotRead(t *testing.T) {
	upload := &counting{Reader: io.LimitReader(zeros{}, 20<<20)}
	_, err := picture.Clean(upload)
	if got := key(t, err); got != "picture.too_large" {
		t.Errorf("%q, want picture.too_large", got)
	}
	if upload.n > picture.MaxUpload+1 {
		t.Errorf("%d bytes were read", upload.n)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type counting struct {
	io.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// An upload that breaks off is not the uploader's mistake.
func TestBrokenUpload(t *testing.T) {
	cause := errors.New("connection reset")
	_, err := picture.Clean(iotest.ErrReader(cause))
	if !errors.Is(err, cause) || !fault.Is(err, fault.Internal) {
		t.Errorf("%v, kind %d", err, fault.KindOf(err))
	}
}
