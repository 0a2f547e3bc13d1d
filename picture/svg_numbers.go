package picture

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxCoordinate bounds every number of the source.
const maxCoordinate = 100_000

// number reads a length or a plain number, and returns missing when there is
// none. Units other than px are refused: without a page they have no fixed size.
func (e *element) number(name string, missing float64) (float64, error) {
	value := strings.TrimSuffix(e.attr(name), "px")
	if value == "" {
		return missing, nil
	}
	n, err := parseNumber(value)
	if err != nil {
		return 0, fmt.Errorf("%s of %s: %w", name, e.name, err)
	}
	return n, nil
}

// fraction reads a number or a percentage.
func (e *element) fraction(name string, missing float64) (float64, error) {
	percent, found := strings.CutSuffix(e.attr(name), "%")
	if !found {
		return e.number(name, missing)
	}
	n, err := parseNumber(percent)
	return n / 100, err
}

func parseNumber(s string) (float64, error) {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		return 0, fmt.Errorf("not a number: %.20q", s)
	}
	if math.IsNaN(n) || math.Abs(n) > maxCoordinate {
		return 0, fmt.Errorf("number out of range: %.20q", s)
	}
	return n, nil
}

// numbers reads a list separated by commas or spaces.
func numbers(s string) ([]float64, error) {
	var list []float64
	for f := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
		n, err := parseNumber(f)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}
