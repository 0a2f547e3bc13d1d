package picture

import (
	"errors"
	"math"
)

// outline is the border of a shape as lines: curves are already divided into
// lines so short that nobody sees the difference.
type outline []subpath

// subpath is one run of connected lines. A subpath that is not closed still
// encloses an area when it is filled.
type subpath struct {
	vertices []vertex
	closed   bool // the last vertex is connected to the first one
}

// vertex is where two lines meet: at a corner that the author drew, or within a
// curve.
type vertex struct {
	point
	smooth bool // within a curve, so that a stroke goes round without a corner
}

// flatness is how far, in pixels, a line may lie from the curve it stands for.
const flatness = 0.02

// maxReach bounds coordinates in pixels. A shape that reaches further than sixty
// pictures is a mistake, or an attempt to make drawing slow.
const maxReach = 64 * Side

var errReach = errors.New("a coordinate is out of reach")

// pen draws an outline in the shape's own coordinates.
type pen struct {
	matrix    matrix  // from the shape's coordinates to pixels
	tolerance float64 // flatness in the shape's coordinates
	spent     *work
	outline   outline
	at, start point // the current point, and where its subpath began
	down      bool  // a subpath is open
	far       bool  // a coordinate was out of reach
}

func newPen(m matrix, spent *work) *pen {
	return &pen{matrix: m, tolerance: flatness / m.stretch(), spent: spent}
}

// reaches reports whether all points are near enough to be drawn. From the first
// one on that is not, nothing more is drawn.
func (p *pen) reaches(points ...point) bool {
	for _, q := range points {
		q = p.matrix.apply(q)
		if !(math.Abs(q.x) <= maxReach && math.Abs(q.y) <= maxReach) { // NaN as well
			p.far = true
		}
	}
	return !p.far
}

func (p *pen) move(to point) {
	if p.reaches(to) {
		p.outline = append(p.outline, subpath{vertices: []vertex{{point: to}}})
	}
	p.at, p.start, p.down = to, to, true
}

// add goes on to the next vertex.
func (p *pen) add(v vertex) {
	if p.spent.lines++; p.spent.exceeded() || p.far {
		return // finish returns the error; until then nothing piles up
	}
	last := &p.outline[len(p.outline)-1]
	last.vertices = append(last.vertices, v)
}

// resume begins a new subpath where the last one was closed.
func (p *pen) resume() {
	if !p.down {
		p.move(p.start)
	}
}

func (p *pen) line(to point) {
	p.resume()
	if p.reaches(to) {
		p.add(vertex{point: to})
	}
	p.at = to
}

// quad draws a quadratic curve as the cubic one that it is.
func (p *pen) quad(control, to point) {
	p.resume()
	p.cube(between(p.at, control, 2.0/3), between(to, control, 2.0/3), to)
}

// cube draws a cubic Bézier curve. The number of lines follows from how strongly
// the curve bends at most, which its control points bound (Wang's formula).
func (p *pen) cube(c1, c2, to point) {
	p.resume()
	from := p.at
	p.at = to
	if !p.reaches(c1, c2, to) {
		return
	}
	bend := math.Max(from.minus(c1).plus(c2.minus(c1)).length(), c1.minus(c2).plus(to.minus(c2)).length())
	n := math.Ceil(math.Sqrt(0.75 * bend / p.tolerance))
	for i := 1.0; i < n && !p.spent.exceeded(); i++ {
		t, u := i/n, 1-i/n
		q := from.times(u * u * u).plus(c1.times(3 * u * u * t)).plus(c2.times(3 * u * t * t)).plus(to.times(t * t * t))
		p.add(vertex{point: q, smooth: true})
	}
	p.add(vertex{point: to})
}

// arc draws an elliptical arc to a point, SVG 1.1 appendix F.6. The angle turn
// is in radians.
func (p *pen) arc(rx, ry, turn float64, large, sweep bool, to point) {
	p.resume()
	rx, ry = math.Abs(rx), math.Abs(ry)
	if to == p.at {
		return
	}
	if rx == 0 || ry == 0 {
		p.line(to)
		return
	}
	// In units of the ellipse, turned back, the arc is a part of a unit circle.
	circle := rotation(turn).times(scaling(rx, ry))
	back := circle.inverse()
	a, b := back.apply(p.at), back.apply(to)
	half := b.minus(a).times(0.5)
	height := 0.0 // from the middle of the chord to the centre
	if size := half.length(); size < 1 {
		height = math.Sqrt(1 - size*size)
	} else { // F.6.6: an ellipse that is too small grows until it reaches
		circle = circle.times(scaling(size, size))
		a, b, half = a.times(1/size), b.times(1/size), half.times(1/size)
	}
	if large == sweep {
		height = -height
	}
	across := point{-half.y, half.x}
	if l := across.length(); l > 0 {
		across = across.times(1 / l)
	}
	centre := a.plus(half).plus(across.times(height))
	from := math.Atan2(a.y-centre.y, a.x-centre.x)
	angle := math.Atan2(b.y-centre.y, b.x-centre.x) - from
	if sweep && angle < 0 {
		angle += 2 * math.Pi
	} else if !sweep && angle > 0 {
		angle -= 2 * math.Pi
	}
	p.turn(circle.times(translation(centre.x, centre.y)), from, angle, to)
}

// turn draws the part of a unit circle that begins at an angle, as it looks
// after the matrix is applied. It ends exactly at the given point.
func (p *pen) turn(circle matrix, from, angle float64, to point) {
	n := math.Ceil(math.Abs(angle) / arcStep(circle.stretch(), p.tolerance))
	for i := 1.0; i < n && !p.spent.exceeded(); i++ {
		sin, cos := math.Sincos(from + angle*i/n)
		q := circle.apply(point{cos, sin})
		if !p.reaches(q) {
			return
		}
		p.add(vertex{point: q, smooth: true})
	}
	if p.reaches(to) {
		p.add(vertex{point: to})
	}
	p.at = to
}

// arcStep returns the largest angle for which a line across a circle stays
// within the tolerance.
func arcStep(radius, tolerance float64) float64 {
	return 2 * math.Acos(1-math.Min(math.Max(tolerance/radius, 1e-10), 1))
}

// ellipse draws a whole ellipse. Its first point is no corner.
func (p *pen) ellipse(centre point, rx, ry float64) {
	first, opposite := point{centre.x + rx, centre.y}, point{centre.x - rx, centre.y}
	p.move(first)
	p.arc(rx, ry, 0, false, true, opposite)
	p.arc(rx, ry, 0, false, true, first)
	p.close()
}

func (p *pen) close() {
	if p.down && !p.far {
		p.outline[len(p.outline)-1].closed = true
	}
	p.at, p.down = p.start, false
}

// finish returns what was drawn.
func (p *pen) finish() (outline, error) {
	if p.far {
		return nil, errReach
	}
	return p.outline, p.spent.check()
}

// box is the extent of a shape in its own coordinates.
type box struct{ x, y, w, h float64 }

// extent returns the smallest box around all vertices.
func (o outline) extent() box {
	least, most := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, s := range o {
		for _, v := range s.vertices {
			least = point{math.Min(least.x, v.x), math.Min(least.y, v.y)}
			most = point{math.Max(most.x, v.x), math.Max(most.y, v.y)}
		}
	}
	return box{least.x, least.y, most.x - least.x, most.y - least.y}
}
