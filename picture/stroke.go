package picture

import (
	"math"
	"slices"
)

// stroker finds the area that a stroke covers, SVG 1.1 section 11.4. It works in
// the shape's own coordinates: a transformation changes the finished stroke, so
// that its width differs by direction where the scales do.
//
// A stroke has two sides, each a line beside the shape's. The second side is
// the first one of the reversed line. Where a side crosses itself, the area
// counts twice and never as a hole, as it is filled by the rule "nonzero".
type stroker struct {
	half       float64 // half the width
	cap, join  string  // values of stroke-linecap and stroke-linejoin
	miterLimit float64
	step       float64 // largest angle between two points of a round join or cap
	into       *polygons
}

func newStroker(s style, into *polygons) *stroker {
	half := s.width / 2
	return &stroker{
		half: half, cap: s.lineCap, join: s.lineJoin, miterLimit: s.miterLimit,
		step: arcStep(half, flatness/s.matrix.stretch()), into: into,
	}
}

func (s *stroker) stroke(p subpath) {
	line := slices.CompactFunc(slices.Clone(p.vertices), func(a, b vertex) bool { return a.point == b.point })
	if p.closed && len(line) > 1 && line[0].point == line[len(line)-1].point {
		line = line[:len(line)-1]
	}
	switch {
	case len(line) == 1 && (p.closed || len(p.vertices) > 1):
		s.dot(line[0].point)
	case len(line) == 1: // a move and nothing else
	case p.closed:
		s.loop(line, false)
		slices.Reverse(line)
		s.loop(line, true)
	default:
		s.into.begin()
		s.oneWay(line, false)
		slices.Reverse(line)
		s.oneWay(line, true)
	}
}

// dot draws the caps of a line without length, which has the direction of x.
func (s *stroker) dot(at point) {
	if s.cap == "butt" {
		return
	}
	s.into.begin()
	s.end(at, point{1, 0})
	s.end(at, point{-1, 0})
}

// oneWay draws one side of an open line and the cap at its end.
func (s *stroker) oneWay(line []vertex, back bool) {
	ahead := direction(line[0], line[1])
	for i := 1; i < len(line)-1; i++ {
		s.corner(line[i-1], line[i], line[i+1], back)
		ahead = direction(line[i], line[i+1])
	}
	s.end(line[len(line)-1].point, ahead)
}

// loop draws one side of a closed line as a polygon of its own.
func (s *stroker) loop(line []vertex, back bool) {
	s.into.begin()
	n := len(line)
	for i := range line {
		s.corner(line[(i+n-1)%n], line[i], line[(i+1)%n], back)
	}
}

// beside returns the vector from a line with the given direction to its side.
func (s *stroker) beside(direction point) point {
	return point{direction.y * s.half, -direction.x * s.half}
}

// corner draws the side at a vertex: the inside or the outside of a turn.
func (s *stroker) corner(before, at, after vertex, back bool) {
	in, out := direction(before, at), direction(at, after)
	a, b := s.beside(in), s.beside(out)
	turn, same := in.cross(out), in.dot(out)
	switch {
	case turn > 0, turn == 0 && same < 0 && !back: // of a full reversal, one side is outside
		s.outside(at, a, b, same)
	case -turn*s.half < (1+same)*math.Min(at.minus(before.point).length(), at.minus(after.point).length())/2:
		s.into.add(at.plus(a.plus(b).times(1 / (1 + same)))) // where both sides meet
	default: // too short to meet; by way of the vertex no area gets lost
		s.into.add(at.plus(a))
		s.into.add(at.point)
		s.into.add(at.plus(b))
	}
}

// outside joins two sides that gape apart. same is the cosine of the turn.
func (s *stroker) outside(at vertex, a, b point, same float64) {
	switch miter := math.Sqrt(2 / (1 + same)); { // as a multiple of the width
	case at.smooth || s.join == "round":
		s.arc(at.point, a, b)
	case s.join == "miter" && miter <= s.miterLimit:
		s.into.add(at.plus(a.plus(b).times(1 / (1 + same))))
	default:
		s.into.add(at.plus(a))
		s.into.add(at.plus(b))
	}
}

// end draws the cap at the end of a line that arrives in the given direction.
func (s *stroker) end(at, ahead point) {
	a := s.beside(ahead)
	switch s.cap {
	case "round":
		s.arc(at, a, a.times(-1))
	case "square":
		tip := at.plus(ahead.times(s.half))
		s.into.add(tip.plus(a))
		s.into.add(tip.minus(a))
	default:
		s.into.add(at.plus(a))
		s.into.add(at.minus(a))
	}
}

// arc draws a part of the circle around a point, from the vector a to b.
func (s *stroker) arc(centre, a, b point) {
	angle := math.Atan2(a.cross(b), a.dot(b))
	if angle < 0 { // a half turn may come out as minus a half
		angle += 2 * math.Pi
	}
	n := math.Ceil(angle / s.step)
	s.into.add(centre.plus(a))
	for i := 1.0; i < n; i++ {
		s.into.add(centre.plus(rotation(angle * i / n).apply(a)))
	}
	s.into.add(centre.plus(b))
}

func direction(from, to vertex) point {
	d := to.minus(from.point)
	l := d.length()
	return point{d.x / l, d.y / l}
}
