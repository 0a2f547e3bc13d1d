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

	decided bool // RightToLeft is the direction, whatever the letters are
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
	return !t.cut && t.roomAfter(width, most)
}

// WantsMore reports whether the text was cut at its limit although the lines have room
// for more of it.
func (t *Shaped) WantsMore(width, most int) bool {
	return t.cut && t.roomAfter(width, most)
}

// roomAfter reports whether the lines have room for all that was shaped.
func (t *Shaped) roomAfter(width, most int) bool {
	for _, p := range t.parts {
		most -= len(p.ends(width))
	}
	return most >= 0
}

// again shapes a line that came out of the text, in the direction of its paragraph.
func (t *Shaped) again(line string, rightToLeft bool) (*paragraph, error) {
	s, _ := t.library.setters.Get().(*setter)
	defer t.library.setters.Put(s)
	text := t.text
	text.RightToLeft, text.decided = rightToLeft, true
	return s.shape(text, line)
}

// shorten sets as much of p as fills room lines, with an ellipsis. Only the last line
// is shaped again.
func (t *Shaped) shorten(p *paragraph, ends []int, width, room int) ([]Line, error) {
	earlier, to := ends[:room-1], ends[room-1]
	lines, from := p.lines(earlier), 0
	if len(earlier) > 0 {
		from = earlier[len(earlier)-1]
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
		last, err := t.again(strings.TrimRightFunc(p.between(from, to), unicode.IsSpace)+ellipsis, p.rightToLeft)
		if err != nil {
			return nil, err
		}
		if ends := last.ends(width); len(ends) == 1 || to == from {
			return append(lines, last.lines(ends[:1])...), nil
		}
	}
}

// markEnd adds an ellipsis to a line that others follow, for which there is no room.
func (t *Shaped) markEnd(line Line, width int) ([]Line, error) {
	p, err := t.again(line.Text, line.RightToLeft)
	if err != nil {
		return nil, err
	}
	return t.shorten(p, []int{len(p.shown)}, width, 1)
}
