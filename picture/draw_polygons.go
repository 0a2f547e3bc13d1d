package picture

import (
	"image"
	"image/draw"

	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// trace collects the lines that the rasteriser makes of an outline, and paints
// what they enclose. It works on the part of the image they cover: a picture of
// many small shapes costs no more than they do.
type trace struct {
	vertices []vertex
	box      fixed.Rectangle26_6
	spent    *work
}

type vertex struct {
	at     fixed.Point26_6
	starts bool // a new polygon
}

// follow traces a path filled as it is.
func follow(path rasterx.Path, m rasterx.Matrix2D, spent *work) (*trace, error) {
	t := &trace{spent: spent}
	path.AddTo(&rasterx.MatrixAdder{Adder: rasterx.NewFiller(Side, Side, t), M: m})
	return t, spent.check()
}

// Start begins a polygon.
func (t *trace) Start(p fixed.Point26_6) { t.add(vertex{p, true}) }

// Line goes on to the next corner.
func (t *trace) Line(p fixed.Point26_6) { t.add(vertex{p, false}) }

func (t *trace) add(v vertex) {
	if t.spent.lines++; t.spent.exceeded() {
		return // the caller checks; until then nothing piles up
	}
	dot := fixed.Rectangle26_6{Min: v.at, Max: v.at.Add(fixed.Point26_6{X: 1, Y: 1})}
	if len(t.vertices) == 0 {
		t.box = dot
	}
	t.box = t.box.Union(dot)
	t.vertices = append(t.vertices, v)
}

// paint fills what the lines enclose, by the rule "nonzero".
func (t *trace) paint(onto *image.RGBA, colours image.Image) error {
	area := image.Rect(t.box.Min.X.Floor(), t.box.Min.Y.Floor(), t.box.Max.X.Ceil(), t.box.Max.Y.Ceil()).Intersect(onto.Rect)
	if area.Empty() {
		return nil
	}
	pixels := area.Dx() * area.Dy()
	if _, plain := colours.(*image.Uniform); !plain {
		pixels *= 4
	}
	t.spent.pixels += pixels
	if err := t.spent.check(); err != nil {
		return err
	}
	r := vector.NewRasterizer(area.Dx(), area.Dy())
	r.DrawOp = draw.Over
	for _, v := range t.vertices {
		x, y := float32(v.at.X)/64-float32(area.Min.X), float32(v.at.Y)/64-float32(area.Min.Y)
		if v.starts {
			r.MoveTo(x, y)
			continue
		}
		r.LineTo(x, y)
	}
	r.Draw(onto, area, colours, area.Min)
	return nil
}

// extent is the space the lines take.
func (t *trace) extent() box {
	return box{
		x: float64(t.box.Min.X) / 64, y: float64(t.box.Min.Y) / 64,
		w: float64(t.box.Max.X-t.box.Min.X-1) / 64, h: float64(t.box.Max.Y-t.box.Min.Y-1) / 64,
	}
}

// The rest of rasterx.Scanner has no part in collecting lines.

// GetPathExtent is not asked for by fillers and strokers.
func (t *trace) GetPathExtent() fixed.Rectangle26_6 { return t.box }

// Draw does nothing; see paint.
func (t *trace) Draw() {}

// SetBounds does nothing: lines outside the image are cut when painting.
func (t *trace) SetBounds(int, int) {}

// SetColor does nothing; see paint.
func (t *trace) SetColor(any) {}

// SetWinding does nothing: the rule is always "nonzero".
func (t *trace) SetWinding(bool) {}

// Clear does nothing: a trace is used once.
func (t *trace) Clear() {}

// SetClip does nothing: clip paths are refused.
func (t *trace) SetClip(image.Rectangle) {}
