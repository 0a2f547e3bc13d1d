package typeset

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/harfbuzz"
)

// Line is one line of a text.
type Line struct {
	Clusters    []Cluster // from left to right
	Text        string    // from first to last
	Width       int       // in thousandths of an em
	RightToLeft bool      // direction of its paragraph
	Unspaced    bool      // the next line goes on without a space, as in Chinese
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
	end := to
	for to > from+1 && p.plainSpace(to-1) && p.starts[to-1] {
		to--
	}
	out := Line{RightToLeft: p.rightToLeft, Text: p.between(from, to), Unspaced: to == end && end < len(p.shown)}
	var parts [][]Cluster
	var levels []int
	for _, run := range p.runs {
		part := make([]Cluster, 0, min(len(run.clusters), to-from))
		for i, symbol := range run.symbol {
			if symbol >= from && symbol < to {
				part = append(part, run.clusters[i])
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
