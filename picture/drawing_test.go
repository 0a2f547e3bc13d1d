package picture_test

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/picture"
)

// A browser is the reference for what is drawn. Drawing what was cleaned gives
// the same picture again.
func TestDrawsLikeABrowser(t *testing.T) {
	// Pixels at edges differ, as each smooths edges in its own way.
	for name, limit := range map[string]int{"shapes": 400, "strokes": 1000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := clean(t, string(file(t, name+".svg")))
			again := clean(t, string(first.SVG))
			if first.Hash != again.Hash || !bytes.Equal(first.PNG, again.PNG) {
				t.Error("cleaning twice gives another picture")
			}
			got, want := onWhite(t, first.PNG), onWhite(t, file(t, name+"-browser.png"))
			if n := differing(got, want, got.Rect); n > limit {
				t.Errorf("%d pixels differ from the browser's", n)
			}
		})
	}
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func clean(t *testing.T, raw string) picture.Picture {
	t.Helper()
	p, err := picture.Clean(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, raw)
	}
	return p
}

// differing counts the pixels whose colour is clearly another.
func differing(a, b *image.RGBA, within image.Rectangle) int {
	n := 0
	for y := within.Min.Y; y < within.Max.Y; y++ {
		for i := a.PixOffset(within.Min.X, y); i < a.PixOffset(within.Max.X, y); i += 4 {
			for c := range 3 {
				if d := int(a.Pix[i+c]) - int(b.Pix[i+c]); d > 30 || d < -30 {
					n++
					break
				}
			}
		}
	}
	return n
}

func onWhite(t *testing.T, raw []byte) *image.RGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	canvas := image.NewRGBA(image.Rect(0, 0, picture.Side, picture.Side))
	draw.Draw(canvas, canvas.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(canvas, canvas.Rect, img, image.Point{}, draw.Over)
	return canvas
}

// sameDrawing draws the left and the right drawing of each pair, each of 10 by
// 10 units, and compares them. Sixteen pairs share a picture, as most of the time
// goes into writing PNGs.
func sameDrawing(t *testing.T, pairs map[string][2]string) {
	t.Helper()
	const columns, cell, unit = 4, 10, 12 // unit is in pixels, so that whole numbers are whole pixels
	for names := range slices.Chunk(slices.Sorted(maps.Keys(pairs)), columns*columns) {
		var sheets [2]*image.RGBA
		for side := range sheets {
			var body strings.Builder
			for i, name := range names {
				fmt.Fprintf(&body, `<g transform="translate(%d %d)">%s</g>`, i%columns*cell, i/columns*cell, pairs[name][side])
			}
			sheets[side] = onWhite(t, clean(t, fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]v %[1]v">%[2]s</svg>`,
				float64(picture.Side)/unit, body.String())).PNG)
		}
		for i, name := range names {
			at := image.Pt(i%columns, i/columns).Mul(cell * unit)
			within := image.Rectangle{Min: at, Max: at.Add(image.Pt(cell*unit, cell*unit))}
			if n := differing(sheets[0], sheets[1], within); n > 6 {
				t.Errorf("%s: %d pixels differ\n%s\n%s", name, n, pairs[name][0], pairs[name][1])
			}
		}
	}
}

func TestPathGrammar(t *testing.T) {
	t.Parallel()
	pairs := map[string][2]string{
		"flags without separators":  {"M2 5a3 3 0 016 0z", "M2 5A3 3 0 0 1 8 5Z"},
		"several arcs at once":      {"M2 5A3 3 0 0 1 8 5 3 3 0 0 1 2 5", "M2 5A3 3 0 0 1 8 5A3 3 0 0 1 2 5"},
		"lines after a move":        {"m1 1 8 0 0 8z", "M1 1L9 1L9 9Z"},
		"points without separators": {"M1 1L5.5.5 9 9z", "M1 1L5.5 0.5L9 9Z"},
		"signs without separators":  {"M1 1l8+0-1 8z", "M1 1L9 1L8 9Z"},
		"line after the end":        {"M5 5h4v4zL1 1 1 5z", "M5 5H9V9ZM5 5L1 1L1 5Z"},
		"smooth without curve":      {"M1 5S5 0 9 5z", "M1 5C1 5 5 0 9 5Z"},
		"smooth":                    {"M1 5C1 1 4 1 5 5s4 4 4 0z", "M1 5C1 1 4 1 5 5C6 9 9 9 9 5Z"},
		"smooth quadratic":          {"M1 5Q3 1 5 5T9 5z", "M1 5Q3 1 5 5Q7 9 9 5Z"},
		"quadratic as cubic":        {"M1 8Q4 0 9 8z", "M1 8C3 2.6667 5.6667 2.6667 9 8Z"},
		"exponents":                 {"M1e0 1E+0H9V90e-1z", "M1 1H9V9Z"},
		"arc without a radius":      {"M1 1A0 5 0 0 1 9 9V1z", "M1 1L9 9V1Z"},
		"arc to where it is":        {"M1 1A5 5 0 0 1 1 1L9 9V1z", "M1 1L9 9V1Z"},
		"radius too small":          {"M1 5A1 1 0 0 1 9 5z", "M1 5A4 4 0 0 1 9 5Z"},
		"negative radius":           {"M1 5A-4-4 0 0 1 9 5z", "M1 5A4 4 0 0 1 9 5Z"},
		"small arc, sweeping":       {"M4 4A2 2 0 0 1 6 6z", "M4 4C5.105 4 6 4.895 6 6z"},
		"small arc, against":        {"M4 4A2 2 0 0 0 6 6z", "M4 4C4 5.105 4.895 6 6 6z"},
		"large arc, sweeping":       {"M4 4A2 2 0 1 1 6 6z", "M4 4C4 2.895 4.895 2 6 2S8 2.895 8 4S7.105 6 6 6z"},
		"large arc, against":        {"M4 4A2 2 0 1 0 6 6z", "M4 4C2.895 4 2 4.895 2 6S2.895 8 4 8S6 7.105 6 6z"},
		"turned ellipse":            {"M5 2A3 1 90 0 1 5 8z", "M5 2A1 3 0 0 1 5 8z"},
	}
	for name, pair := range pairs {
		pairs[name] = [2]string{`<path d="` + pair[0] + `"/>`, `<path d="` + pair[1] + `"/>`}
	}
	sameDrawing(t, pairs)
}

// SVG 1.1 section 11.4. The right of each row is the area of the stroke as a
// shape that is filled.
func TestStrokes(t *testing.T) {
	t.Parallel()
	stroke := func(style, d string) string {
		return `<path fill="none" stroke="#000" ` + style + ` d="` + d + `"/>`
	}
	area := func(d string) string { return `<path d="` + d + `"/>` }
	sameDrawing(t, map[string][2]string{
		"butt cap":              {stroke(`stroke-width="2"`, "M2 5H8"), area("M2 4H8V6H2z")},
		"square cap":            {stroke(`stroke-width="2" stroke-linecap="square"`, "M3 5H7"), area("M2 4H8V6H2z")},
		"round cap":             {stroke(`stroke-width="2" stroke-linecap="round"`, "M3 5H7"), area("M3 4H7A1 1 0 0 1 7 6H3A1 1 0 0 1 3 4z")},
		"miter join":            {stroke(`stroke-width="2"`, "M2 8V2H8"), area("M1 8V1H8V3H3V8z")},
		"miter join to left":    {stroke(`stroke-width="2"`, "M8 8V2H2"), area("M9 8V1H2V3H7V8z")},
		"miter beyond limit":    {stroke(`stroke-width="2" stroke-miterlimit="1.41"`, "M2 8V2H8"), area("M1 8V2L2 1H8V3H3V8z")},
		"miter at limit":        {stroke(`stroke-width="2" stroke-miterlimit="1.42"`, "M2 8V2H8"), area("M1 8V1H8V3H3V8z")},
		"bevel join":            {stroke(`stroke-width="2" stroke-linejoin="bevel"`, "M2 8V2H8"), area("M1 8V2L2 1H8V3H3V8z")},
		"round join":            {stroke(`stroke-width="2" stroke-linejoin="round"`, "M2 8V2H8"), area("M1 8V2A1 1 0 0 1 2 1H8V3H3V8z")},
		"closed":                {stroke(`stroke-width="2"`, "M2 2H8V8H2z"), area("M1 1H9V9H1zM3 3V7H7V3z")},
		"closed by a line":      {stroke(`stroke-width="2"`, "M2 2H8V8H2V2z"), area("M1 1H9V9H1zM3 3V7H7V3z")},
		"ends meet, not closed": {stroke(`stroke-width="2"`, "M2 2H8V8H2V2"), area("M1 2H2V1H9V9H1zM3 3V7H7V3z")},
		"circle":                {`<circle cx="5" cy="5" r="3" fill="none" stroke="#000" stroke-width="2"/>`, area("M9 5A4 4 0 1 1 1 5A4 4 0 1 1 9 5zM7 5A2 2 0 1 0 3 5A2 2 0 1 0 7 5z")},
		"wider than the circle": {`<circle cx="5" cy="5" r="1" fill="none" stroke="#000" stroke-width="6"/>`, `<circle cx="5" cy="5" r="4"/>`},
		"back on itself":        {stroke(`stroke-width="2" stroke-linejoin="round"`, "M3 5H7H3"), area("M3 4H7A1 1 0 0 1 7 6H3z")},
		"back, with a miter":    {stroke(`stroke-width="2"`, "M3 5H7H3"), area("M3 4H7V6H3z")},
		"two points, closed":    {stroke(`stroke-width="2" stroke-linejoin="round"`, "M3 5H7z"), area("M3 4H7A1 1 0 0 1 7 6H3A1 1 0 0 1 3 4z")},
		"a curve is no corner":  {stroke(`stroke-width="4" stroke-linejoin="bevel"`, "M5 2C5 8 5 8 5 2"), area("M3 2V6.5A2 2 0 0 0 7 6.5V2z")},
		"no length, butt":       {stroke(`stroke-width="4"`, "M5 5h0"), ""},
		"no length, round":      {stroke(`stroke-width="4" stroke-linecap="round"`, "M5 5h0"), `<circle cx="5" cy="5" r="2"/>`},
		"no length, square":     {stroke(`stroke-width="4" stroke-linecap="square"`, "M5 5z"), area("M3 3H7V7H3z")},
		"only a move":           {stroke(`stroke-width="4" stroke-linecap="round"`, "M5 5"), ""},
		"short line within":     {stroke(`stroke-width="4"`, "M2 5H5.1V5.2H8"), area("M2 3H7.1V3.2H8V7.2H3.1V7H2z")},
		"uneven scale, down":    {`<g transform="scale(2 .5)">` + stroke("", "M2.5 4V16") + `</g>`, area("M4 2H6V8H4z")},
		"uneven scale, across":  {`<g transform="scale(2 .5)">` + stroke(`stroke-width="4"`, "M1 10H4") + `</g>`, area("M2 4H8V6H2z")},
		"mirrored":              {`<g transform="translate(10 0) scale(-1 1)">` + stroke(`stroke-width="2"`, "M2 8V2H8") + `</g>`, area("M9 8V1H2V3H7V8z")},
		"no width":              {stroke(`stroke-width="0"`, "M2 5H8"), ""},
	})
}

// SVG 1.1 section 7.6.
func TestTransforms(t *testing.T) {
	t.Parallel()
	moved := func(transform string) string {
		return `<rect x="1" y="1" width="2" height="4" transform="` + transform + `"/>`
	}
	area := func(d string) string { return `<path d="` + d + `"/>` }
	sameDrawing(t, map[string][2]string{
		"translate":         {moved("translate(3, 4)"), area("M4 5H6V9H4z")},
		"translate by x":    {moved("translate(3)"), area("M4 1H6V5H4z")},
		"scale":             {moved("scale(1.5)"), area("M1.5 1.5H4.5V7.5H1.5z")},
		"scale by both":     {moved("scale(3 .5)"), area("M3 .5H9V2.5H3z")},
		"rotate":            {moved("translate(9 0) rotate(90)"), area("M4 1H8V3H4z")},
		"rotate at a point": {moved("rotate(90 5 5)"), area("M5 1H9V3H5z")},
		"skewX":             {moved("skewX(45)"), area("M2 1H4L8 5H6z")},
		"skewY":             {moved("skewY(45)"), area("M1 2L3 4V8L1 6z")},
		"matrix":            {moved("matrix(0 1 1 0 2 3)"), area("M3 4H7V6H3z")},
		"the last is first": {moved("translate(2 2),scale(1.5)"), area("M3.5 3.5H6.5V9.5H3.5z")},
		"group":             {`<g transform="translate(2 2)">` + moved("scale(1.5)") + `</g>`, area("M3.5 3.5H6.5V9.5H3.5z")},
		"onto a line":       {moved("scale(0 1)") + moved("scale(1 0)"), ""},
	})
}
