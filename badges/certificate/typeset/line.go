package typeset

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/harfbuzz"
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

// Line is one line of a text.
type Line struct {
	Clusters    []Cluster // from left to right
	Text        string    // from first to last
	Width       int       // in thousandths of an em
	RightToLeft bool      // direction of its paragraph
}

// Cluster is some letters and the glyphs that show them. The letters may be none that
// are seen, and the glyphs may be none.
type Cluster struct {
	Font   *Font
	Text   string
	Glyphs []Glyph
	Width  int // in thousandths of an em

	RightToLeft bool // direction of the letters
}

// Glyph is one shape of a font. Measures are in thousandths of an em.
type Glyph struct {
	ID      uint16
	Advance int // from its place to the next glyph's
	X, Y    int // offset of the shape from its place
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
	from, to := 0, ends[room-1]
	if room > 1 {
		from = ends[room-2]
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

// wordEnd returns the end of the last whole word before to, or to if that is far away.
func (p *paragraph) wordEnd(from, to int) int {
	const far = 24
	for i := to; i > max(from, to-far); i-- {
		if p.mayBreak[i] {
			return i
		}
	}
	return to
}

// markEnd adds an ellipsis to a line that others follow, for which there is no room.
func (t *Shaped) markEnd(line Line, width int) ([]Line, error) {
	p, err := t.again(line.Text)
	if err != nil {
		return nil, err
	}
	return t.shorten(p, []int{len(p.shown)}, width, 1)
}

// ends returns where each line ends: the number of the first symbol after it.
func (p *paragraph) ends(width int) []int {
	var ends []int
	for start := 0; start < len(p.shown); {
		start = p.end(start, width)
		ends = append(ends, start)
	}
	return ends
}

// balanced returns the ends for the smallest width that needs no more lines.
func (p *paragraph) balanced(ends []int, width int) []int {
	for narrow, step := width, width/4; len(ends) > 1 && step > 0; step /= 2 {
		if closer := p.ends(narrow - step); len(closer) <= len(ends) {
			ends, narrow = closer, narrow-step
		}
	}
	return ends
}

func (p *paragraph) end(start, width int) int {
	used, best := 0, start
	for i := start; i < len(p.shown); i++ {
		if i > start && p.mayBreak[i] {
			best = i
		}
		used += p.width[i]
		if used <= width || unicode.IsSpace(p.shown[i]) {
			continue
		}
		if best > start {
			return best
		}
		for i > start && !p.starts[i] {
			i--
		}
		if i == start { // one cluster wider than the line
			for i++; !p.starts[i]; i++ {
			}
		}
		return i
	}
	return len(p.shown)
}

func (p *paragraph) lines(ends []int) []Line {
	lines := make([]Line, 0, len(ends))
	from := 0
	for _, to := range ends {
		lines = append(lines, p.line(from, to))
		from = to
	}
	return lines
}

// line puts the clusters of some symbols in order. Spaces at the end are left out.
func (p *paragraph) line(from, to int) Line {
	for to > from+1 && p.plainSpace(to-1) && p.starts[to-1] {
		to--
	}
	out := Line{RightToLeft: p.rightToLeft, Text: strings.Join(p.source[from:to], "")}
	var parts [][]Cluster
	var levels []int
	for _, run := range p.runs {
		var part []Cluster
		for i, c := range run.clusters {
			if run.symbol[i] >= from && run.symbol[i] < to {
				part = append(part, c)
			}
		}
		if len(part) > 0 {
			level := p.levels[run.from]
			parts, levels = append(parts, joined(part, level%2 == 1)), append(levels, level)
		}
	}
	leftToRight(parts, levels)
	for _, part := range parts {
		out.Clusters = append(out.Clusters, part...)
	}
	for _, c := range out.Clusters {
		out.Width += c.Width
	}
	return out
}

// joined gives the text of clusters that show nothing to the letter before them, or
// after them where there is none before. So a reader that copies what it sees copies
// them too.
func joined(clusters []Cluster, rightToLeft bool) []Cluster {
	out := make([]Cluster, 0, len(clusters))
	ahead := ""
	each := func(c Cluster) {
		switch {
		case !ignorable(c):
			c.Text = ahead + c.Text
			ahead = ""
			out = append(out, c)
		case len(out) > 0:
			out[len(out)-1].Text += c.Text
		default:
			ahead += c.Text
		}
	}
	for i := range clusters {
		if rightToLeft {
			each(clusters[len(clusters)-1-i])
		} else {
			each(clusters[i])
		}
	}
	if ahead != "" {
		out = append(out, Cluster{Font: clusters[0].Font, Text: ahead, Glyphs: clusters[0].Glyphs})
	}
	if rightToLeft {
		slices.Reverse(out)
	}
	return out
}

// ignorable reports whether a cluster shows nothing and takes no room.
func ignorable(c Cluster) bool {
	if c.Width != 0 || c.Text == "" {
		return false
	}
	for s := c.Text; s != ""; {
		r, n := utf8.DecodeRuneInString(s)
		if !harfbuzz.IsDefaultIgnorable(r) {
			return false
		}
		s = s[n:]
	}
	return true
}
