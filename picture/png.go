package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"

	"golang.org/x/image/draw"

	"github.com/insigne-badges/insigne/internal/fault"
)

// maxSide bounds width and height of an uploaded PNG. A file of a few
// kilobytes may announce gigabytes, so this is read before anything is decoded.
const maxSide = 4096

func decodePNG(raw []byte) (image.Image, error) {
	size, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, refuse("picture.png_broken", err)
	}
	if size.Width > maxSide || size.Height > maxSide {
		return nil, fault.New(fault.Invalid, "picture.dimensions").With("Pixels", maxSide)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, refuse("picture.png_broken", err)
	}
	if img.Bounds().Empty() {
		return nil, refuse("picture.png_broken", errors.New("no pixels"))
	}
	return img, nil
}

// fit scales img into the middle of a transparent square. Its proportions stay.
func fit(img image.Image) *image.RGBA {
	square := image.NewRGBA(image.Rect(0, 0, Side, Side))
	from := img.Bounds()
	scale := float64(Side) / float64(max(from.Dx(), from.Dy()))
	w := max(1, int(math.Round(float64(from.Dx())*scale)))
	h := max(1, int(math.Round(float64(from.Dy())*scale)))
	to := image.Rect(0, 0, w, h).Add(image.Pt((Side-w)/2, (Side-h)/2))
	draw.CatmullRom.Scale(square, to, img, from, draw.Src, nil)
	return square
}

// finish returns the picture with its PNG and its hash.
func finish(square *image.RGBA, svg []byte) (Picture, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, square); err != nil {
		return Picture{}, fmt.Errorf("encode picture: %w", err)
	}
	p := Picture{PNG: out.Bytes(), SVG: svg}
	if svg != nil {
		p.Hash = hash(svg)
	} else {
		p.Hash = hash(p.PNG)
	}
	return p, nil
}
