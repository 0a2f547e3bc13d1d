package picture

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
)

// outline returns the path of a shape in its own coordinates, nil for one that
// has no extent and for elements that are no shapes.
func (e *element) outline() (rasterx.Path, error) {
	switch e.name {
	case "path":
		return compile(e.attr("d"))
	case "rect":
		return e.rectangle()
	case "circle", "ellipse":
		return e.round()
	case "line":
		return e.line()
	case "polyline":
		return e.polygon("")
	case "polygon":
		return e.polygon("Z")
	}
	return nil, nil
}

// compile reads path data. The cursor splits numbers in its own way, so what it
// would misread is refused: an exponent in capitals is taken for a command.
func compile(data string) (rasterx.Path, error) {
	if data == "" {
		return nil, nil
	}
	if strings.Contains(data, "E") {
		data = strings.ReplaceAll(data, "E", "e")
	}
	cursor := oksvg.PathCursor{ErrorMode: oksvg.StrictErrorMode}
	if err := cursor.CompilePath(data); err != nil {
		return nil, fmt.Errorf("path: %w", err)
	}
	return cursor.Path, nil
}

func (e *element) rectangle() (rasterx.Path, error) {
	var n [6]float64
	if err := e.fill(n[:], "x", "y", "width", "height", "rx", "ry"); err != nil {
		return nil, err
	}
	x, y, w, h, rx, ry := n[0], n[1], n[2], n[3], n[4], n[5]
	if w <= 0 || h <= 0 {
		return nil, nil
	}
	if e.attr("rx") == "" {
		rx = ry
	}
	if e.attr("ry") == "" {
		ry = rx
	}
	var path rasterx.Path
	rasterx.AddRoundRect(x, y, x+w, y+h, math.Min(rx, w/2), math.Min(ry, h/2), 0, rasterx.RoundGap, &path)
	return path, nil
}

func (e *element) round() (rasterx.Path, error) {
	var n [5]float64
	if err := e.fill(n[:], "cx", "cy", "r", "rx", "ry"); err != nil {
		return nil, err
	}
	rx, ry := n[3], n[4]
	if e.name == "circle" {
		rx, ry = n[2], n[2]
	}
	if rx <= 0 || ry <= 0 {
		return nil, nil
	}
	var path rasterx.Path
	rasterx.AddEllipse(n[0], n[1], rx, ry, 0, &path)
	return path, nil
}

func (e *element) line() (rasterx.Path, error) {
	var n [4]float64
	if err := e.fill(n[:], "x1", "y1", "x2", "y2"); err != nil {
		return nil, err
	}
	var path rasterx.Path
	path.Start(rasterx.ToFixedP(n[0], n[1]))
	path.Line(rasterx.ToFixedP(n[2], n[3]))
	path.Stop(false)
	return path, nil
}

func (e *element) polygon(end string) (rasterx.Path, error) {
	points, err := numbers(e.attr("points"))
	if err != nil {
		return nil, err
	}
	if len(points)%2 != 0 {
		return nil, errors.New("points: a coordinate is missing")
	}
	var path rasterx.Path
	for i := 0; i < len(points); i += 2 {
		p := rasterx.ToFixedP(points[i], points[i+1])
		if i == 0 {
			path.Start(p)
			continue
		}
		path.Line(p)
	}
	if len(points) > 0 {
		path.Stop(end == "Z")
	}
	return path, nil
}

// fill reads numbers that are 0 when absent.
func (e *element) fill(into []float64, names ...string) (err error) {
	for i, name := range names {
		if into[i], err = e.number(name, 0); err != nil {
			return err
		}
	}
	return nil
}
