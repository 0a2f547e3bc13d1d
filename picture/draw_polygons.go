package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"

	"golang.org/x/image/vector"
)

// maxSpike bounds the corners of a stroke in pixels: a wide one may reach much
// further than the shape itself.
const maxSpike = 1e9

// polygons collects the polygons of one shape and fills what they enclose. It
// works on the part of the image they cover: a picture of many small shapes
// costs no more than they do.
type polygons struct {
	matrix      matrix // from the shape's coordinates to pixels
	points      []point
	starts      []int // where in points each polygon begins
	least, most point // the corners of the box around all points
	spent       *work
	far         bool // a point was out of reach, or not a number
}

func newPolygons(m matrix, spent *work) *polygons {
	inf := math.Inf(1)
	return &polygons{matrix: m, least: point{inf, inf}, most: point{-inf, -inf}, spent: spent}
}

func (p *polygons) begin() { p.starts = append(p.starts, len(p.points)) }

// add goes on to the next corner of the polygon.
func (p *polygons) add(q point) {
	if p.spent.lines++; p.spent.exceeded() {
		return // paint returns the error; until then nothing piles up
	}
	q = p.matrix.apply(q)
	if !(math.Abs(q.x) <= maxSpike && math.Abs(q.y) <= maxSpike) {
		p.far = true
		return
	}
	p.least = point{math.Min(p.least.x, q.x), math.Min(p.least.y, q.y)}
	p.most = point{math.Max(p.most.x, q.x), math.Max(p.most.y, q.y)}
	p.points = append(p.points, q)
}

// paint fills what the polygons enclose, by the rule "nonzero", and returns the
// part of the image where it drew.
func (p *polygons) paint(onto *image.RGBA, colours colours) (area image.Rectangle, err error) {
	if p.far {
		return area, errReach
	}
	area = p.area(onto.Rect)
	if area.Empty() {
		return area, p.spent.check()
	}
	pixels := area.Dx() * area.Dy()
	if !colours.plain {
		pixels *= 4
	}
	p.spent.pixels += pixels
	if err := p.spent.check(); err != nil {
		return area, err
	}
	f := &filler{
		Rasterizer: vector.NewRasterizer(area.Dx(), area.Dy()), spent: p.spent,
		w: float64(area.Dx()), h: float64(area.Dy()),
	}
	origin := point{float64(area.Min.X), float64(area.Min.Y)}
	for i, start := range p.starts {
		end := len(p.points)
		if i+1 < len(p.starts) {
			end = p.starts[i+1]
		}
		f.polygon(p.points[start:end], origin)
	}
	if err := p.spent.check(); err != nil {
		return area, err
	}
	covered := image.NewAlpha(area)
	f.DrawOp = draw.Src
	f.Draw(covered, area, image.Opaque, image.Point{})
	blend(onto, covered, colours)
	return area, nil
}

// colours gives each pixel of a shape its colour, premultiplied by its opacity.
type colours struct {
	at    func(x, y int) color.RGBA
	plain bool // the same everywhere
}

// blend lays colours onto the pixels that are covered, each by as much as it is
// covered.
func blend(onto *image.RGBA, covered *image.Alpha, colours colours) {
	area := covered.Rect
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := covered.Pix[covered.PixOffset(area.Min.X, y):covered.PixOffset(area.Max.X, y)]
		for i, cover := range row {
			if cover == 0 {
				continue
			}
			c := colours.at(area.Min.X+i, y)
			at := onto.PixOffset(area.Min.X+i, y)
			pixel := onto.Pix[at : at+4 : at+4]
			if cover == 0xff && c.A == 0xff {
				pixel[0], pixel[1], pixel[2], pixel[3] = c.R, c.G, c.B, c.A
				continue
			}
			left := 0xff*0xff - uint32(c.A)*uint32(cover) // what still shines through
			for j, v := range [4]uint8{c.R, c.G, c.B, c.A} {
				pixel[j] = uint8((uint32(v)*uint32(cover) + uint32(pixel[j])*left/0xff + 0x7f) / 0xff) //nolint:gosec // at most 0xff, as v is at most c.A
			}
		}
	}
}

// area returns the pixels of the image that the polygons may touch.
func (p *polygons) area(within image.Rectangle) image.Rectangle {
	if len(p.points) == 0 {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(p.least.x)), int(math.Floor(p.least.y)),
		int(math.Ceil(p.most.x)), int(math.Ceil(p.most.y))).Intersect(within)
}

// filler hands polygons to the rasteriser. What lies outside its area is moved
// to the area's border first: the filled part stays the same, and the
// rasteriser has no rows and columns to walk that nobody sees.
type filler struct {
	*vector.Rasterizer
	spent *work
	w, h  float64
	at    point // where the last line ended
}

func (f *filler) polygon(points []point, origin point) {
	if len(points) < 3 || f.spent.exceeded() {
		return
	}
	last := points[len(points)-1].minus(origin)
	f.at = f.clamp(last)
	f.MoveTo(float32(f.at.x), float32(f.at.y))
	for _, q := range points {
		q = q.minus(origin)
		f.edge(last, q)
		last = q
	}
}

// edge draws a line, bent where it leaves or enters the area.
func (f *filler) edge(a, b point) {
	cuts := [5]float64{share(a.x, b.x, 0), share(a.x, b.x, f.w), share(a.y, b.y, 0), share(a.y, b.y, f.h), 1}
	slices.Sort(cuts[:])
	for _, t := range cuts {
		if t > 0 && t <= 1 {
			f.line(f.clamp(between(a, b, t)))
		}
	}
}

// maxRows is how many rows of pixels a line may cross in one piece. The
// rasteriser rounds the position of a line in every row to a 512th of a pixel,
// always to the same side: over hundreds of rows, one pixel would be lost.
const maxRows = 8

// line draws a line within the area.
func (f *filler) line(to point) {
	from := f.at
	n := math.Ceil(math.Abs(to.y-from.y) / maxRows)
	for i := 1.0; i < n && !f.spent.exceeded(); i++ {
		f.spent.lines++
		q := between(from, to, i/n)
		f.LineTo(float32(q.x), float32(q.y))
	}
	f.LineTo(float32(to.x), float32(to.y))
	f.at = to
}

func (f *filler) clamp(p point) point {
	return point{math.Min(math.Max(p.x, 0), f.w), math.Min(math.Max(p.y, 0), f.h)}
}

// share returns how much of the way from a to b the value at lies, and 0 where
// it does not lie between them.
func share(a, b, at float64) float64 {
	if (a < at) == (b < at) {
		return 0
	}
	return (at - a) / (b - a)
}
