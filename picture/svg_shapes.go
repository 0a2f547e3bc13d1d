package picture

import (
	"errors"
	"math"
)

// outline returns the border of a shape that is drawn with the given matrix. It
// is empty for a shape without extent and for an element that is no shape.
func (e *element) outline(m matrix, spent *work) (outline, error) {
	p := newPen(m, spent)
	var err error
	switch e.name {
	case "path":
		err = p.drawData(e.attr("d"))
	case "rect":
		err = e.drawRect(p)
	case "circle", "ellipse":
		err = e.drawEllipse(p)
	case "line":
		err = e.drawLine(p)
	case "polyline", "polygon":
		err = e.drawPoints(p)
	}
	if err != nil {
		return nil, err
	}
	return p.finish()
}

func (e *element) drawRect(p *pen) error {
	var n [6]float64
	if err := e.read(n[:], "x", "y", "width", "height", "rx", "ry"); err != nil {
		return err
	}
	x, y, w, h, rx, ry := n[0], n[1], n[2], n[3], n[4], n[5]
	if w <= 0 || h <= 0 {
		return nil
	}
	if e.attr("rx") == "" { // one radius given counts for both
		rx = ry
	}
	if e.attr("ry") == "" {
		ry = rx
	}
	rx, ry = math.Min(max(rx, 0), w/2), math.Min(max(ry, 0), h/2)
	p.move(point{x + rx, y})
	p.line(point{x + w - rx, y})
	p.arc(rx, ry, 0, false, true, point{x + w, y + ry})
	p.line(point{x + w, y + h - ry})
	p.arc(rx, ry, 0, false, true, point{x + w - rx, y + h})
	p.line(point{x + rx, y + h})
	p.arc(rx, ry, 0, false, true, point{x, y + h - ry})
	p.line(point{x, y + ry})
	p.arc(rx, ry, 0, false, true, point{x + rx, y})
	p.close()
	return nil
}

func (e *element) drawEllipse(p *pen) error {
	var n [5]float64
	if err := e.read(n[:], "cx", "cy", "r", "rx", "ry"); err != nil {
		return err
	}
	rx, ry := n[3], n[4]
	if e.name == "circle" {
		rx, ry = n[2], n[2]
	}
	if rx > 0 && ry > 0 {
		p.ellipse(point{n[0], n[1]}, rx, ry)
	}
	return nil
}

func (e *element) drawLine(p *pen) error {
	var n [4]float64
	if err := e.read(n[:], "x1", "y1", "x2", "y2"); err != nil {
		return err
	}
	p.move(point{n[0], n[1]})
	p.line(point{n[2], n[3]})
	return nil
}

func (e *element) drawPoints(p *pen) error {
	points, err := numbers(e.attr("points"))
	if err != nil {
		return err
	}
	if len(points)%2 != 0 {
		return errors.New("points: a coordinate is missing")
	}
	for i := 0; i < len(points); i += 2 {
		if i == 0 {
			p.move(point{points[0], points[1]})
			continue
		}
		p.line(point{points[i], points[i+1]})
	}
	if e.name == "polygon" {
		p.close()
	}
	return nil
}

// read reads numbers that are 0 when absent.
func (e *element) read(into []float64, names ...string) (err error) {
	for i, name := range names {
		if into[i], err = e.number(name, 0); err != nil {
			return err
		}
	}
	return nil
}
