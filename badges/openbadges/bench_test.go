package openbadges_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
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
func signBadge(b *testing.B, s *openbadges.Signer, a openbadges.Award) openbadges.Payloads {
	b.Helper()
	hosted, err := openbadges.Hosted(a)
	document := marshal(b, hosted, err)
	proved, err := s.Embedded(a, edKey(), created)
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

// another returns the award of another learner.
func another(a openbadges.Award, n int) openbadges.Award {
	a.Address = host + "/v/" + strconv.Itoa(n)
	a.Recipient = openbadges.Recipient{Email: strconv.Itoa(n) + "@a.example", Salt: "salt" + strconv.Itoa(n), Name: "Zoë " + strconv.Itoa(n)}
	return a
}

// BenchmarkStatusList signs a list of 131,072 entries, of which every hundredth is
// set.
func BenchmarkStatusList(b *testing.B) {
	list := openbadges.StatusList{Address: host + "/status/1", DID: did, Purpose: openbadges.Revocation, Bits: make([]byte, vc.MinStatusList/8), Changed: issued}
	for index := 0; index < vc.MinStatusList; index += 100 {
		badges.SetStatusBit(list.Bits, index, true)
	}
	for b.Loop() {
		if _, err := list.Embedded(edKey(), created); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBakePNG signs a badge and bakes it into a PNG of which only the bytes
// are known.
func BenchmarkBakePNG(b *testing.B) {
	picture, a, signer := raster(b), award(b), openbadges.NewSigner()
	for n := 0; b.Loop(); n++ {
		if _, err := openbadges.BakePNG(picture, signBadge(b, signer, another(a, n))); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBakeSVG signs a badge and bakes it into the SVG of a raster picture,
// which was prepared.
func BenchmarkBakeSVG(b *testing.B) {
	blank, err := openbadges.NewBlankWrapped(raster(b), "caption")
	if err != nil {
		b.Fatal(err)
	}
	a, signer := award(b), openbadges.NewSigner()
	for n := 0; b.Loop(); n++ {
		if _, err := blank.Bake(signBadge(b, signer, another(a, n))); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBlank prepares the SVG of a raster picture: by reading the SVG, and
// from the picture itself.
func BenchmarkBlank(b *testing.B) {
	picture := raster(b)
	wrapped, err := openbadges.WrapPNG(picture, "caption")
	if err != nil {
		b.Fatal(err)
	}
	for name, prepare := range map[string]func() (openbadges.Blank, error){
		"read":    func() (openbadges.Blank, error) { return openbadges.NewBlankSVG(wrapped) },
		"wrapped": func() (openbadges.Blank, error) { return openbadges.NewBlankWrapped(picture, "caption") },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := prepare(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
