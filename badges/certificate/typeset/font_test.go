package typeset_test

import (
	"bytes"
	"os"
	"sync"
	"testing"

	"github.com/go-text/typesetting/font"
	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

func TestFontsAreReadable(t *testing.T) {
	l := typeset.NewLibrary()
	total := int64(0)
	for _, name := range typeset.FileNames() {
		f, err := l.Font(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if m := f.Metrics; f.Name != name || m.Ascent < 500 || m.Descent > 0 || m.Box[2] <= m.Box[0] {
			t.Errorf("%s: %+v", name, m)
		}
		info, err := os.Stat("fonts/" + name + ".ttf")
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	if most := int64(12 << 20); total > most || total == 0 {
		t.Errorf("the fonts have %d bytes", total)
	}
}

// Every style finds a glyph in a font of its own for each script.
func TestEachScriptHasItsFont(t *testing.T) {
	l := typeset.NewLibrary()
	for text, want := range map[string][3]string{
		"a": {"NotoSans-Regular", "NotoSans-SemiBold", "NotoSerif-SemiBold"},
		"ễ": {"NotoSans-Regular", "NotoSans-SemiBold", "NotoSerif-SemiBold"},
		"λ": {"NotoSans-Regular", "NotoSans-SemiBold", "NotoSerif-SemiBold"},
		"щ": {"NotoSans-Regular", "NotoSans-SemiBold", "NotoSerif-SemiBold"},
		"ش": {"NotoSansArabic-Regular", "NotoSansArabic-Bold", "NotoSansArabic-Bold"},
		"ש": {"NotoSansHebrew-Regular", "NotoSansHebrew-Bold", "NotoSansHebrew-Bold"},
		"ก": {"NotoSansThai-Regular", "NotoSansThai-Bold", "NotoSansThai-Bold"},
		"ա": {"NotoSansArmenian-Regular", "NotoSansArmenian-Regular", "NotoSansArmenian-Regular"},
		"ব": {"NotoSansBengali-Regular", "NotoSansBengali-Regular", "NotoSansBengali-Regular"},
		"ਪ": {"NotoSansGurmukhi-Regular", "NotoSansGurmukhi-Regular", "NotoSansGurmukhi-Regular"},
		"த": {"NotoSansTamil-Regular", "NotoSansTamil-Regular", "NotoSansTamil-Regular"},
		"ລ": {"NotoSansLao-Regular", "NotoSansLao-Regular", "NotoSansLao-Regular"},
		"ქ": {"NotoSansGeorgian-Regular", "NotoSansGeorgian-Regular", "NotoSansGeorgian-Regular"},
		"አ": {"NotoSansEthiopic-Regular", "NotoSansEthiopic-Regular", "NotoSansEthiopic-Regular"},
		"ខ": {"NotoSansKhmer-Regular", "NotoSansKhmer-Regular", "NotoSansKhmer-Regular"},
		"한": {"NanumGothic-Regular", "NanumGothic-Regular", "NanumGothic-Regular"},
		"字": {"DroidSansFallbackFull", "DroidSansFallbackFull", "DroidSansFallbackFull"},
		"の": {"DroidSansFallbackFull", "DroidSansFallbackFull", "DroidSansFallbackFull"},
		"🚀": {"NotoEmoji-Regular", "NotoEmoji-Regular", "NotoEmoji-Regular"},
	} {
		var got [3]string
		for _, style := range []typeset.Style{typeset.Plain, typeset.Strong, typeset.Display} {
			lines, _ := fit(t, l, typeset.Text{Words: text, Style: style}, 9000, 1)
			got[style] = lines[0].Clusters[0].Font.Name
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// A subset draws the same shapes as the font it was taken from.
func TestSubsetKeepsShapes(t *testing.T) {
	l := typeset.NewLibrary()
	for _, name := range typeset.FileNames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := l.Font(name)
			if err != nil {
				t.Fatal(err)
			}
			file, err := os.ReadFile("fonts/" + name + ".ttf")
			if err != nil {
				t.Fatal(err)
			}
			full, err := font.ParseTTF(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			glyphs := []uint16{0, 3, 4, 40, 41, 42, 60, 61, 62, 70, 75, 80, 90, 100, 40}
			subset, err := f.Subset(glyphs)
			if err != nil {
				t.Fatal(err)
			}
			small, err := font.ParseTTF(bytes.NewReader(withMap(t, file, subset)))
			if err != nil {
				t.Fatal(err)
			}
			for number, glyph := range glyphs {
				want, got := full.GlyphData(font.GID(glyph)), small.GlyphData(font.GID(number))
				if number == 0 {
					want = font.GlyphOutline{}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("glyph %d: %s", glyph, diff)
				}
				if w, g := full.HorizontalAdvance(font.GID(glyph)), small.HorizontalAdvance(font.GID(number)); w != g {
					t.Errorf("glyph %d is %v wide, want %v", glyph, g, w)
				}
			}
			if len(subset) > len(file)/4 && len(file) > 100_000 {
				t.Errorf("%d of %d bytes", len(subset), len(file))
			}
		})
	}
}

func TestSubsetOfNoSuchGlyph(t *testing.T) {
	f, err := typeset.NewLibrary().Font("NotoSans-Regular")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Subset([]uint16{0, 65000}); err == nil {
		t.Error("a glyph that the font does not have was taken")
	}
}

func TestLibraryIsForManyAtOnce(t *testing.T) {
	l := typeset.NewLibrary()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, words := range []string{"Zoë", "شهادة", "数据", "प्रमाण"} {
				shaped, err := l.Shape(typeset.Text{Words: words, Style: typeset.Display})
				if err != nil {
					t.Error(err)
					return
				}
				if lines, whole, err := shaped.Fit(9000, 1); err != nil || !whole || lines[0].Text != words {
					t.Errorf("%q: %v, %v", words, whole, err)
				}
			}
		})
	}
	wg.Wait()
}
