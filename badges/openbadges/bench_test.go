package openbadges_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/insigne-badges/insigne/badges/openbadges"
)

// raster returns a PNG of 512 × 512 that compresses as badly as a photograph.
func raster(b *testing.B) []byte {
	b.Helper()
	img, random := image.NewNRGBA(image.Rect(0, 0, 512, 512)), rand.New(rand.NewPCG(1, 2))
	for i := range 512 * 512 {
		img.Set(i%512, i/512, color.NRGBA{R: uint8(random.IntN(64)), G: uint8(i / 512), B: uint8(i), A: 255})
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// signBadge returns the documents of an award, newly signed.
func signBadge(b *testing.B, a openbadges.Award) openbadges.Payloads {
	b.Helper()
	hosted, err := openbadges.Hosted(a)
	document := marshal(b, hosted, err)
	proved, err := openbadges.Embedded(a, edKey(), created)
	if err != nil {
		b.Fatal(err)
	}
	return openbadges.Payloads{OB2: document, OB3: proved}
}

// award returns an award of usual size.
func award(b *testing.B) openbadges.Award {
	b.Helper()
	a := full(b)
	a.Endorsements = nil
	return a
}

// BenchmarkBakePNG signs a badge and bakes it into a PNG of which only the bytes
// are known.
func BenchmarkBakePNG(b *testing.B) {
	picture, a := raster(b), award(b)
	b.SetBytes(int64(len(picture)))
	for b.Loop() {
		if _, err := openbadges.BakePNG(picture, signBadge(b, a)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBakeSVG signs a badge and bakes it into the SVG of a raster picture,
// which was prepared.
func BenchmarkBakeSVG(b *testing.B) {
	wrapped, err := openbadges.WrapPNG(raster(b), "caption")
	if err != nil {
		b.Fatal(err)
	}
	blank, err := openbadges.NewBlankSVG(wrapped)
	if err != nil {
		b.Fatal(err)
	}
	a := award(b)
	b.SetBytes(int64(len(wrapped)))
	for b.Loop() {
		if _, err := blank.Bake(signBadge(b, a)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBlankSVG prepares the SVG of a raster picture.
func BenchmarkBlankSVG(b *testing.B) {
	wrapped, err := openbadges.WrapPNG(raster(b), "caption")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(wrapped)))
	for b.Loop() {
		if _, err := openbadges.NewBlankSVG(wrapped); err != nil {
			b.Fatal(err)
		}
	}
}
