package typeset

import (
	"strings"
	"unicode"
)

// MaxRunes is how many characters of a text are looked at, at most.
const MaxRunes = 6000

// Text is what Shape takes.
type Text struct {
	Words       string // lines end where it has a line feed; empty lines are left out
	Style       Style
	Language    string // BCP 47, for the forms of letters; may be empty
	RightToLeft bool   // direction of a line without a letter that has one
	Limit       int    // characters to look at; 0, or more than MaxRunes: MaxRunes
	Balanced    bool   // lines of about the same width, instead of a short last one
}

const ellipsis = "…"

// Shaped is a text whose glyphs are known. It is not safe for concurrent use.
type Shaped struct {
	library *Library
	text    Text
	parts   []*paragraph // the lines of the text, without empty ones
	cut     bool         // the text had more than the limit
}

// Shape finds the glyphs of a text. They are the same in any size.
func (l *Library) Shape(text Text) (*Shaped, error) {
	s, _ := l.setters.Get().(*setter)
	defer l.setters.Put(s)
	words, cut := bounded(text.Words, text.Limit)
	out := &Shaped{library: l, text: text, cut: cut}
	for _, line := range strings.FieldsFunc(words, func(r rune) bool { return r == '\n' || r == '\r' }) {
		p, err := s.shape(text, line)
		if err != nil {
			return nil, err
		}
		out.parts = append(out.parts, p)
	}
	return out, nil
}

// bounded returns the first characters of a text, and whether there are more.
func bounded(text string, limit int) (string, bool) {
	if limit <= 0 || limit > MaxRunes {
		limit = MaxRunes
	}
	n := 0
	for i := range text {
		if n++; n > limit {
			return text[:i] + ellipsis, true
		}
	}
	return text, false
}

// Fit returns the text in lines of at most the width, in thousandths of an em. If it
// needs more than most lines, the last one ends with an ellipsis, and whole is false.
func (t *Shaped) Fit(width, most int) (lines []Line, whole bool, err error) {
	for _, p := range t.parts {
		ends := p.ends(width)
		room := most - len(lines)
		switch {
		case len(ends) <= room:
			if t.text.Balanced {
				ends = p.balanced(ends, width)
			}
			lines = append(lines, p.lines(ends)...)
			continue
		case room > 0:
			last, err := t.shorten(p, ends, width, room)
			return append(lines, last...), false, err
		case len(lines) == 0:
			return nil, false, nil
		}
		last, err := t.markEnd(lines[len(lines)-1], width)
		return append(lines[:len(lines)-1], last...), false, err
	}
	return lines, !t.cut, nil
}

// Fits reports whether Fit would return the whole text.
func (t *Shaped) Fits(width, most int) bool {
	for _, p := range t.parts {
		most -= len(p.ends(width))
	}
	return most >= 0 && !t.cut
}

// again shapes a line that came out of the text.
func (t *Shaped) again(line string) (*paragraph, error) {
	s, _ := t.library.setters.Get().(*setter)
	defer t.library.setters.Put(s)
	return s.shape(t.text, line)
}

// shorten sets as much of p as fills room lines, with an ellipsis.
func (t *Shaped) shorten(p *paragraph, ends []int, width, room int) ([]Line, error) {
	ends = ends[:room]
	from, to := 0, ends[len(ends)-1]
	if len(ends) > 1 {
		from = ends[len(ends)-2]
	}
	used := em // for the ellipsis
	for i := from; i < to; i++ {
		used += p.width[i]
	}
	for ; ; to-- {
		for to > from && (used > width || !p.starts[to]) {
			to--
			used -= p.width[to]
		}
		to = p.wordEnd(from, to)
		shorter, err := t.again(strings.TrimRightFunc(p.until(to), unicode.IsSpace) + ellipsis)
		if err != nil {
			return nil, err
		}
		if lines := shorter.lines(shorter.ends(width)); len(lines) <= room || to == 0 {
			return lines[:min(len(lines), room)], nil
		}
	}
}

// markEnd adds an ellipsis to a line that others follow, for which there is no room.
func (t *Shaped) markEnd(line Line, width int) ([]Line, error) {
	p, err := t.again(line.Text)
	if err != nil {
		return nil, err
	}
	return t.shorten(p, []int{len(p.shown)}, width, 1)
}
