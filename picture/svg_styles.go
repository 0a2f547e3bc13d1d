package picture

// style has the properties that a shape inherits, SVG 1.1 section 11. Opacity is
// not one of them: it applies to an element as a whole.
type style struct {
	matrix                     matrix
	fill, stroke               string // a colour, url(#id) or none
	fillOpacity, strokeOpacity float64
	current                    string // the colour that currentColor stands for
	width                      float64
	miterLimit                 float64
	lineCap, lineJoin          string
}

func initialStyle(m matrix) style {
	return style{
		matrix: m, fill: "#000", stroke: "none", fillOpacity: 1, strokeOpacity: 1,
		current: "#000", width: 1, miterLimit: 4, lineCap: "butt", lineJoin: "miter",
	}
}

// of returns the style of an element whose parent has the style s.
func (s style) of(e *element) (style, error) {
	for name, field := range map[string]*string{
		"fill": &s.fill, "stroke": &s.stroke, "color": &s.current,
		"stroke-linecap": &s.lineCap, "stroke-linejoin": &s.lineJoin,
	} {
		if v := e.attr(name); v != "" && v != "inherit" {
			*field = v
		}
	}
	var err error
	for name, field := range map[string]*float64{
		"fill-opacity": &s.fillOpacity, "stroke-opacity": &s.strokeOpacity,
		"stroke-width": &s.width, "stroke-miterlimit": &s.miterLimit,
	} {
		if *field, err = e.fraction(name, *field); err != nil {
			return s, err
		}
	}
	s.matrix, err = transform(s.matrix, e.attr("transform"))
	return s, err
}
