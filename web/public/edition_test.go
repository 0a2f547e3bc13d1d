package public_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/webtest"
)

// rich gives the badge of the world everything that a badge can say, and its organisation
// a logo.
func rich(t *testing.T, s *webtest.Site) {
	t.Helper()
	content := s.World.Badge.Current.Content
	content.Caption, content.Tags, content.Credits, content.Level, content.Hours = `A "summit"`, []string{"<b>data</b>", "بيانات"}, 1.5, 6, 1
	content.Alignments = []badges.Alignment{{Name: "analyse <data>", Framework: "ESCO", Code: "S2.7", URL: "https://esco.example/?a=1&b=2"}}
	content.Translations = []badges.Translation{{Language: "de", Name: "Forscherin", Description: "Liest Daten."}, {Language: "fr", Name: "Exploratrice", Description: "Lit des données."}}
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) (err error) {
		issuer, err := tx.Issuer(ctx, s.World.Issuer)
		if err != nil {
			return err
		}
		issuer.Logo = content.Picture
		if _, err = tx.SaveIssuer(ctx, issuer); err != nil {
			return err
		}
		s.World.Badge, err = tx.EditBadge(ctx, s.World.Course, s.World.Badge.ID, content, "3")
		return err
	})
}

// TestDetails checks that the public page shows everything that a badge says, and
// escapes it.
func TestDetails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rich(t, s)
	a := s.MakeAward(t, webtest.Claimed)
	got := s.Anybody().Get(pageOf(a.ID))
	if !got.Shows("Skills analyse <data> ESCO S2.7", "Level 6 of the European Qualifications Framework 1.5 ECTS 1 hour of work", "Tags <b>data</b> بيانات") {
		t.Errorf("something is missing: %s", got.Text())
	}
	for _, want := range []string{
		`href="https://esco.example/?a=1&amp;b=2"`, `alt="A &#34;summit&#34;" lang="en"`, `src="` + s.Links.Picture(s.World.Badge.Current.Picture) + `" alt="" width="48"`,
	} {
		if !strings.Contains(got.Body, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(got.Body, "<b>data") {
		t.Error("a tag is markup")
	}
	french := s.Anybody()
	french.Language = "fr"
	if got := french.Get(pageOf(a.ID)); !got.Shows("Exploratrice", "Lit des données.", "1,5 ECTS 1 heure de travail") {
		t.Errorf("in French: %s", got.Text())
	}
}

// TestEditions opens the public page in several languages. A language in which Insigne
// has no sentences is offered as a link, and is that of the texts only.
func TestEditions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rich(t, s)
	page := pageOf(s.MakeAward(t, webtest.Claimed).ID)
	for _, tt := range []struct {
		name, query, browser string
		badge, language      string
		interfaceIs          string
	}{
		{"English", "", "en", "Badge", "en", "en"},
		{"French by the browser", "", "fr", "Exploratrice", "fr", "fr"},
		{"German by the browser", "", "de-DE,de;q=0.9,fr;q=0.8", "Forscherin", "de", "fr"},
		{"German by a link", "?lang=de", "en", "Forscherin", "de", "en"},
		{"French by a link", "?lang=fr", "de", "Exploratrice", "fr", "fr"},
		{"a language that the badge is not in", "?lang=es", "es", "Badge", "en", "en"},
		{"no language", "?lang=%3Cscript%3E", "en", "Badge", "en", "en"},
	} {
		b := s.Anybody()
		b.Language = tt.browser
		got := b.Get(page + tt.query)
		heading := `<h1 lang="` + tt.language + `" dir="auto">` + tt.badge + `</h1>`
		if got.Status != http.StatusOK || !strings.Contains(got.Body, heading) || !strings.Contains(got.Body, `<html lang="`+tt.interfaceIs+`">`) {
			t.Errorf("%s: want %s in a page of %s: %s", tt.name, heading, tt.interfaceIs, got.Text())
		}
		if offered := strings.Contains(got.Body, page+`?lang=de" lang="de" hreflang="de" rel="alternate"`); offered == (tt.language == "de") {
			t.Errorf("%s: German is offered: %t", tt.name, offered)
		}
	}
}
