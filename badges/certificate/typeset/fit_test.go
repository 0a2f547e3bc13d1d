package typeset_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

func fit(t testing.TB, l *typeset.Library, text typeset.Text, width, most int) ([]typeset.Line, bool) {
	t.Helper()
	shaped, err := l.Shape(text)
	if err != nil {
		t.Fatal(err)
	}
	lines, whole, err := shaped.Fit(width, most)
	if err != nil {
		t.Fatal(err)
	}
	if fits := shaped.Fits(width, most); fits != whole {
		t.Errorf("Fits says %v, and Fit says %v", fits, whole)
	}
	return lines, whole
}

func texts(lines []typeset.Line) []string {
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		out = append(out, l.Text)
	}
	return out
}

// seen is the text of a line from left to right, cluster by cluster.
func seen(l typeset.Line) string {
	out := ""
	for _, c := range l.Clusters {
		out += c.Text
	}
	return out
}

func TestLinesEnd(t *testing.T) {
	l := typeset.NewLibrary()
	for name, row := range map[string]struct {
		words       string
		width, most int
		want        []string
		whole       bool
	}{
		"one line":                  {"Bonjour", 10000, 3, []string{"Bonjour"}, true},
		"between words":             {"un deux trois", 4000, 3, []string{"un deux", "trois"}, true},
		"at a line feed":            {"un\n\r\n deux", 10000, 3, []string{"un", " deux"}, true},
		"inside a long word":        {"anticonstitutionnellement", 5000, 9, []string{"anticonstit", "utionnelle", "ment"}, true},
		"between ideographs":        {"数据探索者", 2000, 9, []string{"数据", "探索", "者"}, true},
		"not before a comma":        {"数据，者", 2000, 9, []string{"数", "据，", "者"}, true},
		"not after a hard space":    {"au moins 14\u00a0points", 6400, 9, []string{"au moins", "14\u00a0points"}, true},
		"shortened at a word":       {"un deux trois quatre cinq", 5500, 2, []string{"un deux", "trois…"}, false},
		"shortened at a line feed":  {"un\ndeux", 10000, 1, []string{"un…"}, false},
		"shortened to nothing":      {"un deux", 10000, 0, nil, false},
		"shortened in a long word":  {strings.Repeat("W", 50), 5000, 1, []string{"WWWW…"}, false},
		"narrower than one letter":  {"WW", 10, 9, []string{"W", "W"}, true},
		"no text":                   {"", 1000, 1, nil, true},
		"a space":                   {" ", 1000, 1, []string{" "}, true},
		"marks stay with a letter":  {strings.Repeat("e\u0301", 3), 600, 9, []string{"e\u0301", "e\u0301", "e\u0301"}, true},
		"shortened to the left":     {"شهادة إتمام البرنامج", 6500, 1, []string{"شهادة إتمام…"}, false},
		"Thai breaks where it must": {"ใบรับรอง", 2000, 9, []string{"ใบรับ", "รอง"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			lines, whole := fit(t, l, typeset.Text{Words: row.words}, row.width, row.most)
			if diff := cmp.Diff(row.want, texts(lines), cmp.Transformer("nil", func(s []string) []string { return append([]string{}, s...) })); diff != "" || whole != row.whole {
				t.Errorf("whole %v, %s", whole, diff)
			}
		})
	}
}

func TestLinesAreNotTooWide(t *testing.T) {
	l := typeset.NewLibrary()
	for _, words := range []string{
		strings.Repeat("Sait lire un jeu de données. ", 40), strings.Repeat("تستطيع قراءة البيانات 14/20 OpenRefine ", 40), strings.Repeat("能够阅读数据集。", 80),
	} {
		for _, balanced := range []bool{false, true} {
			for _, width := range []int{7000, 20000, 43000} {
				lines, _ := fit(t, l, typeset.Text{Words: words, Balanced: balanced}, width, 7)
				for _, line := range lines {
					if line.Width > width {
						t.Errorf("%d wide, at most %d: %q", line.Width, width, line.Text)
					}
				}
			}
		}
	}
}

func TestBalancedLinesAreAlike(t *testing.T) {
	l := typeset.NewLibrary()
	text := typeset.Text{Words: "Sait lire un jeu de données et en montrer la qualité"}
	plain, _ := fit(t, l, text, 20000, 3)
	text.Balanced = true
	balanced, _ := fit(t, l, text, 20000, 3)
	if len(plain) != 2 || len(balanced) != 2 {
		t.Fatalf("%q, %q", texts(plain), texts(balanced))
	}
	if plain[0].Width-plain[1].Width < 10000 || balanced[0].Width-balanced[1].Width > 3000 {
		t.Errorf("%q, %q", texts(plain), texts(balanced))
	}
}

// The order in which a line of both directions is seen, from left to right (UAX #9).
func TestOrderOfBothDirections(t *testing.T) {
	l := typeset.NewLibrary()
	for name, row := range map[string]struct {
		words, want string
		rightToLeft bool
	}{
		"to the right":                   {"abc 123", "abc 123", false},
		"to the left":                    {"אבג", "גבא", false},
		"a word to the left inside":      {"abc אבג def", "abc גבא def", false},
		"a number after it":              {"abc אבג 123 דהו def", "abc והד 123 גבא def", false},
		"the number ends it":             {"abc אבג 123 def", "abc 123 גבא def", false},
		"a number with letters":          {"אב 123abc", "123abc בא", true},
		"Arabic digits after Latin":      {"abc ١٢٣ אבג", "abc גבא ١٢٣", false},
		"a percent sign":                 {"abc אב 45% גד", "abc דג 45% בא", false},
		"a fraction":                     {"אב 14/20 גד", "דג 14/20 בא", true},
		"Latin inside to the left":       {"אב Open Refine 3.7 גד", "דג Open Refine 3.7 בא", true},
		"brackets":                       {"אב (Leïla) גד", "דג )Leïla( בא", true}, // the glyphs are mirrored
		"a point at the end":             {"אב abc.", ".abc בא", true},
		"digits alone, page to the left": {"2026", "2026", true},
		"an override does nothing":       {"abc \u202edef\u202c ghi", "abc \u202edef\u202c ghi", false},
	} {
		t.Run(name, func(t *testing.T) {
			lines, _ := fit(t, l, typeset.Text{Words: row.words, RightToLeft: row.rightToLeft}, 50000, 1)
			if got := seen(lines[0]); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
			if lines[0].Text != row.words {
				t.Errorf("the text is %q", lines[0].Text)
			}
		})
	}
}

// Characters without a glyph: what is shown, and what a program copies.
func TestCharactersWithoutGlyph(t *testing.T) {
	l := typeset.NewLibrary()
	for name, row := range map[string]struct {
		words string
		want  []string // the letters of each cluster
	}{
		"left out":                 {"a𐎠b", []string{"a𐎠", "b"}},
		"left out at the start":    {"𐎠b", []string{"𐎠b"}},
		"nothing else":             {"𐎠𐎡", []string{"𐎠𐎡"}},
		"a plainer form":           {"𝓩o", []string{"𝓩", "o"}},
		"several letters for one":  {"㏒", []string{"㏒"}},
		"controls":                 {"a\x00\x07b", []string{"a\x00\x07", "b"}},
		"an override":              {"a\u202eb", []string{"a\u202e", "b"}},
		"a space without width":    {"a\u200bb", []string{"a\u200b", "b"}},
		"colour of skin":           {"👍🏽!", []string{"👍🏽", "!"}},
		"a family":                 {"👩‍👩‍👧", []string{"👩‍👩‍👧"}},
		"a letter with many marks": {"e\u0301\u0302", []string{"e\u0301\u0302"}},
	} {
		t.Run(name, func(t *testing.T) {
			lines, _ := fit(t, l, typeset.Text{Words: row.words}, 50000, 1)
			var got []string
			for _, c := range lines[0].Clusters {
				got = append(got, c.Text)
				for _, g := range c.Glyphs {
					if g.ID == 0 {
						t.Errorf("%q has the glyph for missing characters", c.Text)
					}
				}
			}
			if row.words == "👩‍👩‍👧" { // the font may have no glyph for all three together
				got = []string{strings.Join(got, "")}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLongTextIsCut(t *testing.T) {
	l := typeset.NewLibrary()
	lines, whole := fit(t, l, typeset.Text{Words: strings.Repeat("é", 3*typeset.MaxRunes)}, 1<<30, 1)
	if n := utf8.RuneCountInString(lines[0].Text); whole || n != typeset.MaxRunes+1 {
		t.Errorf("whole %v, %d characters", whole, n)
	}
	lines, whole = fit(t, l, typeset.Text{Words: "abcdef", Limit: 3}, 1<<30, 1)
	if lines[0].Text != "abc…" || whole {
		t.Errorf("whole %v, %q", whole, lines[0].Text)
	}
}

func FuzzFit(f *testing.F) {
	for _, s := range []string{"", "a b", "אב (Leïla) 12٣", "क्षि 数据", "\u202e\u2067x\u2069", "e\u0301\u200d", "👩🏽‍🎓", "\x00\xff", "กำ\u0e33"} {
		f.Add(s, 3000, uint8(2), false)
	}
	l := typeset.NewLibrary()
	f.Fuzz(func(t *testing.T, words string, width int, style uint8, rightToLeft bool) {
		words = strings.ToValidUTF8(words, "")
		if strings.ContainsAny(words, "\n\r") {
			return
		}
		text := typeset.Text{Words: words, Style: typeset.Style(style % 3), RightToLeft: rightToLeft, Language: "fr"}
		lines, whole := fit(t, l, text, min(max(width, 1), 100000), 1<<30)
		if !whole {
			return // longer than MaxRunes
		}
		all, glyphs := "", ""
		for _, line := range lines {
			all += line.Text
			glyphs += seen(line)
		}
		// Only spaces at the ends of lines may be missing.
		if letters(all) != letters(words) || len(letters(glyphs)) != len(letters(words)) {
			t.Errorf("%q became %q, seen as %q", words, all, glyphs)
		}
	})
}

func letters(s string) string { return strings.Join(strings.Fields(s), "") }
