package typeset

import (
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/harfbuzz"
	"golang.org/x/text/unicode/norm"
)

// symbols is a text as it is shown: characters that have a glyph, and for each of
// them the part of the original text that it stands for.
type symbols struct {
	shown  []rune
	source []string // as many; all together they are the original text
}

// read splits one line of text into symbols.
func (s *setter) read(text string, style Style) (symbols, error) {
	var out symbols
	var ahead string // text without a symbol, before the first symbol
	s.segmenter.Init([]rune(text))
	for graphemes := s.segmenter.GraphemeIterator(); graphemes.Next(); {
		original := graphemes.Grapheme().Text
		shown, err := s.showable(original, style)
		if err != nil {
			return symbols{}, err
		}
		if len(shown) == 0 && len(out.shown) == 0 {
			ahead += string(original)
			continue
		}
		if len(shown) == 0 {
			out.source[len(out.source)-1] += string(original)
			continue
		}
		out.add(shown, original)
	}
	if len(out.shown) == 0 && ahead != "" {
		out.add([]rune{' '}, nil) // an invisible place for the text
	}
	if ahead != "" {
		out.source[0] = ahead + out.source[0]
	}
	return out, nil
}

func (s *symbols) add(shown, original []rune) {
	s.shown = append(s.shown, shown...)
	if slices.Equal(shown, original) {
		for _, r := range original {
			s.source = append(s.source, string(r))
		}
		return
	}
	s.source = append(s.source, string(original))
	for range shown[1:] {
		s.source = append(s.source, "")
	}
}

// showable returns the characters that show a grapheme, or none if no font has it.
func (s *setter) showable(grapheme []rune, style Style) ([]rune, error) {
	if len(grapheme) == 1 && (grapheme[0] == ' ' || unicode.IsLetter(grapheme[0])) { // most are
		if has, err := s.hasAll(grapheme, style); has || err != nil {
			return grapheme, err
		}
	}
	visible := make([]rune, 0, len(grapheme))
	for i, r := range grapheme {
		switch {
		case i > 0 && r >= 0x1f3fb && r <= 0x1f3ff: // colours of skin: the page shows emoji as outlines
		case r == '\t', unicode.In(r, unicode.Zl, unicode.Zp):
			visible = append(visible, ' ')
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cs, r), ordersText(r), r >= 0xfff9 && r <= 0xfffb:
			// left out
		default:
			visible = append(visible, r)
		}
	}
	if len(visible) == 0 {
		return nil, nil
	}
	forms := []func() []rune{
		func() []rune { return visible },
		func() []rune { return []rune(norm.NFKC.String(string(visible))) },
		func() []rune { return []rune(norm.NFD.String(string(visible)))[:1] }, // the letter
	}
	for _, form := range forms {
		shown := form()
		has, err := s.hasAll(shown, style)
		if err != nil {
			return nil, err
		}
		if has {
			return shown, nil
		}
	}
	return nil, nil
}

// ordersText reports whether r is a control that embeds, overrides or isolates a
// direction. The marks U+200E, U+200F and U+061C are not: they only speak for
// themselves.
func ordersText(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func (s *setter) hasAll(text []rune, style Style) (bool, error) {
	for _, r := range text {
		if unseen(r) {
			continue
		}
		f, err := s.fontOf(r, style)
		if err != nil {
			return false, err
		}
		if f == nil {
			return false, nil
		}
	}
	return len(text) > 0, nil
}

// unseen reports whether r needs no glyph: a space or an ignorable character.
func unseen(r rune) bool {
	return unicode.Is(unicode.Zs, r) || harfbuzz.IsDefaultIgnorable(r)
}

// between returns the original text of some symbols.
func (s symbols) between(from, to int) string { return strings.Join(s.source[from:to], "") }

// plainSpace reports whether symbol i is a space and stands for nothing else.
func (s symbols) plainSpace(i int) bool {
	return unicode.IsSpace(s.shown[i]) && len(s.source[i]) <= 3 && strings.TrimSpace(s.source[i]) == ""
}
