package certificate

import (
	"fmt"
	"strconv"

	"github.com/insigne-badges/insigne/badges/certificate/pdf"
	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

// boldOutline is the width of the outline that makes letters bold, for a size of 1.
const boldOutline = 0.028

// row is the operand of one operator TJ: codes of glyphs, and how far each stands
// from where the widths of the font would put it.
type row struct {
	ink   *ink
	size  float64
	bold  bool
	font  *typeset.Font
	open  bool
	shift int // to the left, before the next glyph
}

func (r *row) clusters(list []typeset.Cluster) {
	for _, c := range list {
		if c.Font != r.font {
			r.end()
			r.font = c.Font
			outlined := 0
			if r.bold && c.Font.Light() {
				outlined = 2
			}
			fmt.Fprintf(&r.ink.out, "/%s %s Tf %d Tr\n", r.ink.fonts.name(c.Font), pdf.Number(r.size), outlined)
		}
		switch {
		case c.RightToLeft:
			r.fromRight(c)
		case advancing(c) > 1: // several letters side by side, which may be read in another order
			r.span(c.Text, func() { r.cluster(c, c.Text) })
		default:
			r.cluster(c, c.Text)
		}
	}
}

// cluster shows the glyphs of c. The widest of them stands for the text.
func (r *row) cluster(c typeset.Cluster, text string) {
	speaks := 0
	for i, g := range c.Glyphs {
		if g.Advance > c.Glyphs[speaks].Advance {
			speaks = i
		}
	}
	for i, g := range c.Glyphs {
		s := sign{glyph: g.ID}
		if i == speaks {
			s.text = text
		}
		r.glyph(c.Font, g, s)
	}
}

// fromRight shows a cluster of a script to the left. Programs that copy text read
// what they see from the left and then reverse it, letter by letter. So each letter
// has a sign of its own: the last letter comes first, as an empty glyph without width.
func (r *row) fromRight(c typeset.Cluster) {
	letters := []rune(c.Text)
	for i := len(letters) - 1; i > 0; i-- {
		r.glyph(c.Font, typeset.Glyph{}, sign{text: string(letters[i])})
	}
	r.cluster(c, string(letters[:min(1, len(letters))]))
}

// span says the letters of what show shows, all together (14.9.4).
func (r *row) span(text string, show func()) {
	r.end()
	fmt.Fprintf(&r.ink.out, "/Span<</ActualText %s>>BDC\n", pdf.Text(text))
	show()
	r.end()
	r.ink.out.WriteString("EMC\n")
}

// advancing returns how many glyphs of c take room.
func advancing(c typeset.Cluster) int {
	n := 0
	for _, g := range c.Glyphs {
		if g.Advance > 0 {
			n++
		}
	}
	return n
}

func (r *row) glyph(f *typeset.Font, g typeset.Glyph, s sign) {
	if g.Y != 0 {
		r.end()
		r.ink.op("Ts", float64(g.Y)*r.size/1000)
	}
	r.shift -= g.X
	switch {
	case !r.open:
		r.ink.out.WriteByte('[')
		r.open = true
		r.move()
		r.ink.out.WriteByte('<')
	case r.shift != 0:
		r.ink.out.WriteByte('>')
		r.move()
		r.ink.out.WriteByte('<')
	}
	r.ink.out.WriteString(pdf.Glyph(r.ink.fonts.code(f, s)))
	r.shift = s.width(f) - g.Advance + g.X
	if g.Y != 0 {
		r.end()
		r.ink.out.WriteString("0 Ts\n")
	}
}

// move writes how far the next glyph stands from its usual place.
func (r *row) move() {
	if r.shift != 0 {
		r.ink.out.WriteString(strconv.Itoa(r.shift))
		r.shift = 0
	}
}

// end closes the operand, if one is open.
func (r *row) end() {
	if !r.open {
		return
	}
	r.ink.out.WriteByte('>')
	r.move()
	r.ink.out.WriteString("]TJ\n")
	r.open = false
}
