package templates_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/templates"
)

func load(t *testing.T) *templates.Set {
	t.Helper()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestLocaleByPreference(t *testing.T) {
	set := load(t)
	for name, test := range map[string]struct {
		preferences []string
		want        string
	}{
		"nothing known":              {nil, "en"},
		"empty":                      {[]string{"", "fr"}, "fr"},
		"regional":                   {[]string{"fr-CA"}, "fr"},
		"Moodle's way":               {[]string{"fr_ca"}, "fr"},
		"Moodle's pack for children": {[]string{"fr_fr_k12"}, "fr"},
		"not spoken here, then":      {[]string{"de", "fr"}, "fr"},
		"the first counts":           {[]string{"en", "fr"}, "en"},
		"a browser's list":           {[]string{"de-DE,de;q=0.9,fr;q=0.8,en;q=0.7"}, "fr"},
		"a browser's list, weighted": {[]string{"fr;q=0.2,en;q=0.9"}, "en"},
		"nothing spoken here":        {[]string{"de,es;q=0.5"}, "en"},
		"any":                        {[]string{"*"}, "en"},
		"garbage":                    {[]string{"\x00;;q=zz", "<script>", "fr"}, "fr"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := set.Locale(test.preferences...).Lang(); got != test.want {
				t.Errorf("%q: %s, want %s", test.preferences, got, test.want)
			}
		})
	}
}

// TestReads checks the languages in which a reader reads texts of others: up to the
// preference that chose the language of the interface.
func TestReads(t *testing.T) {
	set := load(t)
	for name, test := range map[string]struct {
		preferences []string
		want        []string
	}{
		"nothing known":        {nil, []string{"en"}},
		"spoken here":          {[]string{"fr-CA", "de"}, []string{"fr-CA", "fr"}},
		"not spoken here":      {[]string{"de", "es"}, []string{"de", "es", "en"}},
		"Moodle's way, then":   {[]string{"de_at", "fr,es"}, []string{"de-AT", "fr", "es", "fr"}},
		"a browser's list":     {[]string{"de;q=0.9,pt-BR,en;q=0.2"}, []string{"pt-BR", "de", "en", "en"}},
		"garbage":              {[]string{"<script>", "it"}, []string{"it", "en"}},
		"the person's own way": {[]string{"ar", "fr"}, []string{"ar", "fr", "fr"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := set.Locale(test.preferences...).Reads(); !slices.Equal(got, test.want) {
				t.Errorf("%q: %q, want %q", test.preferences, got, test.want)
			}
		})
	}
	one := set.Locale("de")
	one.Reads()[0] = "changed"
	if got := one.Reads()[0]; got != "de" {
		t.Errorf("a caller changed the locale: %q", got)
	}
	if !templates.Speaks("fr") || templates.Speaks("de") || templates.Speaks("") {
		t.Error("the interface is in French, and not in German")
	}
}

func TestDates(t *testing.T) {
	paris := time.FixedZone("CET", 3600)
	when := time.Date(2026, 8, 1, 0, 30, 0, 0, paris) // still July in UTC
	for name, test := range map[string]struct {
		language       string
		at             time.Time
		date, datetime string
	}{
		"English":         {"en", when, "31 July 2026", "31 July 2026, 23:30\u00a0UTC"},
		"French":          {"fr", when, "31 juillet 2026", "31 juillet 2026 à 23:30\u00a0UTC"},
		"English, first":  {"en", when.Add(time.Hour), "1 August 2026", "1 August 2026, 00:30\u00a0UTC"},
		"French, first":   {"fr", when.Add(time.Hour), "1er août 2026", "1er août 2026 à 00:30\u00a0UTC"},
		"no time at all":  {"fr", time.Time{}, "", ""},
		"December, early": {"en", time.Date(2025, 12, 2, 3, 4, 0, 0, time.UTC), "2 December 2025", "2 December 2025, 03:04\u00a0UTC"},
	} {
		t.Run(name, func(t *testing.T) {
			locale := load(t).Locale(test.language)
			if got := locale.Date(test.at); got != test.date {
				t.Errorf("date %q, want %q", got, test.date)
			}
			if got := locale.DateTime(test.at); got != test.datetime {
				t.Errorf("date and time %q, want %q", got, test.datetime)
			}
		})
	}
}

func TestSentences(t *testing.T) {
	set := load(t)
	for name, test := range map[string]struct {
		language, key string
		args          map[string]any
		want          string
	}{
		"plural of one":         {"en", "teacher.sync_read", map[string]any{"Count": 1}, "one participant read"},
		"plural of many":        {"en", "teacher.sync_read", map[string]any{"Count": 12}, "12 participants read"},
		"plural of none":        {"en", "teacher.sync_read", map[string]any{"Count": 0}, "0 participants read"},
		"French none is one":    {"fr", "teacher.sync_read", map[string]any{"Count": 0}, "0 personne lue"},
		"French million":        {"fr", "teacher.sync_read", map[string]any{"Count": 1000000}, "1000000 personnes lues"},
		"a count but no plural": {"en", "rule.at_least", map[string]any{"Count": 1, "Total": 3, "List": "a; b; c"}, "at least 1 of these 3: a; b; c"},
		"text that is a gap":    {"en", "rule.activity_completed", map[string]any{"Name": "{{.Secret}}"}, "complete “{{.Secret}}”"},
		"unknown key":           {"fr", "no.such_key", nil, "no.such_key"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := set.Locale(test.language).T(test.key, test.args); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestNumber(t *testing.T) {
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		n      float64
		en, fr string
	}{{80, "80", "80"}, {92.5, "92.5", "92,5"}, {66.666, "66.67", "66,67"}, {0.1 + 0.2, "0.3", "0,3"}, {-0.004, "0", "0"}} {
		for lang, want := range map[string]string{"en": tt.en, "fr": tt.fr} {
			if got := set.Locale(lang).Number(tt.n); got != want {
				t.Errorf("%s: Number(%v) = %s, want %s", lang, tt.n, got, want)
			}
		}
	}
	if got := set.Locale("fr").T("progress.grade_so_far", map[string]any{"Percent": 92.5}); !strings.Contains(got, "92,5") {
		t.Errorf("sentence = %q, want the comma", got)
	}
}
