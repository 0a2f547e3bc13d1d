package certificate

import "github.com/insigne-badges/insigne/badges/certificate/typeset"

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
