package certificate

import (
	"strings"

	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

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

// How many characters a line takes for a width of one em, at most: usual words are not
// narrower than the first says, and hardly any than the second.
const (
	usualDensity   = 2.5
	highestDensity = 4
)

func (p *page) set(t text) (set, error) {
	s := set{text: t}
	if err := p.shape(&s); err != nil {
		return set{}, err
	}
	return s, p.fit(&s)
}

// shape finds the glyphs of a text, as far as the lines have room for them. Shaping is
// the slowest step, so it first takes as many characters as usually fill the lines.
func (p *page) shape(s *set) error {
	s.size = s.sizes[len(s.sizes)-1]
	lines := s.linesAt(s.size)
	for _, density := range []float64{usualDensity, highestDensity} {
		var err error
		s.glyphs, err = p.fonts.Shape(typeset.Text{
			Words: s.words, Style: s.style, Language: p.certificate.Language, RightToLeft: p.certificate.RightToLeft,
			Balanced: s.centre, Limit: int(float64(lines)*s.width/s.size*density) + 1,
		})
		if err != nil || !s.glyphs.WantsMore(s.across(), lines) {
			return err
		}
	}
	return nil
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

// spoken returns the text of lines if their glyphs do not give it: in another order, or
// without the spaces where lines end.
func spoken(lines []typeset.Line) string {
	order := len(lines) == 1
	all := ""
	for i, l := range lines {
		if i > 0 && !lines[i-1].Unspaced {
			all += " "
		}
		all += l.Text
		order = order && inOrder(l)
	}
	if order {
		return ""
	}
	return all
}

// inOrder reports whether the glyphs from left to right say the text of the line.
func inOrder(l typeset.Line) bool {
	rest := l.Text
	for _, c := range l.Clusters {
		after, same := strings.CutPrefix(rest, c.Text)
		if !same {
			return false
		}
		rest = after
	}
	return rest == ""
}
