package picture

import (
	"image/color"
	"strings"
)

// paint fills and strokes an outline.
func (p *painter) paint(o outline, s style) error {
	extent := o.extent()
	if s.fill != "none" {
		if err := p.fill(o, extent, s); err != nil {
			return err
		}
	}
	if s.stroke != "none" && s.width > 0 {
		return p.stroke(o, extent, s)
	}
	return nil
}

func (p *painter) fill(o outline, extent box, s style) error {
	colours, err := p.colours(s.fill, s.fillOpacity, extent, s)
	if err != nil {
		return err
	}
	area := newPolygons(s.matrix, p.spent)
	for _, sub := range o {
		area.begin()
		for _, v := range sub.vertices {
			area.add(v.point)
		}
	}
	return p.draw(area, colours)
}

func (p *painter) stroke(o outline, extent box, s style) error {
	colours, err := p.colours(s.stroke, s.strokeOpacity, extent, s)
	if err != nil {
		return err
	}
	area := newPolygons(s.matrix, p.spent)
	stroker := newStroker(s, area)
	for _, sub := range o {
		stroker.stroke(sub)
	}
	return p.draw(area, colours)
}

func (p *painter) draw(area *polygons, colours colours) error {
	painted, err := area.paint(p.img, colours)
	p.touched = p.touched.Union(painted)
	return err
}

// colours returns the colours of a fill or stroke.
func (p *painter) colours(value string, opacity float64, extent box, s style) (colours, error) {
	if !strings.HasPrefix(value, "url(") {
		c, err := parseColour(value, s.current)
		if c.A != 0 {
			c.A = alpha(opacity)
		}
		return uniform(c), err
	}
	id, _ := localReference(value)
	return newGradient(p.doc.gradients[id], extent, s.matrix, opacity)
}

func uniform(c color.NRGBA) colours {
	premultiplied := color.RGBAModel.Convert(c).(color.RGBA)
	return colours{at: func(int, int) color.RGBA { return premultiplied }, plain: true}
}
