package picture

import (
	"errors"
	"math"

	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// maxReach bounds coordinates on the way to the rasteriser, in pixels of its
// fixed-point arithmetic. What lies further out than sixty pictures is a mistake
// or an attempt to keep the rasteriser busy.
const maxReach = 64 * Side

// pen draws outlines. The rasteriser counts in sixty-fourths of a unit, too
// coarse for an icon of 24 by 24, so the pen draws in pixels: k to a unit.
type pen struct {
	k      float64
	path   rasterx.Path
	x, y   float64 // current point
	sx, sy float64 // start of the subpath
	down   bool    // within a subpath
	far    bool    // something was out of reach
}

// check notes when a point is out of reach, or not a number at all.
func (p *pen) check(x, y float64) {
	if !(math.Abs(x)*p.k <= maxReach && math.Abs(y)*p.k <= maxReach) {
		p.far = true
	}
}

func (p *pen) point(x, y float64) fixed.Point26_6 {
	if p.check(x, y); p.far {
		return fixed.Point26_6{}
	}
	return rasterx.ToFixedP(x*p.k, y*p.k)
}

func (p *pen) move(x, y float64) {
	p.path.Start(p.point(x, y))
	p.x, p.y, p.sx, p.sy, p.down = x, y, x, y, true
}

// ready starts a subpath where the last one was closed.
func (p *pen) ready() {
	if !p.down {
		p.move(p.sx, p.sy)
	}
}

func (p *pen) line(x, y float64) {
	p.ready()
	p.path.Line(p.point(x, y))
	p.x, p.y = x, y
}

func (p *pen) quad(x1, y1, x, y float64) {
	p.ready()
	p.path.QuadBezier(p.point(x1, y1), p.point(x, y))
	p.x, p.y = x, y
}

func (p *pen) cube(x1, y1, x2, y2, x, y float64) {
	p.ready()
	p.path.CubeBezier(p.point(x1, y1), p.point(x2, y2), p.point(x, y))
	p.x, p.y = x, y
}

// arc draws an elliptical arc, SVG 1.1 appendix F.6.
func (p *pen) arc(rx, ry, turn float64, large, sweep bool, x, y float64) {
	p.ready()
	rx, ry = math.Abs(rx), math.Abs(ry)
	switch {
	case x == p.x && y == p.y:
		return
	case rx == 0 || ry == 0:
		p.line(x, y)
		return
	}
	cx, cy := rasterx.FindEllipseCenter(&rx, &ry, radians(turn), p.x, p.y, x, y, !sweep, !large)
	points := []float64{rx * p.k, ry * p.k, turn, flagNumber(large), flagNumber(sweep), x * p.k, y * p.k}
	p.check(rx, ry)
	if p.check(x, y); p.far {
		return
	}
	rasterx.AddArc(points, cx*p.k, cy*p.k, p.x*p.k, p.y*p.k, &p.path)
	p.x, p.y = x, y
}

// ellipse draws a whole one.
func (p *pen) ellipse(cx, cy, rx, ry float64) {
	p.move(cx+rx, cy)
	p.arc(rx, ry, 0, false, true, cx-rx, cy)
	p.arc(rx, ry, 0, false, true, cx+rx, cy)
	p.close()
}

func (p *pen) close() {
	if p.down {
		p.path.Stop(true)
		p.x, p.y, p.down = p.sx, p.sy, false
	}
}

// outline returns what was drawn.
func (p *pen) outline() (rasterx.Path, error) {
	if p.far {
		return nil, errors.New("a coordinate is out of reach")
	}
	return p.path, nil
}

func flagNumber(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
