package picture

import (
	"fmt"
	"math"
	"strings"

	"github.com/srwiley/rasterx"
)

// transform reads a transform attribute onto m, SVG 1.1 section 7.6.
func transform(m rasterx.Matrix2D, value string) (rasterx.Matrix2D, error) {
	for value = strings.TrimSpace(value); value != ""; {
		name, rest, opened := strings.Cut(value, "(")
		list, after, closed := strings.Cut(rest, ")")
		if !opened || !closed {
			return m, fmt.Errorf("broken transform %.40q", value)
		}
		args, err := numbers(list)
		if err != nil {
			return m, err
		}
		step, err := operation(strings.TrimSpace(name), args)
		if err != nil {
			return m, err
		}
		m = m.Mult(step)
		value = strings.TrimLeft(after, ", \t\r\n")
	}
	return m, nil
}

func operation(name string, a []float64) (rasterx.Matrix2D, error) {
	one := rasterx.Identity
	switch {
	case name == "translate" && len(a) == 1:
		return one.Translate(a[0], 0), nil
	case name == "translate" && len(a) == 2:
		return one.Translate(a[0], a[1]), nil
	case name == "scale" && len(a) == 1:
		return one.Scale(a[0], a[0]), nil
	case name == "scale" && len(a) == 2:
		return one.Scale(a[0], a[1]), nil
	case name == "rotate" && len(a) == 1:
		return one.Rotate(radians(a[0])), nil
	case name == "rotate" && len(a) == 3:
		return one.Translate(a[1], a[2]).Rotate(radians(a[0])).Translate(-a[1], -a[2]), nil
	case name == "skewX" && len(a) == 1:
		return rasterx.Matrix2D{A: 1, C: math.Tan(radians(a[0])), D: 1}, nil
	case name == "skewY" && len(a) == 1:
		return rasterx.Matrix2D{A: 1, B: math.Tan(radians(a[0])), D: 1}, nil
	case name == "matrix" && len(a) == 6:
		return rasterx.Matrix2D{A: a[0], B: a[1], C: a[2], D: a[3], E: a[4], F: a[5]}, nil
	}
	return one, fmt.Errorf("unknown transform %.20q with %d numbers", name, len(a))
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// scaleOf is by how much m stretches a line, on average of its directions.
func scaleOf(m rasterx.Matrix2D) float64 { return math.Sqrt(math.Abs(determinant(m))) }

func determinant(m rasterx.Matrix2D) float64 { return m.A*m.D - m.B*m.C }
