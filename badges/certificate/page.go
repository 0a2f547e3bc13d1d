package certificate

import (
	"math"

	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

// The colours of the pages of Insigne, in light mode.
var (
	ink0   = rgb(0x1d2433)
	quiet  = rgb(0x5b6270)
	hair   = rgb(0xd9d6cd)
	accent = rgb(0x2b4a9b)
	tint   = rgb(0xeef1f8)
)

// Distances in points.
const (
	frameInset  = 22
	margin      = 64 // from the edge to the text
	topMargin   = 58
	footHeight  = 78
	footBottom  = 56
	footGap     = 34 // above the foot
	narrow      = 36 // more margin for the centred lines
	glow        = 0.64
	logoHeight  = 40
	logoWidth   = 150
	shortRule   = 46
	shortStroke = 1.6
)

type dimensions struct{ width, height float64 }

func (s Size) points() dimensions {
	if s == Letter {
		return dimensions{612, 792}
	}
	return dimensions{595.276, 841.89}
}

// page draws a certificate.
type page struct {
	certificate Certificate
	document    *document
	fonts       *typeset.Library
	ink         *ink
	size        dimensions
	shortened   bool // some text is not whole
}

// draw composes the page: the foot keeps its place, everything else is a column of
// blocks above it.
func (p *page) draw(pictures *pictures) error {
	p.ink.decoration(func() {
		p.ink.frame(frameInset, frameInset, p.size.width-2*frameInset, p.size.height-2*frameInset, 14, 0.8, hair)
	})
	column, err := p.column(pictures)
	if err != nil {
		return err
	}
	column.draw()
	return p.foot()
}

// place draws a text with its top at y.
func (p *page) place(s set, y float64) {
	if len(s.rows) == 0 {
		return
	}
	p.ink.tagged(element{kind: s.kind, text: spoken(s.rows)}, func() {
		for i, l := range s.rows {
			base := y - s.size*(float64(i)*s.lead+s.lead/2+0.34)
			p.ink.line(l, p.start(s, l), base, s.size, s.colour, s.style != typeset.Plain)
		}
	})
}

// start returns where a line begins at the left. A text that is not centred stands at
// the side where the page's language begins to read.
func (p *page) start(s set, l typeset.Line) float64 {
	room := s.width - float64(l.Width)*s.size/1000
	switch {
	case s.centre:
		return s.left + room/2
	case p.certificate.RightToLeft:
		return s.left + room
	}
	return s.left
}

// mirrored returns the left edge of a box of this width that stands at x in a page
// from left to right.
func (p *page) mirrored(x, width float64) float64 {
	if p.certificate.RightToLeft {
		return p.size.width - x - width
	}
	return x
}

// picture puts a picture into the box and keeps its proportions.
func (p *page) picture(r *raster, name string, e element, x, y, width, height float64) {
	scale := math.Min(width/float64(r.width), height/float64(r.height))
	w, h := scale*float64(r.width), scale*float64(r.height)
	p.document.images = append(p.document.images, "/"+name+" "+r.write(p.document.writer).String())
	p.ink.tagged(e, func() { p.ink.image(name, x+(width-w)/2, y+(height-h)/2, w, h) })
}
