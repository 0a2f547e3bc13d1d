package typeset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/go-text/typesetting/font/opentype"
)

// Subset returns a TrueType file with these glyphs only, numbered from 0 in their
// order. Glyph 0, the font's box for missing characters, is empty.
// Parts of composed glyphs follow at the end. Instructions for low resolutions are
// left out.
func (f *Font) Subset(glyphs []uint16) ([]byte, error) {
	s := subset{font: f, glyphs: slices.Clone(glyphs), numbers: map[uint16]int{}}
	for i, g := range glyphs {
		s.numbers[g] = i // a glyph may stand in several places
	}
	for i := 0; i < len(s.glyphs); i++ { // parts are added while it runs
		if err := s.add(i); err != nil {
			return nil, fmt.Errorf("subset font %s: %w", f.Name, err)
		}
	}
	return s.file()
}

// subset is a font file in the making.
type subset struct {
	font    *Font
	glyphs  []uint16       // numbers in the full font, by number in the subset
	numbers map[uint16]int // the reverse
	outline []byte         // the table glyf
	index   []byte         // the table loca, four bytes each
	widths  []byte         // the table hmtx
}

func (s *subset) add(number int) error {
	s.index = binary.BigEndian.AppendUint32(s.index, uint32(len(s.outline))) //nolint:gosec // a few hundred kilobytes
	glyph := s.glyphs[number]
	s.widths = append(s.widths, s.font.metric(glyph)...)
	if glyph == 0 {
		return nil
	}
	outline, err := s.font.outline(glyph)
	if err != nil || len(outline) == 0 {
		return err
	}
	if int16(binary.BigEndian.Uint16(outline)) < 0 { //nolint:gosec // the number is signed
		outline, err = s.composed(outline)
	} else {
		outline, err = withoutInstructions(outline)
	}
	if err != nil {
		return fmt.Errorf("glyph %d: %w", glyph, err)
	}
	s.outline = append(s.outline, outline...)
	for len(s.outline)%4 != 0 {
		s.outline = append(s.outline, 0)
	}
	return nil
}

var errOutline = errors.New("the outline is incomplete")

// Flags of a part of a composed glyph.
const (
	wordArguments   = 1 << 0
	oneScale        = 1 << 3
	moreParts       = 1 << 5
	twoScales       = 1 << 6
	fourScales      = 1 << 7
	hasInstructions = 1 << 8
)

// composed returns the outline with the parts' numbers in the subset.
func (s *subset) composed(outline []byte) ([]byte, error) {
	for at := 10; ; {
		if len(outline) < at+4 {
			return nil, errOutline
		}
		flags := binary.BigEndian.Uint16(outline[at:])
		part := s.number(binary.BigEndian.Uint16(outline[at+2:]))
		binary.BigEndian.PutUint16(outline[at:], flags&^hasInstructions)
		binary.BigEndian.PutUint16(outline[at+2:], part)
		at += 4 + lengthOfPlacing(flags)
		if len(outline) < at {
			return nil, errOutline
		}
		if flags&moreParts == 0 {
			return outline[:at], nil
		}
	}
}

// lengthOfPlacing returns how many bytes say where a part stands and how large it is.
func lengthOfPlacing(flags uint16) int {
	n := 2
	if flags&wordArguments != 0 {
		n = 4
	}
	switch {
	case flags&oneScale != 0:
		n += 2
	case flags&twoScales != 0:
		n += 4
	case flags&fourScales != 0:
		n += 8
	}
	return n
}

func (s *subset) number(glyph uint16) uint16 {
	n, has := s.numbers[glyph]
	if !has {
		n = len(s.glyphs)
		s.numbers[glyph] = n
		s.glyphs = append(s.glyphs, glyph)
	}
	return uint16(n) //nolint:gosec // at most the glyphs of one font
}

func withoutInstructions(outline []byte) ([]byte, error) {
	contours := int(binary.BigEndian.Uint16(outline))
	at := 10 + 2*contours
	if len(outline) < at+2 {
		return nil, errOutline
	}
	end := at + 2 + int(binary.BigEndian.Uint16(outline[at:]))
	if len(outline) < end {
		return nil, errOutline
	}
	short := append(slices.Clone(outline[:at]), 0, 0)
	return append(short, outline[end:]...), nil
}

func (s *subset) file() ([]byte, error) {
	s.index = binary.BigEndian.AppendUint32(s.index, uint32(len(s.outline))) //nolint:gosec // a few hundred kilobytes
	count := uint16(len(s.glyphs))                                           //nolint:gosec // at most the glyphs of one font
	var tables []opentype.Table
	for _, tag := range []string{"glyf", "head", "hhea", "hmtx", "loca", "maxp"} {
		var content []byte
		var err error
		switch tag {
		case "glyf":
			content = s.outline
		case "loca":
			content = s.index
		case "hmtx":
			content = s.widths
		default:
			if content, err = s.font.table(tag); err != nil {
				return nil, err
			}
		}
		switch tag {
		case "head":
			binary.BigEndian.PutUint32(content[8:], 0)  // checksum of a file that is no more
			binary.BigEndian.PutUint16(content[50:], 1) // loca has four bytes each
		case "hhea":
			binary.BigEndian.PutUint16(content[34:], count)
		case "maxp":
			binary.BigEndian.PutUint16(content[4:], count)
		}
		for len(content)%4 != 0 {
			content = append(content, 0)
		}
		tables = append(tables, opentype.Table{Tag: opentype.MustNewTag(tag), Content: content})
	}
	return opentype.WriteTTF(tables), nil
}

// outline returns a copy of the bytes of one glyph. A space has none.
func (f *Font) outline(glyph uint16) ([]byte, error) {
	from, to, err := f.place(int(glyph))
	if err != nil || from >= to {
		return nil, err
	}
	glyf := f.tables["glyf"]
	if to > glyf.length || to-from < 10 {
		return nil, errOutline
	}
	out := make([]byte, to-from)
	_, err = f.file.ReadAt(out, glyf.offset+from)
	return out, err
}

// place returns where the outline of a glyph begins and ends in the table glyf.
func (f *Font) place(glyph int) (from, to int64, err error) {
	if glyph >= f.glyphs {
		return 0, 0, fmt.Errorf("no glyph %d", glyph)
	}
	loca := f.tables["loca"]
	var entry [8]byte
	if f.wideIndex {
		_, err = f.file.ReadAt(entry[:], loca.offset+int64(glyph)*4)
		return int64(binary.BigEndian.Uint32(entry[:])), int64(binary.BigEndian.Uint32(entry[4:])), err
	}
	_, err = f.file.ReadAt(entry[:4], loca.offset+int64(glyph)*2)
	return 2 * int64(binary.BigEndian.Uint16(entry[:])), 2 * int64(binary.BigEndian.Uint16(entry[2:])), err
}

// metric returns the four bytes of a glyph in the table hmtx: advance and bearing.
func (f *Font) metric(glyph uint16) []byte {
	if int(glyph) < f.long {
		return f.advances[4*int(glyph):][:4]
	}
	advance := f.advances[4*(f.long-1):][:2]
	bearing := []byte{0, 0}
	if at := 4*f.long + 2*(int(glyph)-f.long); at+2 <= len(f.advances) {
		bearing = f.advances[at:][:2]
	}
	return []byte{advance[0], advance[1], bearing[0], bearing[1]}
}
