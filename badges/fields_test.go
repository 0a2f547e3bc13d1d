package badges_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// whole returns a content with every field.
func whole() badges.Content {
	return badges.Content{
		Name: "Data explorer", Description: "Explores data.", Language: "en", Picture: "p", Issuer: "i",
		Rule: badges.Rule{Kind: badges.CourseCompleted}, ValidMonths: 12,
		Caption: "A summit under a star", Tags: []string{"data", "society"},
		Alignments: []badges.Alignment{{Name: "analyse data", Framework: "ESCO", Code: "S2.7", URL: "http://data.europa.eu/esco/skill/1"}},
		Credits:    1.5, Level: 6, Hours: 40,
		Translations: []badges.Translation{{Language: "de", Name: "Datenforscherin", Description: "Erforscht Daten."}},
	}
}

// TestContentFields changes one field of a whole content.
func TestContentFields(t *testing.T) {
	alignment := func(change func(*badges.Alignment)) func(*badges.Content) {
		return func(c *badges.Content) { change(&c.Alignments[0]) }
	}
	address := func(url string) func(*badges.Content) {
		return alignment(func(a *badges.Alignment) { a.URL = url })
	}
	translation := func(change func(*badges.Translation)) func(*badges.Content) {
		return func(c *badges.Content) { change(&c.Translations[0]) }
	}
	for _, tt := range []struct {
		name   string
		change func(*badges.Content)
		key    string
	}{
		{"fine", func(*badges.Content) {}, ""},
		{"the most tags", func(c *badges.Content) { c.Tags = numbered("tag", badges.MaxTags) }, ""},
		{"too many tags", func(c *badges.Content) { c.Tags = numbered("tag", badges.MaxTags+1) }, "badge.tags_too_many"},
		{"a long tag", func(c *badges.Content) { c.Tags = []string{strings.Repeat("é", badges.MaxTag+1)} }, "badge.tags_too_long"},
		{"an invisible tag", func(c *badges.Content) { c.Tags = []string{"\u200b"} }, "badge.tags_missing"},
		{"an alignment without a name", alignment(func(a *badges.Alignment) { a.Name = "" }), "badge.alignment_name_missing"},
		{"an alignment with a long name", alignment(func(a *badges.Alignment) { a.Name = strings.Repeat("é", badges.MaxAlignment+1) }), "badge.alignment_name_too_long"},
		{"an alignment of two lines", alignment(func(a *badges.Alignment) { a.Name = "a\nb" }), "badge.alignment_name_unreadable"},
		{"a long framework", alignment(func(a *badges.Alignment) { a.Framework = strings.Repeat("é", badges.MaxAlignment+1) }), "badge.alignment_framework_too_long"},
		{"a long code", alignment(func(a *badges.Alignment) { a.Code = strings.Repeat("é", badges.MaxAlignment+1) }), "badge.alignment_code_too_long"},
		{"no address", address(""), "badge.alignment_url_invalid"},
		{"a relative address", address("/skill/1"), "badge.alignment_url_invalid"},
		{"a script", address("javascript:alert(1)"), "badge.alignment_url_invalid"},
		{"a name of an entry", address("urn:esco:1"), "badge.alignment_url_invalid"},
		{"a password", address("https://a:b@esco.example/1"), "badge.alignment_url_invalid"},
		{"an empty user name", address("https://@esco.example/1"), "badge.alignment_url_invalid"},
		{"markup", address(`https://esco.example/"><script>`), "badge.alignment_url_invalid"},
		{"a space", address("https://esco.example/a b"), "badge.alignment_url_invalid"},
		{"a reversed address", address("https://esco.example/\u202e1"), "badge.alignment_url_invalid"},
		{"a host that is none", address("https://-é-.example/"), "badge.alignment_url_invalid"},
		{"a long address", address("https://esco.example/" + strings.Repeat("x", badges.MaxWebAddress)), "badge.alignment_url_invalid"},
		{"an address that is long when it is escaped", address("https://esco.example/" + strings.Repeat("é", badges.MaxWebAddress/3)), "badge.alignment_url_invalid"},
		{"too many alignments", func(c *badges.Content) { c.Alignments = repeated(c.Alignments[0], badges.MaxAlignments+1) }, "badge.alignment_too_many"},
		{"the most alignments", func(c *badges.Content) { c.Alignments = repeated(c.Alignments[0], badges.MaxAlignments) }, ""},
		{"two decimals", func(c *badges.Content) { c.Credits = 0.29 }, ""},
		{"three decimals", func(c *badges.Content) { c.Credits = 1.125 }, "badge.credits_out_of_range"},
		{"the most credits", func(c *badges.Content) { c.Credits = badges.MaxCredits }, ""},
		{"too many credits", func(c *badges.Content) { c.Credits = badges.MaxCredits + 0.01 }, "badge.credits_out_of_range"},
		{"negative credits", func(c *badges.Content) { c.Credits = -1 }, "badge.credits_out_of_range"},
		{"no number of credits", func(c *badges.Content) { c.Credits = math.NaN() }, "badge.credits_out_of_range"},
		{"endless credits", func(c *badges.Content) { c.Credits = math.Inf(1) }, "badge.credits_out_of_range"},
		{"tiny credits", func(c *badges.Content) { c.Credits = 1e-7 }, "badge.credits_out_of_range"},
		{"level 8", func(c *badges.Content) { c.Level = 8 }, ""},
		{"level 9", func(c *badges.Content) { c.Level = 9 }, "badge.level_out_of_range"},
		{"level -1", func(c *badges.Content) { c.Level = -1 }, "badge.level_out_of_range"},
		{"the most hours", func(c *badges.Content) { c.Hours = badges.MaxHours }, ""},
		{"too many hours", func(c *badges.Content) { c.Hours = badges.MaxHours + 1 }, "badge.hours_out_of_range"},
		{"negative hours", func(c *badges.Content) { c.Hours = -1 }, "badge.hours_out_of_range"},
		{"the main language twice", translation(func(t *badges.Translation) { t.Language = "en" }), "badge.translation_twice"},
		{"another language twice", func(c *badges.Content) { c.Translations = repeated(c.Translations[0], 2) }, "badge.translation_twice"},
		{"no language", translation(func(t *badges.Translation) { t.Language = "" }), "badge.translation_language_missing"},
		{"a region", translation(func(t *badges.Translation) { t.Language = "de-AT" }), "badge.translation_language_missing"},
		{"no name in a language", translation(func(t *badges.Translation) { t.Name = " " }), "badge.translation_name_missing"},
		{"a long name in a language", translation(func(t *badges.Translation) { t.Name = strings.Repeat("é", badges.MaxName+1) }), "badge.translation_name_too_long"},
		{"no description in a language", translation(func(t *badges.Translation) { t.Description = "" }), "badge.translation_description_missing"},
		{"a long description in a language", translation(func(t *badges.Translation) { t.Description = strings.Repeat("é", badges.MaxDescription+1) }), "badge.translation_description_too_long"},
		{"criteria in one language only", func(c *badges.Content) { c.Criteria = "Charts have legends." }, "badge.translation_criteria_missing"},
		{"criteria in another language only", translation(func(t *badges.Translation) { t.Criteria = "Legenden." }), "badge.translation_criteria_alone"},
		{"too many languages", func(c *badges.Content) { c.Translations = repeated(c.Translations[0], badges.MaxTranslations+1) }, "badge.translation_too_many"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := whole()
			tt.change(&c)
			wantKey(t, c.Validate(), tt.key)
		})
	}
}

func numbered(name string, n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprint(name, i))
	}
	return list
}

func repeated[T any](v T, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = v
	}
	return list
}

// TestContentTrimmed checks what Validate makes of texts with spaces around them, of
// empty elements, and of addresses that only browsers understand.
func TestContentTrimmed(t *testing.T) {
	c, want := whole(), whole()
	c.Caption, c.Tags = " A summit under a star ", []string{" data ", "", "Data", "  ", "society"}
	c.Alignments = append([]badges.Alignment{{}}, c.Alignments...)
	c.Alignments = append(c.Alignments, badges.Alignment{Name: " été ", URL: " https://élan.example:8443/été?q=à%20la%2#{x} "})
	want.Alignments = append(want.Alignments, badges.Alignment{Name: "été", URL: "https://xn--lan-9la.example:8443/%C3%A9t%C3%A9?q=%C3%A0%20la%252#%7Bx%7D"})
	c.Translations[0].Name = " Datenforscherin\n"
	wantKey(t, c.Validate(), "")
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again := c
	wantKey(t, again.Validate(), "")
	if diff := cmp.Diff(c, again); diff != "" {
		t.Errorf("validated again it is another content (-once +twice):\n%s", diff)
	}

	// Empty lists are none: such a content equals one from before there were lists.
	plain := whole()
	plain.Tags, plain.Alignments, plain.Translations = []string{" "}, []badges.Alignment{{}}, []badges.Translation{}
	wantKey(t, plain.Validate(), "")
	if plain.Tags != nil || plain.Alignments != nil || plain.Translations != nil {
		t.Errorf("empty lists stay: %#v", plain)
	}
}

// TestPosition checks that an error names the row of the form that it is about.
func TestPosition(t *testing.T) {
	for name, change := range map[string]func(*badges.Content){
		"alignment": func(c *badges.Content) { c.Alignments = append(c.Alignments, badges.Alignment{Name: "x"}) },
		"language": func(c *badges.Content) {
			c.Translations = append(c.Translations, badges.Translation{Language: "es", Name: "x"})
		},
		"repeated language": func(c *badges.Content) { c.Translations = append(c.Translations, c.Translations[0]) },
	} {
		c := whole()
		change(&c)
		refused, ok := errors.AsType[*fault.Error](c.Validate())
		if !ok || refused.Args["Position"] != 2 {
			t.Errorf("%s: %+v, want position 2", name, refused)
		}
	}
}

func TestParseTags(t *testing.T) {
	for written, want := range map[string][]string{
		"":                          nil,
		" , ,":                      nil,
		"data":                      {"data"},
		"data, open  data ;society": {"data", "open data", "society"},
		"Data, data, DATA":          {"Data"},
		"بيانات، مجتمع":             {"بيانات", "مجتمع"},
		"数据，社会、教育":                  {"数据", "社会", "教育"},
	} {
		if diff := cmp.Diff(want, badges.ParseTags(written)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", written, diff)
		}
	}
}

// TestIn chooses the edition for readers of several languages.
func TestIn(t *testing.T) {
	c := badges.Content{
		Language: "fr", Name: "Exploratrice",
		Translations: []badges.Translation{{Language: "en", Name: "Explorer"}, {Language: "nb", Name: "Oppdager"}},
	}
	for _, tt := range []struct {
		readers []string
		want    string
	}{
		{nil, "fr"},
		{[]string{""}, "fr"},
		{[]string{"en"}, "en"},
		{[]string{"en-GB", "fr"}, "en"},
		{[]string{"EN"}, "en"},
		{[]string{"de", "en", "fr"}, "en"},
		{[]string{"de", "fr-CA", "en"}, "fr"},
		{[]string{"de"}, "fr"},
		{[]string{"e"}, "fr"},
		{[]string{"nb-NO"}, "nb"},
	} {
		if got := c.In(tt.readers...); got.Language != tt.want || got.Name == "" {
			t.Errorf("%q read %+v, want %s", tt.readers, got, tt.want)
		}
	}
	if got, ok := c.Edition("en"); !ok || got.Name != "Explorer" {
		t.Errorf("English edition %+v, %t", got, ok)
	}
	if got, ok := c.Edition("en-GB"); ok {
		t.Errorf("an edition of a language that the badge is not in: %+v", got)
	}
}

// TestLanguages checks that no language is offered twice, and that all have names.
func TestLanguages(t *testing.T) {
	codes, names := map[string]bool{}, map[string]bool{}
	for _, l := range badges.Languages() {
		if codes[l.Code] || names[l.Name] || l.Name == "" || badges.LanguageName(l.Code) != l.Name {
			t.Errorf("%+v", l)
		}
		codes[l.Code], names[l.Name] = true, true
	}
	if !codes["fr"] || !codes["en"] || !codes["ar"] || badges.LanguageName("tlh") != "tlh" {
		t.Errorf("languages %v", codes)
	}
}
