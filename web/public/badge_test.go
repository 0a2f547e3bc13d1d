package public_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/certificate"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestBadgePage opens the public page of an award with every history. Only awards that
// were claimed are public, also after they were revoked or replaced.
func TestBadgePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, history := range webtest.Histories() {
		t.Run(string(history), func(t *testing.T) {
			a := s.MakeAward(t, history)
			var got webtest.Answer
			s.CheckUnchanged(t, a.ID, func() { got = s.Anybody().Get(pageOf(a.ID)) })
			want := http.StatusNotFound
			switch {
			case history.Public():
				want = http.StatusOK
			case history == webtest.Erased:
				want = http.StatusGone
			}
			if got.Status != want {
				t.Errorf("status %d, want %d", got.Status, want)
			}
			if shown := got.Shows("Badge", "complete the course"); shown != history.Public() {
				t.Errorf("the badge is shown: %t: %s", shown, got.Text())
			}
		})
	}
}

// TestUnknownAwardsLookAlike checks that an award that is not public is answered like
// one that does not exist, at every address.
func TestUnknownAwardsLookAlike(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, form := range []struct{ suffix, accept string }{
		{"", ""}, {"", "application/json"}, {"", "application/ld+json"}, {"?lang=fr", ""}, {".json", ""}, {".json", "application/json"}, {".png", ""}, {".png", "image/png"},
	} {
		ask := func(id badges.AssertionID) webtest.Answer { return getAs(s, pageOf(id)+form.suffix, form.accept) }
		unknown := ask(unknownID)
		if unknown.Status != http.StatusNotFound {
			t.Fatalf("%+v: the answer to an unknown id has status %d", form, unknown.Status)
		}
		for _, history := range webtest.Histories() {
			if history.Public() || history == webtest.Erased {
				continue
			}
			a := made(t, s, history)
			got := ask(a.ID)
			got.Body = strings.ReplaceAll(got.Body, string(a.ID), string(unknownID)) // in the links to other languages
			if got.Status != unknown.Status || got.Body != unknown.Body {
				t.Errorf("%s, %+v: %d, not like an unknown id:\n%s\n%s", history, form, got.Status, got.Body, unknown.Body)
			}
			for name := range got.Header {
				if got.Header.Get(name) != unknown.Header.Get(name) {
					t.Errorf("%s, %+v: %s is %q, of an unknown id %q", history, form, name, got.Header.Get(name), unknown.Header.Get(name))
				}
			}
			if len(got.Header) != len(unknown.Header) {
				t.Errorf("%s, %+v: headers %v, of an unknown id %v", history, form, got.Header, unknown.Header)
			}
		}
		if !unknown.Shows("There is no public badge at this address. It may not have been accepted by its holder.") &&
			!unknown.Shows("Il n’y a pas de badge public à cette adresse.") {
			t.Errorf("%+v: %s", form, unknown.Text())
		}
	}
}

// made returns the learner's award with a history. The first call makes it.
func made(t *testing.T, s *webtest.Site, history webtest.History) badges.Assertion {
	t.Helper()
	list, err := s.Store.AssertionsOfBadge(t.Context(), s.World.Course, s.World.Badge.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if a.User == badges.UserID(history) {
			return a
		}
	}
	return s.MakeAward(t, history)
}

// TestBadgePageSays checks the text of the page of a claimed badge.
func TestBadgePageSays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Claimed)
	got := s.Anybody().Get(pageOf(a.ID))
	if !got.Shows("Valid badge", "Badge", "complete the course", "U", "1 March 2026", "Add to LinkedIn profile", "Certificate (PDF)", "Picture (PNG)", "Other files and formats") {
		t.Errorf("in English: %s", got.Text())
	}
	for _, link := range []string{
		s.Links.JSON(a.ID), s.Links.Signed(a.ID), s.Links.Credential(a.ID), s.Links.JWT(a.ID), s.Links.PNG(a.ID), s.Links.SVG(a.ID), s.Links.PDF(a.ID),
		s.Links.Page(a.ID), s.Links.Picture(s.World.Badge.Current.Picture),
		`property="og:title" content="Badge"`, `property="og:url" content="` + s.Links.Page(a.ID) + `"`,
		`rel="alternate" type="application/ld+json" href="` + s.Links.JSON(a.ID) + `"`,
	} {
		if !strings.Contains(got.Body, link) {
			t.Errorf("the page lacks %s", link)
		}
	}
	french := s.Anybody()
	french.Language = "fr"
	if got := french.Get(pageOf(a.ID)); !got.Shows("Badge valide", "achever le cours", "1er mars 2026", "Attestation (PDF)", "Image (PNG)", "Autres fichiers et formats") || got.Header.Get("Content-Language") != "fr" {
		t.Errorf("in French: %s", got.Text())
	}
}

// TestBadgePageLanguage checks that a visitor's choice of language is kept.
func TestBadgePageLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Claimed)
	visitor := s.Anybody()
	for _, path := range []string{pageOf(a.ID) + "?lang=fr", pageOf(a.ID), "/"} {
		if got := visitor.Get(path); got.Header.Get("Content-Language") != "fr" {
			t.Errorf("%s is in %q", path, got.Header.Get("Content-Language"))
		}
	}
}

// TestConsent checks that the name and the facts are public only with the learner's
// consent, on the page and in the documents. The mail address is never public.
func TestConsent(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct {
		name      string
		showName  bool
		showFacts bool
	}{
		{"nothing", false, false},
		{"the name", true, false},
		{"the facts", false, true},
		{"both", true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := s.World.Assertion(badges.UserID(tt.name))
			a.Facts = []badges.Fact{{
				Kind: badges.ActivityGrade, Activity: "7", Name: "Quiz", Threshold: 80, Percent: 92.5, Grade: &badges.Grade{Raw: 18.5, Max: 20},
				At: webtest.Day, Source: badges.SourceGrades,
			}}
			s.Award(t, a)
			s.Claim(t, a.ID, tt.showName, tt.showFacts)
			page := s.Anybody().Get(pageOf(a.ID))
			if page.Shows("Awarded to Zoë") != tt.showName || strings.Contains(page.Body, "Zoë") != tt.showName {
				t.Errorf("the page names the learner: %t", !tt.showName)
			}
			if page.Shows("Why it was awarded", "reach at least 80% in “Quiz”", "92.5% (18.5 out of 20)") != tt.showFacts || strings.Contains(page.Body, "18.5") != tt.showFacts {
				t.Errorf("the page shows the facts: %t", !tt.showFacts)
			}
			if strings.Contains(page.Body, "zoe@example.org") {
				t.Errorf("the page shows the address: %s", page.Body)
			}
			for form, named := range map[string]bool{".json": false, ".jws": false, "/credential": true, ".jwt": true, ".png": true, ".svg": true} {
				got := s.Anybody().Get(pageOf(a.ID) + form)
				text := got.Body
				if strings.HasPrefix(form, ".jw") {
					text = payload(t, got.Body)
				}
				if got.Status != http.StatusOK || strings.Contains(text, "18.5") != tt.showFacts {
					t.Errorf("%s: %d, shows the facts: %t", form, got.Status, !tt.showFacts)
				}
				if (strings.Contains(text, "Zoë") || strings.Contains(text, "Zo\\u00eb")) != (named && tt.showName) {
					t.Errorf("%s names the learner: %t", form, !tt.showName)
				}
				if strings.Contains(text, "zoe@example.org") {
					t.Errorf("%s shows the address", form)
				}
			}
			certificate, err := certificate.Read([]byte(s.Anybody().Get(pageOf(a.ID) + ".pdf").Body))
			if err != nil || strings.Contains(string(certificate.Credential), "Zoë") != tt.showName || strings.Contains(string(certificate.Credential), "18.5") != tt.showFacts {
				t.Errorf("the certificate contains %s, %v", certificate.Credential, err)
			}
		})
	}
}

// TestRevokedPage shows the reason, and no longer the name and the facts.
func TestRevokedPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Revoked)
	got := s.Anybody().Get(pageOf(a.ID))
	if got.Status != http.StatusOK || !got.Shows("Revoked by the issuing organisation", webtest.Reason) {
		t.Errorf("%d %s", got.Status, got.Text())
	}
	if got.Shows("Valid badge") || got.Shows("Add to LinkedIn profile") || got.Shows("Why it was awarded") {
		t.Errorf("it can still be shared: %s", got.Text())
	}
	if french := s.Anybody().Get(pageOf(a.ID) + "?lang=fr"); !french.Shows("Révoqué par l’organisme émetteur", webtest.Reason) {
		t.Errorf("in French: %s", french.Text())
	}
}

// TestReplacedPage links to the step that counts now, if that is public.
func TestReplacedPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Replaced)
	got := s.Anybody().Get(pageOf(a.ID))
	if got.Status != http.StatusOK || !got.Shows("Replaced by the next step", "The next step, which counts now: Badge") || got.Shows("Add to LinkedIn profile") {
		t.Errorf("%d %s", got.Status, got.Text())
	}
	if !strings.Contains(got.Body, `href="`+s.Links.Page(a.ReplacedBy)+`"`) {
		t.Error("there is no link to the next step")
	}
}

// TestExpiredPage shows how long the badge is valid, and later that it has expired.
func TestExpiredPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.World.Badge = s.World.Months(t, s.Store, s.World.Badge, 12)
	a := s.MakeAward(t, webtest.Claimed)
	if got := s.Anybody().Get(pageOf(a.ID)); !got.Shows("Valid badge, until 1 March 2027") {
		t.Errorf("while valid: %s", got.Text())
	}
	if got := s.Anybody().Get(pageOf(a.ID)); !strings.Contains(got.Body, "expirationYear=2027") {
		t.Error("the link to LinkedIn does not have the end")
	}
	s.Clock.Add(366 * 24 * time.Hour)
	got := s.Anybody().Get(pageOf(a.ID))
	if got.Status != http.StatusOK || !got.Shows("Expired on 1 March 2027") || got.Shows("Valid badge") {
		t.Errorf("expired: %d %s", got.Status, got.Text())
	}
	if french := s.Anybody().Get(pageOf(a.ID) + "?lang=fr"); !french.Shows("1er mars 2027") {
		t.Errorf("in French: %s", french.Text())
	}
}

// TestGivenEvidence checks that the evidence of a teacher is public only with the
// learner's consent.
func TestGivenEvidence(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, shown := range map[string]bool{"shown": true, "kept": false} {
		a := s.World.Assertion(badges.UserID(name))
		a.Facts = []badges.Fact{{
			Kind: badges.ByHand, By: "3", At: webtest.Day, Source: badges.SourceTeacher,
			Given: &badges.GivenEvidence{Text: "A clear talk.", Links: []string{"https://portfolio.example/zoe"}},
		}}
		s.Award(t, a)
		s.Claim(t, a.ID, false, shown)
		got := s.Anybody().Get(pageOf(a.ID))
		if got.Shows("A clear talk.", "https://portfolio.example/zoe") != shown || strings.Contains(got.Body, "clear talk") != shown {
			t.Errorf("%s: %s", name, got.Text())
		}
	}
}

// TestNeighbours checks the links between the pages of awards of one badge. Awards that
// are not public are passed over.
func TestNeighbours(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.World.Badge = s.World.Months(t, s.Store, s.World.Badge, 12)
	const claimed, pending = webtest.Claimed, webtest.Pending
	type links struct{ earlier, newer int } // indexes in the chain; -1: none
	for name, tt := range map[string]struct {
		chain []webtest.History
		want  map[int]links
	}{
		"one":                         {[]webtest.History{claimed}, map[int]links{0: {-1, -1}}},
		"two":                         {[]webtest.History{claimed, claimed}, map[int]links{0: {-1, 1}, 1: {0, -1}}},
		"three":                       {[]webtest.History{claimed, claimed, claimed}, map[int]links{0: {-1, 1}, 1: {0, 2}, 2: {1, -1}}},
		"the newest waits":            {[]webtest.History{claimed, pending}, map[int]links{0: {-1, -1}}},
		"the first was not claimed":   {[]webtest.History{pending, claimed}, map[int]links{1: {-1, -1}}},
		"one between was not claimed": {[]webtest.History{claimed, pending, claimed}, map[int]links{0: {-1, 2}, 2: {0, -1}}},
	} {
		t.Run(name, func(t *testing.T) {
			var ids []badges.AssertionID
			for i, history := range tt.chain {
				a := s.World.Assertion(badges.UserID(name))
				if i > 0 {
					a.Previous = ids[i-1]
					s.Clock.Add(366 * 24 * time.Hour)
				}
				s.Award(t, a)
				if history == claimed {
					s.Claim(t, a.ID, false, false)
				}
				ids = append(ids, a.ID)
			}
			for i, want := range tt.want {
				got := s.Anybody().Get(pageOf(ids[i]))
				for id, place := range map[string]int{"earlier": want.earlier, "newer": want.newer} {
					_, after, found := strings.Cut(got.Body, `<p id="`+id+`"><a href="`)
					address, _, _ := strings.Cut(after, `"`)
					switch {
					case found != (place >= 0):
						t.Errorf("award %d has a link to an %s one: %t", i, id, found)
					case found && address != s.Links.Page(ids[place]):
						t.Errorf("award %d leads to %s as the %s one, want award %d", i, address, id, place)
					}
				}
			}
		})
	}
}

// TestBadgePageFollowsTheLearner checks that a later decision of the learner is visible
// at once.
func TestBadgePageFollowsTheLearner(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Pending)
	visitor := s.Anybody()
	if got := visitor.Get(pageOf(a.ID)); got.Status != http.StatusNotFound {
		t.Errorf("before the claim: %d", got.Status)
	}
	s.Claim(t, a.ID, true, false)
	if got := visitor.Get(pageOf(a.ID)); got.Status != http.StatusOK || !got.Shows("Awarded to Zoë") {
		t.Errorf("claimed: %d %s", got.Status, got.Text())
	}
	s.Claim(t, a.ID, false, false)
	if got := visitor.Get(pageOf(a.ID)); got.Status != http.StatusOK || strings.Contains(got.Body, "Zoë") {
		t.Errorf("the name was hidden again: %d %s", got.Status, got.Text())
	}
	s.TakeBack(t, a)
	if got := visitor.Get(pageOf(a.ID)); got.Status != http.StatusOK || !got.Shows("Revoked") {
		t.Errorf("revoked: %d %s", got.Status, got.Text())
	}
}

// TestHomePage explains what this address is.
func TestHomePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if got := s.Anybody().Get("/"); got.Status != http.StatusOK || !got.Shows("Open Badges for your courses", "Learners and teachers open it from their course.") {
		t.Errorf("%d %s", got.Status, got.Text())
	}
	if got := s.Anybody().Get("/?lang=fr"); !got.Shows("Des badges ouverts pour vos cours") {
		t.Errorf("in French: %s", got.Text())
	}
}

// TestErased checks that every address of an erased award says that it was erased, and
// nothing about the award, its learner or a revocation.
func TestErased(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Revoked) // even if it was revoked before
	s.Act(t, func(ctx context.Context, tx *store.Tx, by award.Awards) error { return by.Erase(ctx, tx, a.ID) })
	for _, form := range []struct{ suffix, accept string }{{"", ""}, {"", "application/ld+json"}, {".json", "application/json"}, {".png", ""}} {
		got := getAs(s, pageOf(a.ID)+form.suffix, form.accept)
		if got.Status != http.StatusGone || !strings.Contains(got.Body, "This badge was erased at its holder’s request.") {
			t.Errorf("%+v: %d %s", form, got.Status, got.Text())
		}
		for _, word := range []string{"evoked", webtest.Reason, "Zoë", "zoe@", "complete the course"} {
			if strings.Contains(got.Body, word) {
				t.Errorf("%+v says %q: %s", form, word, got.Text())
			}
		}
	}
}

// TestReplacedByPrivate checks that the page of a lower step does not name a higher step
// that its learner hides.
func TestReplacedByPrivate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Replaced)
	name := s.Links.Page(a.ReplacedBy)
	if got := s.Anybody().Get(pageOf(a.ID)); !strings.Contains(got.Body, name) {
		t.Fatalf("%s", got.Text())
	}
	s.Act(t, func(ctx context.Context, tx *store.Tx, by award.Awards) error {
		_, err := by.MakePrivate(ctx, tx, a.ReplacedBy)
		return err
	})
	got := s.Anybody().Get(pageOf(a.ID))
	if strings.Contains(got.Body, name) || got.Shows("counts now") || !got.Shows("Replaced by the next step") {
		t.Errorf("%s", got.Text())
	}
	if got := getAs(s, pageOf(a.ID)+".json", ""); got.Status != http.StatusGone || strings.Contains(got.Body, name) || strings.Contains(got.Body, "Badge") {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
