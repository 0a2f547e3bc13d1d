package typeset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// Font is one font file of the Library. It is safe for concurrent use.
type Font struct {
	Name    string // PostScript name
	Metrics Metrics

	shapes    *font.Font  // what the shaper needs: everything but the outlines
	file      io.ReaderAt // the whole file; outlines are read from it glyph by glyph
	tables    map[string]table
	advances  []byte // the table hmtx
	long      int    // glyphs with an advance of their own; the others have that of the last
	glyphs    int
	wideIndex bool // the table loca has four bytes for each glyph
}

// Light reports whether the font has one weight only. Where a style is bold, such a
// font looks thin beside the others.
func (f *Font) Light() bool {
	return f.Name == "DroidSansFallbackFull" || strings.HasSuffix(f.Name, "-Regular") && f.Name != emoji
}

// Metrics are the measures of a font in thousandths of an em.
type Metrics struct {
	Ascent, Descent, CapHeight int    // Descent is negative
	Box                        [4]int // around all glyphs: left, bottom, right, top
}

type table struct{ offset, length int64 }

// openFont reads a font of the folder fonts.
func openFont(name string) (*Font, error) {
	f, err := files.Open("fonts/" + name + ".ttf")
	if err != nil {
		return nil, fmt.Errorf("open font: %w", err)
	}
	whole, ok := f.(io.ReaderAt)
	if !ok {
		return nil, errors.New("open font " + name + ": the file cannot be read at a position")
	}
	out := &Font{Name: name, file: whole}
	if err := out.read(); err != nil {
		return nil, fmt.Errorf("read font %s: %w", name, err)
	}
	return out, nil
}

func (f *Font) read() error {
	if err := f.readDirectory(); err != nil {
		return err
	}
	if err := f.readMetrics(); err != nil {
		return err
	}
	return f.readShapes()
}

func (f *Font) readDirectory() error {
	var start [12]byte
	if _, err := f.file.ReadAt(start[:], 0); err != nil {
		return err
	}
	entries := make([]byte, 16*int(binary.BigEndian.Uint16(start[4:])))
	if _, err := f.file.ReadAt(entries, 12); err != nil {
		return err
	}
	f.tables = map[string]table{}
	for e := entries; len(e) > 0; e = e[16:] {
		f.tables[string(e[:4])] = table{int64(binary.BigEndian.Uint32(e[8:])), int64(binary.BigEndian.Uint32(e[12:]))}
	}
	return nil
}

// readShapes hands the shaper a font without outlines: it would unpack all of them,
// tens of megabytes for the Chinese font.
func (f *Font) readShapes() error {
	var kept []opentype.Table
	for _, tag := range []string{"GDEF", "GPOS", "GSUB", "OS/2", "cmap", "head", "hhea", "hmtx", "maxp"} {
		if _, has := f.tables[tag]; !has {
			continue
		}
		content, err := f.table(tag)
		if err != nil {
			return err
		}
		kept = append(kept, opentype.Table{Tag: opentype.MustNewTag(tag), Content: content})
	}
	loader, err := opentype.NewLoader(bytes.NewReader(opentype.WriteTTF(kept)))
	if err != nil {
		return err
	}
	f.shapes, err = font.NewFont(loader)
	return err
}

func (f *Font) readMetrics() error {
	head, err := f.table("head")
	if err != nil {
		return err
	}
	hhea, err := f.table("hhea")
	if err != nil {
		return err
	}
	maxp, err := f.table("maxp")
	if err != nil {
		return err
	}
	if f.advances, err = f.table("hmtx"); err != nil {
		return err
	}
	if len(head) < 54 || len(hhea) < 36 || len(maxp) < 6 {
		return errors.New("a table is too short")
	}
	upem := int(binary.BigEndian.Uint16(head[18:]))
	f.long, f.glyphs = int(binary.BigEndian.Uint16(hhea[34:])), int(binary.BigEndian.Uint16(maxp[4:]))
	if upem == 0 || f.long == 0 || len(f.advances) < 4*f.long {
		return errors.New("no measures")
	}
	f.wideIndex = binary.BigEndian.Uint16(head[50:]) == 1
	thousandths := func(b []byte) int { return int(int16(binary.BigEndian.Uint16(b))) * 1000 / upem } //nolint:gosec // the number is signed
	f.Metrics = Metrics{Ascent: thousandths(hhea[4:]), Descent: thousandths(hhea[6:]), CapHeight: 714}
	for i := range f.Metrics.Box {
		f.Metrics.Box[i] = thousandths(head[36+2*i:])
	}
	return nil
}

func (f *Font) table(tag string) ([]byte, error) {
	t, has := f.tables[tag]
	if !has {
		return nil, errors.New("no table " + tag)
	}
	content := make([]byte, t.length)
	if _, err := f.file.ReadAt(content, t.offset); err != nil {
		return nil, fmt.Errorf("table %s: %w", tag, err)
	}
	return content, nil
}

// Advance returns the width of a glyph in thousandths of an em.
func (f *Font) Advance(glyph uint16) int {
	i := min(int(glyph), f.long-1)
	upem := int(f.shapes.Upem())
	return (int(binary.BigEndian.Uint16(f.advances[4*i:]))*1000 + upem/2) / upem
}
