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

// text says how a text is set.
type text struct {
	words  string
	style  typeset.Style
	sizes  []float64 // tried in order until the text is whole
	most   int       // lines
	room   float64   // height for the lines; 0: as most lines need
	width  float64
	lead   float64 // line height for a size of 1
	colour colour
	centre bool
	kind   string // element of the structure
	left   float64
}

// set is a text in lines.
type set struct {
	text
	glyphs *typeset.Shaped
	size   float64
	rows   []typeset.Line
	whole  bool
}

// longest is how many characters of average width a line takes at most, for a width of
// one em: words are rarely narrower.
const longest = 4

func (p *page) set(t text) (set, error) {
	s, err := p.shape(t)
	if err != nil {
		return set{}, err
	}
	return s, p.fit(&s)
}

// shape finds the glyphs of a text, as far as the lines could have room for them.
func (p *page) shape(t text) (set, error) {
	s := set{text: t}
	smallest := t.sizes[len(t.sizes)-1]
	var err error
	s.glyphs, err = p.fonts.Shape(typeset.Text{
		Words: t.words, Style: t.style, Language: p.certificate.Language, RightToLeft: p.certificate.RightToLeft,
		Balanced: t.centre, Limit: int(float64(s.linesAt(smallest))*t.width/smallest*longest) + 1,
	})
	return s, err
}

// fit chooses the largest size in which the text is whole, else the smallest.
func (p *page) fit(s *set) error {
	for _, s.size = range s.sizes {
		if s.glyphs.Fits(s.across(), s.linesAt(s.size)) {
			break
		}
	}
	var whole bool
	var err error
	s.rows, whole, err = s.glyphs.Fit(s.across(), s.linesAt(s.size))
	p.shortened = p.shortened || !whole
	return err
}

// across returns the width in thousandths of the size.
func (s *set) across() int { return int(s.width / s.size * 1000) }

// linesAt returns how many lines the text may have.
func (s set) linesAt(size float64) int {
	if s.room == 0 {
		return s.most
	}
	return min(s.most, int(s.room/(size*s.lead)))
}

func (s set) height() float64 { return float64(len(s.rows)) * s.size * s.lead }

func (s set) widest() float64 {
	w := 0
	for _, l := range s.rows {
		w = max(w, l.Width)
	}
	return float64(w) * s.size / 1000
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

// spoken returns the text of lines if the order of the glyphs does not give it.
func spoken(lines []typeset.Line) string {
	order := true
	all := ""
	for i, l := range lines {
		if i > 0 {
			all += " "
		}
		all += l.Text
		glyphs := ""
		for _, c := range l.Clusters {
			glyphs += c.Text
		}
		order = order && glyphs == l.Text
	}
	if order {
		return ""
	}
	return all
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
