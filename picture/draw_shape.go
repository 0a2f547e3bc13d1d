package picture

import (
	"errors"
	"image"
	"math"
	"strings"

	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// paint fills and strokes an outline, which has p.k units to one of the document.
func (p *painter) paint(path rasterx.Path, s style) error {
	plain, err := follow(path, rasterx.Identity, p.spent)
	if err != nil {
		return err
	}
	extent := plain.extent()
	s.matrix = s.matrix.Scale(1/p.k, 1/p.k)
	if !withinReach(extent, s.matrix) {
		return errors.New("a shape is out of reach")
	}
	if s.fill != "none" {
		if err := p.fill(path, extent, s); err != nil {
			return err
		}
	}
	if s.stroke != "none" && s.width > 0 {
		return p.stroke(path, extent, s)
	}
	return nil
}

func (p *painter) fill(path rasterx.Path, extent box, s style) error {
	colours, err := p.colours(s.fill, s.fillOpacity, extent, s)
	if err != nil {
		return err
	}
	t, err := follow(path, s.matrix, p.spent)
	if err != nil {
		return err
	}
	return t.paint(p.img, colours)
}

// Bounds of what the stroker takes, in pixels and in widths.
const (
	maxWidth      = 4 * Side
	maxMiterLimit = 100
)

func (p *painter) stroke(path rasterx.Path, extent box, s style) error {
	colours, err := p.colours(s.stroke, s.strokeOpacity, extent, s)
	if err != nil {
		return err
	}
	t := &trace{spent: p.spent}
	stroker := rasterx.NewStroker(Side, Side, t)
	width := math.Min(s.width*p.k*scaleOf(s.matrix), maxWidth)
	miter := math.Min(math.Max(s.miterLimit, 1), maxMiterLimit)
	stroker.SetStroke(fixed.Int26_6(width*64), fixed.Int26_6(miter*64), s.ends(), s.ends(), nil, s.join())
	path.AddTo(&rasterx.MatrixAdder{Adder: stroker, M: s.matrix})
	if err := p.spent.check(); err != nil {
		return err
	}
	return t.paint(p.img, colours)
}

// colours returns what a fill or stroke is painted with, an image without bounds.
func (p *painter) colours(value string, opacity float64, extent box, s style) (image.Image, error) {
	if !strings.HasPrefix(value, "url(") {
		c, err := parseColour(value, s.current)
		if c.A != 0 {
			c.A = alpha(opacity)
		}
		return image.NewUniform(c), err
	}
	id, _ := localReference(value)
	return newGradient(p.doc.gradients[id], extent, s.matrix, p.k, opacity)
}

// withinReach reports whether the rasteriser can count as far as the transformed
// extent.
func withinReach(b box, m rasterx.Matrix2D) bool {
	for _, x := range []float64{b.x, b.x + b.w} {
		for _, y := range []float64{b.y, b.y + b.h} {
			tx, ty := m.Transform(x, y)
			if !(math.Abs(tx) <= maxReach && math.Abs(ty) <= maxReach) {
				return false
			}
		}
	}
	return true
}
