package view_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/view"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestBadge shows a stored version to readers of two languages.
func TestBadge(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t)
	s.World.Badge = s.World.Months(t, s.Store, s.World.Badge, 12)
	version := s.World.Badge.Current
	for language, rule := range map[string]string{"en": "complete the course", "fr": "achever le cours"} {
		got, err := s.Views.Badge(t.Context(), version.ID, s.Gates.Templates.Locale(language))
		if err != nil {
			t.Fatal(err)
		}
		want := view.Badge{
			Main: "en", Name: "Badge", Description: "D", Rule: rule, Language: "en", Picture: webtest.BaseURL + "/pictures/p.png", ValidMonths: 12,
			Issuer: badges.Issuer{ID: s.World.Issuer, Platform: s.World.Course.Platform, Name: "U", URL: "https://u.example", Email: "u@u.example"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in %s (-want +got):\n%s", language, diff)
		}
	}
}

// TestBadgeEdition shows a badge in several languages to readers of others, with
// everything that it says.
func TestBadgeEdition(t *testing.T) {
	t.Parallel()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	version := badges.Version{Content: badges.Content{
		Name: "Exploratrice", Description: "Lit.", Criteria: "Légendes.", Language: "fr", Picture: "p", Rule: badges.Rule{Kind: badges.CourseCompleted},
		Caption: "Un sommet", Tags: []string{"données"}, Credits: 1.5, Level: 6, Hours: 40,
		Alignments: []badges.Alignment{{Name: "analyser", URL: "https://esco.example"}},
		Translations: []badges.Translation{
			{Language: "de", Name: "Forscherin", Description: "Liest.", Criteria: "Legenden."},
			{Language: "ar", Name: "مستكشفة", Description: "تقرأ.", Criteria: "مفاتيح."},
		},
	}}
	french, german, arabic := badges.Language{Code: "fr", Name: "Français"}, badges.Language{Code: "de", Name: "Deutsch"}, badges.Language{Code: "ar", Name: "العربية"}
	for _, tt := range []struct {
		reader         string
		name, language string
		rule           string // in the reader's language of the interface
		others         []badges.Language
		foreign        []badges.Language
	}{
		{"fr", "Exploratrice", "fr", "achever le cours", []badges.Language{german, arabic}, []badges.Language{german, arabic}},
		{"en", "Exploratrice", "fr", "complete the course", []badges.Language{german, arabic}, []badges.Language{german, arabic}},
		{"de-CH, fr;q=0.5", "Forscherin", "de", "achever le cours", []badges.Language{french, arabic}, []badges.Language{arabic}},
		{"ar", "مستكشفة", "ar", "complete the course", []badges.Language{french, german}, []badges.Language{german}},
		{"es, de;q=0.5, en;q=0.4", "Forscherin", "de", "complete the course", []badges.Language{french, arabic}, []badges.Language{arabic}},
	} {
		links := credential.NewAddresses(webtest.BaseURL, credential.ClaimLinks{})
		got := view.Builder{Links: links}.BadgeOf(version, badges.Issuer{Name: "U", Logo: "l"}, set.Locale(tt.reader))
		want := view.Badge{
			Name: tt.name, Description: got.Description, Criteria: got.Criteria, Language: tt.language, Rule: tt.rule, Others: tt.others,
			Picture: webtest.BaseURL + "/pictures/p.png", Issuer: badges.Issuer{Name: "U", Logo: "l"}, Logo: webtest.BaseURL + "/pictures/l.png",
			Main: "fr", Caption: "Un sommet", Tags: version.Tags, Alignments: version.Alignments, Credits: 1.5, Level: 6, Hours: 40,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("reader of %s (-want +got):\n%s", tt.reader, diff)
		}
		if edition, _ := version.Edition(tt.language); got.Description != edition.Description || got.Criteria != edition.Criteria {
			t.Errorf("reader of %s gets texts of two languages: %+v", tt.reader, got)
		}
		if diff := cmp.Diff(tt.foreign, got.Foreign()); diff != "" {
			t.Errorf("links for a reader of %s (-want +got):\n%s", tt.reader, diff)
		}
	}
}

// TestDetailed checks that each thing that a badge can say more counts.
func TestDetailed(t *testing.T) {
	t.Parallel()
	if (view.Badge{Name: "N", Caption: "C"}).Detailed() {
		t.Error("a badge without details has some")
	}
	for name, b := range map[string]view.Badge{
		"tags": {Tags: []string{"t"}}, "alignments": {Alignments: []badges.Alignment{{}}}, "credits": {Credits: 0.5}, "level": {Level: 1}, "hours": {Hours: 1},
	} {
		if !b.Detailed() {
			t.Errorf("%s are no details", name)
		}
	}
}

// TestBadgeNotFound checks that a missing version or issuer is an error.
func TestBadgeNotFound(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t)
	en := s.Gates.Templates.Locale("en")
	if got, err := s.Views.Badge(t.Context(), "no such version", en); !fault.Is(err, fault.NotFound) || !cmp.Equal(got, view.Badge{}) {
		t.Errorf("version: %+v, %v", got, err)
	}
	orphan := s.World.Badge.Current
	orphan.Issuer = "no such issuer"
	if got, err := s.Views.BadgeVersion(t.Context(), orphan, en); !fault.Is(err, fault.NotFound) || !cmp.Equal(got, view.Badge{}) {
		t.Errorf("issuer: %+v, %v", got, err)
	}
}

// TestValidity checks the end of an award and whether it has expired.
func TestValidity(t *testing.T) {
	t.Parallel()
	day := webtest.Day
	for name, tt := range map[string]struct {
		ends    time.Time
		expired bool
	}{
		"for ever":       {time.Time{}, false},
		"until tomorrow": {day.AddDate(0, 0, 1), false},
		"a moment more":  {day.Add(time.Microsecond), false},
		"until now":      {day, true},
		"a day ago":      {day.AddDate(0, 0, -1), true},
	} {
		v := view.Builder{Now: func() time.Time { return day }}
		a := badges.Assertion{State: badges.Claimed, AwardedAt: day.AddDate(-1, 0, 0), ExpiresAt: tt.ends}
		want := view.Validity{ExpiresAt: tt.ends, Expired: tt.expired}
		if got := v.Validity(a); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if got := v.AwardLink(a, "/v/x"); got != (view.AwardLink{Validity: want, AwardedAt: a.AwardedAt, State: badges.Claimed, Path: "/v/x"}) {
			t.Errorf("%s: link %+v", name, got)
		}
	}
}

// TestReplacement checks the step that counts now. The link leads to it only if it is
// public.
func TestReplacement(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t)
	replaced, waiting, claimed := s.MakeAward(t, webtest.Replaced), s.MakeAward(t, webtest.ReplacedBefore), s.MakeAward(t, webtest.Claimed)
	for _, tt := range []struct {
		name string
		a    badges.Assertion
		want *view.StepLink
	}{
		{"one that counts", claimed, nil},
		{"by a step that was claimed", replaced, &view.StepLink{Name: "Badge", Path: s.Links.Page(replaced.ReplacedBy)}},
		{"by a step that waits", waiting, &view.StepLink{Name: "Badge"}},
	} {
		got, err := s.Views.Replacement(t.Context(), tt.a)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	lost := replaced
	lost.ReplacedBy = "no such award"
	if got, err := s.Views.Replacement(t.Context(), lost); !fault.Is(err, fault.NotFound) || got != nil {
		t.Errorf("replaced by a missing step: %+v, %v", got, err)
	}
	if got := s.Views.ReplacementLink(credential.Replacement{}); got != nil {
		t.Errorf("no replacement: %+v", got)
	}
}

// fails is a store that does not answer.
type fails struct{ credential.Reader }

func (fails) Version(context.Context, badges.VersionID) (badges.Version, error) {
	return badges.Version{}, context.DeadlineExceeded
}

// TestBadgeWithoutStore checks that the error of the store is returned.
func TestBadgeWithoutStore(t *testing.T) {
	t.Parallel()
	if _, err := (view.Builder{Read: fails{}}).Badge(t.Context(), "x", locale(t, "en")); !fault.Is(err, fault.Internal) {
		t.Errorf("%v", err)
	}
}
