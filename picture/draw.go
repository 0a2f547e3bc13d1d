package picture

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"

	"github.com/srwiley/rasterx"
	"golang.org/x/image/draw"
	"golang.org/x/image/math/fixed"

	"github.com/insigne-badges/insigne/fault"
)

// Bounds of the work of one picture: a gradient is computed for each pixel and
// a layer is a whole image.
const (
	maxGradientUses = 400
	maxLayers       = 100
)

// painter draws elements onto one layer.
type painter struct {
	doc   *document
	img   *image.RGBA
	spent *work
}

// work counts what is bounded, over all layers.
type work struct{ gradients, layers int }

// draw rasterises the document. The rasteriser was not made for hostile input:
// where it panics, the picture is refused.
func (d *document) draw() (img *image.RGBA, err error) {
	defer func() {
		if r := recover(); r != nil {
			img, err = nil, refuse("picture.svg_undrawable", fmt.Errorf("rasterise: %v", r))
		}
	}()
	view, err := d.view()
	if err != nil {
		return nil, refused(err, "picture.svg_size")
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
func (d *document) view() (rasterx.Matrix2D, error) {
	v, err := numbers(d.root.attr("viewBox"))
	if err != nil {
		return rasterx.Identity, err
	}
	if len(v) == 0 {
		v = make([]float64, 4)
		if err := d.root.fill(v[2:], "width", "height"); err != nil {
			return rasterx.Identity, err
		}
	}
	if len(v) != 4 || v[2] <= 0 || v[3] <= 0 {
		return rasterx.Identity, errors.New("neither a view box nor width and height")
	}
	k := Side / math.Max(v[2], v[3])
	return rasterx.Identity.Translate((Side-k*v[2])/2, (Side-k*v[3])/2).Scale(k, k).Translate(-v[0], -v[1]), nil
}

// element draws an element and what is in it, on a layer of its own when it is
// translucent as a whole.
func (p *painter) element(e *element, s style) error {
	opacity, err := e.fraction("opacity", 1)
	if err != nil {
		return err
	}
	if opacity >= 1 {
		return p.opaque(e, s)
	}
	if p.spent.layers++; p.spent.layers > maxLayers {
		return fault.New(fault.Invalid, "picture.svg_complex")
	}
	layer := &painter{doc: p.doc, img: image.NewRGBA(p.img.Bounds()), spent: p.spent}
	if err := layer.opaque(e, s); err != nil {
		return err
	}
	mask := image.NewUniform(color.Alpha{A: alpha(opacity)})
	draw.DrawMask(p.img, p.img.Bounds(), layer.img, image.Point{}, mask, image.Point{}, draw.Over)
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
	path, err := e.outline()
	if err != nil || len(path) == 0 {
		return err
	}
	if err := p.fill(path, s); err != nil {
		return err
	}
	return p.stroke(path, s)
}

func (p *painter) fill(path rasterx.Path, s style) error {
	paint, err := p.paint(s.fill, s.fillOpacity, path, s)
	if err != nil || paint == nil {
		return err
	}
	filler := rasterx.NewFiller(Side, Side, p.scanner())
	path.AddTo(&rasterx.MatrixAdder{Adder: filler, M: s.matrix})
	filler.SetColor(paint)
	filler.Draw()
	return nil
}

func (p *painter) stroke(path rasterx.Path, s style) error {
	paint, err := p.paint(s.stroke, s.strokeOpacity, path, s)
	if err != nil || paint == nil || s.width <= 0 {
		return err
	}
	stroker := rasterx.NewStroker(Side, Side, p.scanner())
	width := math.Min(s.width*scaleOf(s.matrix), 4*Side)
	stroker.SetStroke(fixed.Int26_6(width*64), fixed.Int26_6(s.miterLimit*64), s.ends(), s.ends(), nil, s.join())
	path.AddTo(&rasterx.MatrixAdder{Adder: stroker, M: s.matrix})
	stroker.SetColor(paint)
	stroker.Draw()
	return nil
}

func (p *painter) scanner() rasterx.Scanner {
	return rasterx.NewScannerGV(Side, Side, p.img, p.img.Bounds())
}

// paint returns what the scanner takes as colour, nil for none.
func (p *painter) paint(value string, opacity float64, path rasterx.Path, s style) (any, error) {
	if value == "none" {
		return nil, nil
	}
	if !strings.HasPrefix(value, "url(") {
		c, err := parseColour(value, s.current)
		if c.A != 0 {
			c.A = alpha(opacity)
		}
		return color.Color(c), err
	}
	if p.spent.gradients++; p.spent.gradients > maxGradientUses {
		return nil, fault.New(fault.Invalid, "picture.svg_complex")
	}
	id, _ := localReference(value)
	g, err := newGradient(p.doc.gradients[id], extent(path), s.matrix, opacity)
	if err != nil {
		return nil, err
	}
	return rasterx.ColorFunc(g.at), nil
}

// extent measures a path in its own coordinates.
func extent(path rasterx.Path) box {
	scanner := rasterx.NewScannerGV(1, 1, image.NewRGBA(image.Rect(0, 0, 1, 1)), image.Rect(0, 0, 1, 1))
	scanner.Clear()
	path.AddTo(rasterx.NewFiller(1, 1, scanner))
	r := scanner.GetPathExtent()
	return box{
		x: float64(r.Min.X) / 64, y: float64(r.Min.Y) / 64,
		w: float64(r.Max.X-r.Min.X) / 64, h: float64(r.Max.Y-r.Min.Y) / 64,
	}
}

// blank reports whether nothing is to be seen.
func blank(img *image.RGBA) bool {
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] != 0 {
			return false
		}
	}
	return true
}
