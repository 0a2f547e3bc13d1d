package picture

import (
	"encoding/hex"
	"fmt"
	"image/color"
	"math"
	"strings"

	"golang.org/x/image/colornames"
)

// parseColour reads a colour, SVG 1.1 section 4.2. current is the colour that
// currentColor stands for.
func parseColour(value, current string) (color.NRGBA, error) {
	if value == "currentColor" {
		value = current
	}
	lower := strings.ToLower(value)
	switch {
	case lower == "":
		return color.NRGBA{A: 0xff}, nil
	case lower == "transparent":
		return color.NRGBA{}, nil
	case lower[0] == '#':
		return hexColour(lower[1:])
	case strings.HasPrefix(lower, "rgb(") && strings.HasSuffix(lower, ")"):
		return channels(lower[4 : len(lower)-1])
	}
	if c, ok := colornames.Map[lower]; ok {
		return color.NRGBA(c), nil // opaque, so that premultiplying changes nothing
	}
	return color.NRGBA{}, fmt.Errorf("not a colour: %.30q", value)
}

func hexColour(digits string) (color.NRGBA, error) {
	if len(digits) == 3 {
		digits = strings.Join([]string{digits[:1], digits[:1], digits[1:2], digits[1:2], digits[2:], digits[2:]}, "")
	}
	c, err := hex.DecodeString(digits)
	if err != nil || len(c) != 3 {
		return color.NRGBA{}, fmt.Errorf("not a colour: #%.30q", digits)
	}
	return color.NRGBA{R: c[0], G: c[1], B: c[2], A: 0xff}, nil
}

// channels reads the numbers or percentages of rgb().
func channels(list string) (color.NRGBA, error) {
	fields := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	if len(fields) != 3 {
		return color.NRGBA{}, fmt.Errorf("not a colour: rgb(%.30q)", list)
	}
	var c [3]uint8
	for i, f := range fields {
		text, percent := strings.CutSuffix(f, "%")
		n, err := parseNumber(text)
		if err != nil {
			return color.NRGBA{}, err
		}
		if percent {
			n *= 2.55
		}
		c[i] = alpha(n / 0xff)
	}
	return color.NRGBA{R: c[0], G: c[1], B: c[2], A: 0xff}, nil
}

// alpha turns 0 to 1 into 0 to 255.
func alpha(opacity float64) uint8 {
	return uint8(math.Round(math.Min(math.Max(opacity, 0), 1) * 0xff))
}
