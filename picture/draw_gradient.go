package picture

import (
	"image/color"
	"math"
)

// gradient is a gradient laid onto one shape.
type gradient struct {
	toUnit  matrix     // from pixels to the gradient's own coordinates
	line    [4]float64 // x1 y1 x2 y2 of a linear one
	circle  [3]float64 // cx cy r of a radial one
	radial  bool
	stops   []stop
	opacity float64
	table   [steps + 1]color.RGBA // the colours from start to end
}

// steps is the number of different colours, less one. They are computed once, as
// a picture has a quarter of a million pixels.
const steps = 1024

type stop struct {
	offset float64
	paint  color.NRGBA
}

const maxStops = 64

// newGradient reads a gradient for a shape with the given extent and matrix, SVG
// 1.1 section 13.2. On a shape without area it paints nothing.
func newGradient(e *element, extent box, m matrix, opacity float64) (colours, error) {
	g := &gradient{radial: e.name == "radialGradient", opacity: opacity}
	if e.attr("gradientUnits") != "userSpaceOnUse" {
		m = m.times(translation(extent.x, extent.y)).times(scaling(extent.w, extent.h))
	}
	m, err := transform(m, e.attr("gradientTransform"))
	if err != nil {
		return colours{}, err
	}
	if m.determinant() == 0 {
		return uniform(color.NRGBA{}), nil
	}
	g.toUnit = m.inverse()
	if err := g.geometry(e); err != nil {
		return colours{}, err
	}
	if err := g.readStops(e); err != nil {
		return colours{}, err
	}
	for i := range g.table {
		g.table[i] = color.RGBAModel.Convert(g.blend(float64(i) / steps)).(color.RGBA)
	}
	return colours{at: g.at}, nil
}

func (g *gradient) geometry(e *element) (err error) {
	for i, name := range []string{"x1", "y1", "x2", "y2"} {
		if g.line[i], err = e.fraction(name, []float64{0, 0, 1, 0}[i]); err != nil {
			return err
		}
	}
	for i, name := range []string{"cx", "cy", "r"} {
		if g.circle[i], err = e.fraction(name, 0.5); err != nil {
			return err
		}
	}
	return nil
}

func (g *gradient) readStops(e *element) error {
	for _, c := range e.children {
		offset, err := c.fraction("offset", 0)
		if err != nil {
			return err
		}
		paint, err := parseColour(c.attr("stop-color"), c.attr("color"))
		if err != nil {
			return err
		}
		opacity, err := c.fraction("stop-opacity", 1)
		if err != nil {
			return err
		}
		offset = math.Min(math.Max(offset, 0), 1)
		if n := len(g.stops); n > 0 { // offsets never go back
			offset = math.Max(offset, g.stops[n-1].offset)
		}
		paint.A = alpha(opacity * g.opacity)
		g.stops = append(g.stops, stop{offset, paint})
	}
	return nil
}

// at returns the colour of a pixel.
func (g *gradient) at(px, py int) color.RGBA {
	p := g.toUnit.apply(point{float64(px) + 0.5, float64(py) + 0.5})
	if g.radial {
		if g.circle[2] <= 0 {
			return g.table[steps]
		}
		return g.colour(math.Hypot(p.x-g.circle[0], p.y-g.circle[1]) / g.circle[2])
	}
	dx, dy := g.line[2]-g.line[0], g.line[3]-g.line[1]
	length := dx*dx + dy*dy
	if length == 0 {
		return g.table[steps]
	}
	return g.colour(((p.x-g.line[0])*dx + (p.y-g.line[1])*dy) / length)
}

// colour returns the colour at t, where 0 is the start and 1 the end.
func (g *gradient) colour(t float64) color.RGBA {
	return g.table[int(math.Min(math.Max(t, 0), 1)*steps+0.5)]
}

// blend mixes the stops around t.
func (g *gradient) blend(t float64) color.Color {
	if len(g.stops) == 0 {
		return color.NRGBA{}
	}
	before := g.stops[0]
	for _, after := range g.stops {
		if t < after.offset {
			return mix(before, after, t)
		}
		before = after
	}
	return before.paint
}

func mix(a, b stop, t float64) color.NRGBA {
	if b.offset <= a.offset || t <= a.offset {
		return a.paint
	}
	f := (t - a.offset) / (b.offset - a.offset)
	channel := func(x, y uint8) uint8 { return uint8(float64(x)*(1-f) + float64(y)*f + 0.5) }
	return color.NRGBA{
		R: channel(a.paint.R, b.paint.R), G: channel(a.paint.G, b.paint.G),
		B: channel(a.paint.B, b.paint.B), A: channel(a.paint.A, b.paint.A),
	}
}
