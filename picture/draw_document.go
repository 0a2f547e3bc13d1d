package picture

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"

	"github.com/insigne-badges/insigne/internal/fault"
)

// painter draws elements onto one layer.
type painter struct {
	doc     *document
	img     *image.RGBA
	touched image.Rectangle // the part of img where something was drawn
	spent   *work           // on all layers
}

// draw returns the document as an image. If the rasteriser panics on hostile
// input, draw refuses the picture.
func (d *document) draw() (img *image.RGBA, err error) {
	defer func() {
		if r := recover(); r != nil {
			img, err = nil, refuse("picture.svg_undrawable", fmt.Errorf("rasterise: %v", r))
		}
	}()
	view, err := d.view()
	if err != nil {
		return nil, refuse("picture.svg_size", err)
	}
	p := &painter{doc: d, img: image.NewRGBA(image.Rect(0, 0, Side, Side)), spent: &work{}}
	if err := p.element(d.root, initialStyle(view)); err != nil {
		return nil, refused(err, "picture.svg_undrawable")
	}
	if blank(p.img) {
		return nil, fault.New(fault.Invalid, "picture.svg_blank")
	}
	return p.img, nil
}

// view returns the matrix that fits the view box into the square.
func (d *document) view() (matrix, error) {
	v, err := numbers(d.root.attr("viewBox"))
	if err != nil {
		return identity, err
	}
	if len(v) == 0 {
		v = make([]float64, 4)
		if err := d.root.read(v[2:], "width", "height"); err != nil {
			return identity, err
		}
	}
	if len(v) != 4 || v[2] <= 0 || v[3] <= 0 {
		return identity, errors.New("neither a view box nor width and height")
	}
	k := Side / math.Max(v[2], v[3])
	return translation((Side-k*v[2])/2, (Side-k*v[3])/2).times(scaling(k, k)).times(translation(-v[0], -v[1])), nil
}

// element draws an element with its children. An element that is translucent as a
// whole gets a layer of its own.
func (p *painter) element(e *element, s style) error {
	opacity, err := e.fraction("opacity", 1)
	if err != nil {
		return err
	}
	if opacity >= 1 {
		return p.opaque(e, s)
	}
	p.spent.layers++
	if err := p.spent.check(); err != nil {
		return err
	}
	layer := &painter{doc: p.doc, img: image.NewRGBA(p.img.Rect), spent: p.spent}
	if err := layer.opaque(e, s); err != nil {
		return err
	}
	mask := image.NewUniform(color.Alpha{A: alpha(opacity)})
	draw.DrawMask(p.img, layer.touched, layer.img, layer.touched.Min, mask, image.Point{}, draw.Over)
	p.touched = p.touched.Union(layer.touched)
	return nil
}

func (p *painter) opaque(e *element, s style) error {
	s, err := s.of(e)
	if err != nil {
		return err
	}
	if e.name == "svg" || e.name == "g" {
		for _, child := range e.children {
			if err := p.element(child, s); err != nil {
				return err
			}
		}
		return nil
	}
	o, err := e.outline(s.matrix, p.spent)
	if err != nil || len(o) == 0 {
		return err
	}
	return p.paint(o, s)
}

// blank reports whether every pixel is transparent.
func blank(img *image.RGBA) bool {
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] != 0 {
			return false
		}
	}
	return true
}
