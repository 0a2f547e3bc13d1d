package picture

import (
	"fmt"
	"math"
	"strings"
)

// transform returns m after the operations of a transform attribute, SVG 1.1
// section 7.6.
func transform(m matrix, value string) (matrix, error) {
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
		m = m.times(step)
		value = strings.TrimLeft(after, ", \t\r\n")
	}
	return m, nil
}

func operation(name string, a []float64) (matrix, error) {
	switch {
	case name == "translate" && len(a) == 1:
		return translation(a[0], 0), nil
	case name == "translate" && len(a) == 2:
		return translation(a[0], a[1]), nil
	case name == "scale" && len(a) == 1:
		return scaling(a[0], a[0]), nil
	case name == "scale" && len(a) == 2:
		return scaling(a[0], a[1]), nil
	case name == "rotate" && len(a) == 1:
		return rotation(radians(a[0])), nil
	case name == "rotate" && len(a) == 3:
		return translation(a[1], a[2]).times(rotation(radians(a[0]))).times(translation(-a[1], -a[2])), nil
	case name == "skewX" && len(a) == 1:
		return matrix{a: 1, c: math.Tan(radians(a[0])), d: 1}, nil
	case name == "skewY" && len(a) == 1:
		return matrix{a: 1, b: math.Tan(radians(a[0])), d: 1}, nil
	case name == "matrix" && len(a) == 6:
		return matrix{a[0], a[1], a[2], a[3], a[4], a[5]}, nil
	}
	return identity, fmt.Errorf("unknown transform %.20q with %d numbers", name, len(a))
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }
