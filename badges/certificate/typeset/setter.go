package typeset

import (
	"strings"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// em is the size at which text is shaped: all measures are in thousandths of it.
const em = 1000

// setter shapes text. It keeps working storage and is used by one call at a time.
type setter struct {
	library   *Library
	loaded    map[string]*loaded
	byFace    map[*font.Face]*Font
	styles    map[Style][]face
	segmenter segmenter.Segmenter
	runs      shaping.Segmenter
	shaper    shaping.HarfbuzzShaper
}

func newSetter(l *Library) *setter {
	s := &setter{library: l, loaded: map[string]*loaded{}, byFace: map[*font.Face]*Font{}, styles: map[Style][]face{}}
	for _, style := range []Style{Plain, Strong, Display} {
		s.styles[style] = faces(style)
	}
	return s
}

// load returns a font of the library with a face of this setter.
func (s *setter) load(name string) (*loaded, error) {
	if f, has := s.loaded[name]; has {
		return f, nil
	}
	f, err := s.library.Font(name)
	if err != nil {
		return nil, err
	}
	l := &loaded{font: f, face: font.NewFace(f.shapes)}
	s.loaded[name], s.byFace[l.face] = l, f
	return l, nil
}

// fontOf returns the first font of the style that has r, or nil.
func (s *setter) fontOf(r rune, style Style) (*loaded, error) {
	for _, f := range s.styles[style] {
		if !f.mayHave(r) {
			continue
		}
		l, err := s.load(f.file)
		if err != nil {
			return nil, err
		}
		if _, has := l.face.NominalGlyph(r); has {
			return l, nil
		}
	}
	return nil, nil
}

// chooser tells go-text which font shows a character. All its fonts are loaded: the
// symbols were asked for before.
type chooser struct {
	setter *setter
	style  Style
}

// ResolveFace implements shaping.Fontmap, which wants a face for any character.
func (c chooser) ResolveFace(r rune) *font.Face {
	if l, err := c.setter.fontOf(r, c.style); err == nil && l != nil {
		return l.face
	}
	return c.setter.loaded[c.setter.styles[c.style][0].file].face
}

// paragraph is a shaped text without line breaks.
type paragraph struct {
	symbols
	rightToLeft bool
	levels      []int  // by symbol: its level of UAX #9
	width       []int  // of the cluster that begins with this symbol; 0 inside a cluster
	starts      []bool // a cluster begins with this symbol
	mayBreak    []bool // a line may begin with this symbol
	runs        []shapedRun
}

// shapedRun is a piece of one font, script and level.
type shapedRun struct {
	from     int // the first symbol
	clusters []Cluster
	symbol   []int // the first symbol of each cluster
}

func (s *setter) shape(text Text, line string) (*paragraph, error) {
	if _, err := s.load(s.styles[text.Style][0].file); err != nil {
		return nil, err
	}
	read, err := s.read(line, text.Style)
	if err != nil {
		return nil, err
	}
	n := len(read.shown)
	p := &paragraph{
		symbols: read, rightToLeft: text.RightToLeft,
		width: make([]int, n+1), starts: make([]bool, n+1), mayBreak: make([]bool, n+1),
	}
	if n == 0 {
		return p, nil
	}
	if !text.decided {
		p.rightToLeft = startsRightToLeft(read.shown, text.RightToLeft)
	}
	direction := di.DirectionLTR
	if p.rightToLeft {
		direction = di.DirectionRTL
	}
	whole := shaping.Input{
		Text: read.shown, RunEnd: n, Direction: direction,
		Size: fixed.I(em), Language: language.NewLanguage(text.Language),
	}
	inputs := s.runs.Split(whole, chooser{s, text.Style})
	p.levels = levels(read.shown, inputs, p.rightToLeft)
	for _, input := range inputs {
		for _, piece := range byLevel(input, p.levels) {
			for _, word := range s.withSpaces(piece, text.Style) {
				p.add(s.shaper.ShapeNoExtents(word), s.byFace[word.Face])
			}
		}
	}
	p.markBreaks(&s.segmenter)
	return p, nil
}

// emoji is the font whose space is as wide as its pictures.
const emoji = "NotoEmoji-Regular"

// withSpaces divides a run of emoji, so that its spaces are those of the text's font.
func (s *setter) withSpaces(run shaping.Input, style Style) []shaping.Input {
	if s.byFace[run.Face].Name != emoji {
		return []shaping.Input{run}
	}
	var out []shaping.Input
	wasSpace := false
	for i := run.RunStart; i < run.RunEnd; i++ {
		isSpace := run.Text[i] == ' '
		if i == run.RunStart || isSpace != wasSpace {
			piece := run
			piece.RunStart = i
			if isSpace {
				piece.Face = chooser{s, style}.ResolveFace(' ')
			}
			out = append(out, piece)
		}
		out[len(out)-1].RunEnd = i + 1
		wasSpace = isSpace
	}
	return out
}

// add groups the glyphs of a run into clusters.
func (p *paragraph) add(out shaping.Output, f *Font) {
	most := len(out.Glyphs)
	run := shapedRun{from: out.Runes.Offset, clusters: make([]Cluster, 0, most), symbol: make([]int, 0, most)}
	glyphs := make([]Glyph, len(out.Glyphs))
	for i, g := range out.Glyphs {
		glyphs[i] = Glyph{ID: glyphID(g.GlyphID), Advance: g.Advance.Round(), X: g.XOffset.Round(), Y: g.YOffset.Round()}
	}
	for i := 0; i < len(out.Glyphs); {
		first := out.Glyphs[i]
		from, count := first.TextIndex(), max(first.GlyphsCount(), 1)
		c := Cluster{Font: f, RightToLeft: out.Direction == di.DirectionRTL}
		c.Text = strings.Join(p.source[from:from+first.RunesCount()], "")
		c.Glyphs = glyphs[i:min(i+count, len(glyphs)):min(i+count, len(glyphs))]
		for _, g := range c.Glyphs {
			c.Width += g.Advance
		}
		i += len(c.Glyphs)
		p.width[from] += c.Width
		p.starts[from] = true
		run.clusters = append(run.clusters, c)
		run.symbol = append(run.symbol, from)
	}
	p.runs = append(p.runs, run)
}

// glyphID returns 0 for a glyph that does not exist. Subset leaves glyph 0 empty.
func glyphID(g font.GID) uint16 {
	if g > 0xffff {
		return 0
	}
	return uint16(g)
}

func (p *paragraph) markBreaks(seg *segmenter.Segmenter) {
	seg.Init(p.shown)
	for lines := seg.LineIterator(); lines.Next(); {
		l := lines.Line()
		if end := l.Offset + len(l.Text); end < len(p.shown) {
			p.mayBreak[end] = p.starts[end]
		}
	}
	p.starts[len(p.shown)] = true
}
