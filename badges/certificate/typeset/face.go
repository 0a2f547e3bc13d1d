package typeset

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

// The licences are part of the binary, as they ask for.
//
//go:embed fonts/*.ttf fonts/*.LICENSE
var files embed.FS

// Style chooses the fonts of a text.
type Style uint8

// The styles. Scripts without a font of the style take the plain one.
const (
	Plain   Style = iota
	Strong        // labels and small headings
	Display       // the largest lines, with serifs where the script has them
)

// span is a range of characters, both ends included.
type span struct{ from, to rune }

// face names a font file and the characters that are worth a look into it. Without
// spans, any character is. So a page in one script reads only the fonts of that
// script.
type face struct {
	file  string
	spans []span
}

func (f face) mayHave(r rune) bool {
	for _, s := range f.spans {
		if s.from <= r && r <= s.to {
			return true
		}
	}
	return len(f.spans) == 0
}

// faces returns the fonts of a style. The first that has a character shows it.
func faces(style Style) []face {
	arabic := []span{{0x600, 0x6ff}, {0x750, 0x77f}, {0x870, 0x8ff}, {0xfb50, 0xfdff}, {0xfe70, 0xfefc}}
	hebrew := []span{{0x590, 0x5ff}, {0xfb1d, 0xfb4f}}
	devanagari := []span{{0x900, 0x97f}, {0x1cd0, 0x1cff}, {0xa8e0, 0xa8ff}}
	thai := []span{{0xe00, 0xe7f}}
	weight, bold := "Regular", "Regular"
	var list []face
	switch style {
	case Plain:
	case Display:
		list = append(list, face{"NotoSerif-SemiBold", nil})
		weight, bold = "SemiBold", "Bold"
	case Strong:
		weight, bold = "SemiBold", "Bold"
	}
	return append(list,
		face{"NotoSans-" + weight, nil},
		face{"NotoSansArabic-" + bold, arabic},
		face{"NotoSansHebrew-" + bold, hebrew},
		face{"NotoSansDevanagari-" + bold, devanagari},
		face{"NotoSansThai-" + bold, thai},
		face{"NotoSansArmenian-Regular", []span{{0x530, 0x58f}, {0xfb13, 0xfb17}}},
		face{"NotoSansBengali-Regular", []span{{0x951, 0x952}, {0x964, 0x965}, {0x980, 0x9ff}}},
		face{"NotoSansGurmukhi-Regular", []span{{0xa00, 0xa7f}}},
		face{"NotoSansTamil-Regular", []span{{0xb80, 0xbff}}},
		face{"NotoSansLao-Regular", []span{{0xe80, 0xeff}}},
		face{"NotoSansGeorgian-Regular", []span{{0x10a0, 0x10ff}, {0x1c90, 0x1cbf}, {0x2d00, 0x2d2f}}},
		face{"NotoSansEthiopic-Regular", []span{{0x1200, 0x139f}, {0x2d80, 0x2ddf}, {0xab00, 0xab2f}}},
		face{"NotoSansKhmer-Regular", []span{{0x1780, 0x17ff}, {0x19e0, 0x19ff}}},
		face{"NanumGothic-Regular", []span{{0x1100, 0x11ff}, {0x3130, 0x318f}, {0xac00, 0xd7ff}}},
		face{"DroidSansFallbackFull", []span{{0x1100, 0x11ff}, {0x2000, 0xffef}}},
		face{"NotoEmoji-Regular", []span{{0x2000, 0x3300}, {0x1f000, 0x1faff}, {0xe0020, 0xe007f}}},
	)
}

// FileNames returns the names of the font files, without their ending.
func FileNames() []string {
	paths, err := fs.Glob(files, "fonts/*.ttf")
	if err != nil {
		return nil // the pattern is right
	}
	names := make([]string, 0, len(paths))
	for _, p := range paths {
		names = append(names, strings.TrimSuffix(path.Base(p), ".ttf"))
	}
	return names
}
