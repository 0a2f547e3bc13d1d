package certificate

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/insigne-badges/insigne/badges/certificate/pdf"
	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

// embedded are the fonts of one file, with the glyphs that it shows.
type embedded struct {
	byFont map[*typeset.Font]*embeddedFont
	order  []*embeddedFont
}

type embeddedFont struct {
	font  *typeset.Font
	name  string // in the resources of the page
	codes map[sign]uint16
	signs []sign // by code
}

// sign is a glyph that stands for some letters. A glyph that is used for different
// letters, such as a bow of Arabic under different dots, has a code for each of them:
// then every program that copies text finds the letters by the code alone.
type sign struct {
	glyph uint16
	text  string // empty: part of a larger shape, which another sign speaks for
}

// width returns the width of the sign in thousandths of an em. Glyph 0 is empty.
func (s sign) width(f *typeset.Font) int {
	if s.glyph == 0 {
		return 0
	}
	return f.Advance(s.glyph)
}

func newEmbedded() *embedded { return &embedded{byFont: map[*typeset.Font]*embeddedFont{}} }

func (e *embedded) use(f *typeset.Font) *embeddedFont {
	if u, has := e.byFont[f]; has {
		return u
	}
	u := &embeddedFont{
		font: f, name: fmt.Sprintf("F%d", len(e.order)+1),
		codes: map[sign]uint16{}, signs: []sign{{}}, // code 0 is for missing glyphs
	}
	e.byFont[f] = u
	e.order = append(e.order, u)
	return u
}

func (e *embedded) name(f *typeset.Font) string { return e.use(f).name }

// code returns the code of a sign in the font.
func (e *embedded) code(f *typeset.Font, s sign) uint16 {
	u := e.use(f)
	code, has := u.codes[s]
	if !has {
		code = uint16(len(u.signs)) //nolint:gosec // at most the characters of one page
		u.codes[s] = code
		u.signs = append(u.signs, s)
	}
	return code
}

// write adds the fonts to the file and returns the entry of the resources.
func (e *embedded) write(w *pdf.Writer) (string, error) {
	var entry strings.Builder
	for _, u := range e.order {
		ref, err := u.write(w)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&entry, "/%s %v", u.name, ref)
	}
	return "<<" + entry.String() + ">>", nil
}

func (u *embeddedFont) write(w *pdf.Writer) (pdf.Ref, error) {
	glyphs := make([]uint16, len(u.signs))
	for code, s := range u.signs {
		glyphs[code] = s.glyph
	}
	outlines, err := u.font.Subset(glyphs)
	if err != nil {
		return 0, err
	}
	file, err := w.Stream(fmt.Sprintf("/Length1 %d", len(outlines)), outlines)
	if err != nil {
		return 0, err
	}
	unicode, err := w.Stream("", u.unicode())
	if err != nil {
		return 0, err
	}
	name, m := subsetTag(outlines)+"+"+u.font.Name, u.font.Metrics
	descriptor := w.Add(fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %v>>",
		name, m.Box[0], m.Box[1], m.Box[2], m.Box[3], m.Ascent, m.Descent, m.CapHeight, file))
	var widths strings.Builder
	for _, s := range u.signs {
		fmt.Fprintf(&widths, "%d ", s.width(u.font))
	}
	descendant := w.Add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %v/CIDToGIDMap/Identity/DW 1000/W[0[%s]]>>",
		name, descriptor, widths.String()))
	return w.Add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%v]/ToUnicode %v>>",
		name, descendant, unicode)), nil
}

// subsetTag returns six capitals that differ for different subsets (9.6.4).
func subsetTag(outlines []byte) string {
	sum := sha256.Sum256(outlines)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

// unicode returns the table from codes to letters (9.10.3).
func (u *embeddedFont) unicode() []byte {
	var out bytes.Buffer
	out.WriteString("/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n" +
		"/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n" +
		"1 begincodespacerange<0000><FFFF>endcodespacerange\n")
	const most = 100 // of one block
	for from := 0; from < len(u.signs); from += most {
		to := min(from+most, len(u.signs))
		fmt.Fprintf(&out, "%d beginbfchar\n", to-from)
		for code := from; code < to; code++ {
			// Text begins with a byte order mark, which this table does not have.
			fmt.Fprintf(&out, "<%s><%s\n", pdf.Glyph(uint16(code)), pdf.Text(u.signs[code].text)[len("<FEFF"):])
		}
		out.WriteString("endbfchar\n")
	}
	out.WriteString("endcmap CMapName currentdict/CMap defineresource pop end end\n")
	return out.Bytes()
}
