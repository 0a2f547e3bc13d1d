package learner_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/learner"
	"github.com/insigne-badges/insigne/web/webtest"
)

func newSite(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.NewSite(t)
	s.Mount(handler(s))
	return s
}

func handler(s *webtest.Site) *learner.Handler {
	return &learner.Handler{Gates: s.Gates, Views: s.Views, Store: s.Store, Awards: award.New(webtest.BaseURL, rand.Reader), Links: s.Links, Now: s.Clock.Now}
}

// claimOf returns the path of an award's claim page.
func claimOf(t *testing.T, s *webtest.Site, id badges.AssertionID) string {
	t.Helper()
	address, err := s.Links.Claim(id)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(address, webtest.BaseURL)
}

// offers returns which parts the claim page has: parts of the form, and the link to the
// public page.
func offers(a webtest.Answer) string {
	var list []string
	for _, id := range []string{"accept", "decline", "show-name", "show-facts", "public-page", "make-private", "make-public"} {
		if strings.Contains(a.Body, `id="`+id+`"`) {
			list = append(list, id)
		}
	}
	return strings.Join(list, " ")
}

// TestClaimPage opens the link of an award with every history. Opening it changes nothing,
// because mail scanners open links.
func TestClaimPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct {
		history webtest.History
		says    []string
		offers  string
		facts   bool
	}{
		{webtest.Pending, []string{"You have received a badge!", "Nothing is published until you accept."}, "accept decline show-name show-facts", true},
		{webtest.Claimed, []string{"This badge is yours", "Open and share my badge", "Save my choice", "Copies that you or others have downloaded stay valid. You can make it public again later. Make the badge private"}, "accept show-name show-facts public-page make-private", true},
		{webtest.Private, []string{"This badge is yours, and private", "Only you and your teachers see this badge.", "Make the badge public again"}, "make-public", true},
		{webtest.RevokedPrivate, []string{"This badge is no longer available"}, "", true},
		{webtest.Declined, []string{"You declined this badge", "Nothing is published until you accept."}, "accept show-name show-facts", true},
		{webtest.Revoked, []string{"This badge is no longer available"}, "", true},
		{webtest.Withdrawn, []string{"This badge is no longer available"}, "", false},
		{webtest.Withheld, []string{"This badge is no longer available"}, "", false},
		{webtest.Discarded, []string{"This badge is no longer available"}, "", false},
		{webtest.Replaced, []string{"Replaced by the next step", "The next step, which counts now: Badge", "Save my choice"}, "accept show-name show-facts public-page", true},
		{webtest.ReplacedBefore, []string{"Replaced by the next step", "You have earned the next step, “Badge”. It waits for you in your course."}, "", true},
	} {
		t.Run(string(tt.history), func(t *testing.T) {
			a := s.MakeAward(t, tt.history)
			var got webtest.Answer
			s.CheckUnchanged(t, a.ID, func() { got = s.Anybody().Get(claimOf(t, s, a.ID) + "?lang=en") })
			if got.Status != http.StatusOK || !got.Shows("Badge", "complete the course", "Issued to Zoë < zoe@example.org >") || !got.Shows(tt.says...) {
				t.Errorf("%d %s", got.Status, got.Text())
			}
			if offers(got) != tt.offers {
				t.Errorf("offers %q, want %q", offers(got), tt.offers)
			}
			if got.Shows("Why it was awarded", "Completion recorded") != tt.facts || got.Shows("Awarded on 1 March 2026") != tt.facts {
				t.Errorf("the facts and the day are shown: %t", !tt.facts)
			}
			if linked := strings.Contains(got.Body, s.Links.Page(a.ID)); linked != strings.Contains(tt.offers, "public-page") {
				t.Errorf("the public page is linked: %t", linked)
			}
		})
	}
}

// TestWithheldLooksWithdrawn checks that the link does not show that a teacher
// withholds the award.
func TestWithheldLooksWithdrawn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := func(history webtest.History) string {
		path := claimOf(t, s, s.MakeAward(t, history).ID)
		return strings.ReplaceAll(s.Anybody().Get(path).Body, path, "/claim/x")
	}
	want := page(webtest.Withdrawn)
	for _, history := range []webtest.History{webtest.Withheld, webtest.Discarded} {
		if diff := cmp.Diff(want, page(history)); diff != "" {
			t.Errorf("%s looks different (-withdrawn):\n%s", history, diff)
		}
	}
}

// TestClaimLanguage checks the order: the learner's choice, an earlier choice, the
// language of the notice, the browser's language.
func TestClaimLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inFrench := s.MakeAward(t, webtest.Pending).ID
	silent := s.World.Assertion("6")
	silent.Recipient.Language = ""
	noLanguage := s.Award(t, silent).ID
	reader := s.Anybody() // the browser is English
	for _, tt := range []struct {
		name  string
		id    badges.AssertionID
		query string
		want  string
	}{
		{"the language of the notice", inFrench, "", "fr"},
		{"a notice without one", noLanguage, "", "en"},
		{"a choice", inFrench, "?lang=en", "en"},
		{"the choice of before", inFrench, "", "en"},
		{"another choice", noLanguage, "?lang=fr", "fr"},
		{"that choice", noLanguage, "", "fr"},
	} {
		got := reader.Get(claimOf(t, s, tt.id) + tt.query)
		want := "You have received a badge!"
		if tt.want == "fr" {
			want = "Vous avez reçu un badge !"
		}
		if got.Header.Get("Content-Language") != tt.want || !got.Shows(want) {
			t.Errorf("%s: %s, want %s: %s", tt.name, got.Header.Get("Content-Language"), tt.want, got.Text())
		}
	}
	browser := s.Anybody()
	browser.Language = "fr"
	if got := browser.Get(claimOf(t, s, noLanguage)); got.Header.Get("Content-Language") != "fr" {
		t.Errorf("the browser's: %s", got.Header.Get("Content-Language"))
	}
}

// TestForgedClaimLinks opens links that we did not make, and posts to them.
func TestForgedClaimLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, other := s.MakeAward(t, webtest.Pending), s.MakeAward(t, webtest.Declined)
	own, others := claimOf(t, s, a.ID), claimOf(t, s, other.ID)
	elsewhere := credential.NewAddresses(webtest.BaseURL, credential.NewClaimLinks([]byte("another key, of another installation")))
	foreign, err := elsewhere.Claim(a.ID)
	if err != nil {
		t.Fatal(err)
	}
	middle := len("/claim/") + 22 // between the id and its signature
	last := []byte(own)
	last[len(last)-2] ^= 1
	for name, path := range map[string]string{
		"the id of the award":           "/claim/" + string(a.ID),
		"made up":                       "/claim/x",
		"cut":                           own[:len(own)-1],
		"longer":                        own + "A",
		"changed at its end":            string(last),
		"the proof of another":          own[:middle] + others[middle:],
		"of another installation":       strings.TrimPrefix(foreign, webtest.BaseURL),
		"of an award that is not there": claimOf(t, s, "00000000-0000-4000-8000-000000000000"),
	} {
		s.CheckUnchanged(t, a.ID, func() {
			page, form := s.Anybody().Get(path), s.Anybody().Post(path, url.Values{"decision": {"accept"}, "show_name": {"yes"}})
			if page.Status != http.StatusNotFound || form.Status != http.StatusNotFound || strings.Contains(page.Body+form.Body, "Zoë") {
				t.Errorf("%s: %d, and %d for the form: %s", name, page.Status, form.Status, page.Text())
			}
		})
		s.CheckUnchanged(t, other.ID, func() { s.Anybody().Post(path, url.Values{"decision": {"accept"}}) })
	}
	if got := s.Anybody().Get("/claim/x"); !got.Shows("This link is not valid. Open the whole link of your e-mail again, or go to your badges from the course.") {
		t.Errorf("says %s", got.Text())
	}
}

// TestDecide sends each decision of a learner twice and checks the stored award.
func TestDecide(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const (
		claimed, declined, changed = badges.AssertionClaimed, badges.AssertionDeclined, badges.ConsentChanged
		hidden, shown              = badges.AwardMadePrivate, badges.AwardMadePublic
		takenBack                  = "This badge can no longer be accepted: it was taken back by the issuing organisation."
		hasHigher                  = "This badge can no longer be accepted: you have a higher step of it."
	)
	const onlyAccepted = "Only a badge that you accepted can be made private or public."
	press := func(decision string, shown ...string) url.Values {
		form := url.Values{"decision": {decision}}
		for _, name := range shown {
			form.Set(name, "yes")
		}
		return form
	}
	accept, decline := press("accept"), press("decline")
	both := press("accept", "show_name", "show_facts")
	for _, tt := range []struct {
		name      string
		history   webtest.History // before the decision
		forms     []url.Values
		says      string // text of the refusal of the last form; empty: it is accepted
		want      badges.AssertionState
		showName  bool
		showFacts bool
		acts      []badges.Action // acts of the learner
	}{
		{"accept", webtest.Pending, []url.Values{accept}, "", badges.Claimed, false, false, []badges.Action{claimed}},
		{"accept and show the name", webtest.Pending, []url.Values{press("accept", "show_name")}, "", badges.Claimed, true, false, []badges.Action{claimed}},
		{"accept and show the facts", webtest.Pending, []url.Values{press("accept", "show_facts")}, "", badges.Claimed, false, true, []badges.Action{claimed}},
		{"accept and show both", webtest.Pending, []url.Values{both}, "", badges.Claimed, true, true, []badges.Action{claimed}},
		{"accept twice", webtest.Pending, []url.Values{both, both}, "", badges.Claimed, true, true, []badges.Action{claimed}},
		{"accept, then show", webtest.Pending, []url.Values{accept, both}, "", badges.Claimed, true, true, []badges.Action{claimed, changed}},
		{"accept and show, then no more", webtest.Pending, []url.Values{both, accept}, "", badges.Claimed, false, false, []badges.Action{claimed, changed}},
		{"decline", webtest.Pending, []url.Values{decline}, "", badges.Declined, false, false, []badges.Action{declined}},
		{"decline twice", webtest.Pending, []url.Values{decline, decline}, "", badges.Declined, false, false, []badges.Action{declined}},
		{"decline with everything ticked", webtest.Pending, []url.Values{press("decline", "show_name", "show_facts")}, "", badges.Declined, false, false, []badges.Action{declined}},
		{"decline, then accept after all", webtest.Pending, []url.Values{decline, both}, "", badges.Claimed, true, true, []badges.Action{declined, claimed}},
		{"accept, then decline", webtest.Pending, []url.Values{both, decline}, "This badge can no longer be declined.", badges.Claimed, true, true, []badges.Action{claimed}},
		{"make private", webtest.Pending, []url.Values{both, press("private")}, "", badges.Private, true, true, []badges.Action{claimed, hidden}},
		{"make private twice", webtest.Pending, []url.Values{both, press("private"), press("private")}, "", badges.Private, true, true, []badges.Action{claimed, hidden}},
		{"make private with everything unticked", webtest.Pending, []url.Values{both, press("private", "show_name")}, "", badges.Private, true, true, []badges.Action{claimed, hidden}},
		{"make public again", webtest.Private, []url.Values{press("public")}, "", badges.Claimed, true, true, []badges.Action{shown}},
		{"make public what is", webtest.Claimed, []url.Values{press("public")}, "", badges.Claimed, false, false, nil},
		{"show less while it is private", webtest.Private, []url.Values{accept}, "", badges.Private, false, false, []badges.Action{changed}},
		{"decline what is private", webtest.Private, []url.Values{decline}, "This badge can no longer be declined.", badges.Private, true, true, nil},
		{"make private what waits", webtest.Pending, []url.Values{press("private")}, onlyAccepted, badges.Pending, false, false, nil},
		{"make public what waits", webtest.Pending, []url.Values{press("public")}, onlyAccepted, badges.Pending, false, false, nil},
		{"make private what was revoked", webtest.Revoked, []url.Values{press("private")}, onlyAccepted, badges.Revoked, true, true, nil},
		{"make public what was revoked", webtest.RevokedPrivate, []url.Values{press("public")}, onlyAccepted, badges.Revoked, true, true, nil},
		{"make private what is withheld", webtest.Withheld, []url.Values{press("private")}, onlyAccepted, badges.Withheld, false, false, nil},
		{"accept what was withdrawn", webtest.Withdrawn, []url.Values{both}, takenBack, badges.Withdrawn, false, false, nil},
		{"decline what was withdrawn", webtest.Withdrawn, []url.Values{decline}, "This badge can no longer be declined.", badges.Withdrawn, false, false, nil},
		{"accept what was discarded", webtest.Discarded, []url.Values{both}, takenBack, badges.Withdrawn, false, false, nil},
		{"accept what was revoked", webtest.Revoked, []url.Values{accept}, takenBack, badges.Revoked, true, true, nil},
		{"decline what was revoked", webtest.Revoked, []url.Values{decline}, "This badge can no longer be declined.", badges.Revoked, true, true, nil},
		{"accept what a higher step replaced before", webtest.ReplacedBefore, []url.Values{both}, hasHigher, badges.Replaced, false, false, nil},
		{"show no more what was replaced", webtest.Replaced, []url.Values{accept}, "", badges.Replaced, false, false, []badges.Action{changed}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := s.MakeAwardFor(t, badges.UserID(tt.name), tt.history)
			before, path := s.Acts(t, a.ID), claimOf(t, s, a.ID)
			var got webtest.Answer
			for _, form := range tt.forms {
				s.Clock.Add(time.Second)
				got = s.Anybody().Post(path, form)
			}
			if tt.says != "" && (got.Status != http.StatusConflict || !got.Shows(tt.says)) {
				t.Errorf("%d %s; want 409 %q", got.Status, got.Text(), tt.says)
			}
			if tt.says == "" && (got.Status != http.StatusSeeOther || got.Header.Get("Location") != path) {
				t.Errorf("%d to %q", got.Status, got.Header.Get("Location"))
			}
			after := s.Read(t, a.ID)
			if after.State != tt.want || after.ShowName != tt.showName || after.ShowFacts != tt.showFacts {
				t.Errorf("%s, shows the name %t, the facts %t; want %s, %t, %t", after.State, after.ShowName, after.ShowFacts, tt.want, tt.showName, tt.showFacts)
			}
			if diff := cmp.Diff(slices.Concat(before, tt.acts), s.Acts(t, a.ID)); diff != "" {
				t.Errorf("audit log (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWithheldIsNotClaimed checks that no form changes a withheld award.
func TestWithheldIsNotClaimed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Withheld)
	for _, decision := range []string{"accept", "decline"} {
		s.CheckUnchanged(t, a.ID, func() {
			if got := s.Anybody().Post(claimOf(t, s, a.ID), url.Values{"decision": {decision}}); got.Status != http.StatusConflict {
				t.Errorf("%s: %d", decision, got.Status)
			}
		})
	}
}

// TestFirstDecisionIsDated checks that a second press does not change the time of the
// claim.
func TestFirstDecisionIsDated(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Pending)
	for _, shown := range []string{"", "yes", ""} {
		s.Clock.Add(time.Hour)
		s.Anybody().Post(claimOf(t, s, a.ID), url.Values{"decision": {"accept"}, "show_name": {shown}})
	}
	if got := s.Read(t, a.ID).DecidedAt; !got.Equal(webtest.Day.Add(time.Hour)) {
		t.Errorf("claimed at %s, want %s", got, webtest.Day.Add(time.Hour))
	}
}

// TestFormsThatDecideNothing checks that a form without a decision does not change the
// award.
func TestFormsThatDecideNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct {
		name, query, body string
	}{
		{"an empty form", "", ""},
		{"no decision", "", "show_name=yes&show_facts=yes"},
		{"an empty decision", "", "decision="},
		{"a decision that there is not", "", "decision=Accept"},
		{"a decision in the address", "?decision=accept", "show_name=yes"},
		{"a broken escape", "", "decision=accept&show_name=%zz"},
		{"text that is not UTF-8", "", "decision=accept&show_name=%FF"},
		{"a NUL", "", "decision=accept&show_name=%00"},
	} {
		for _, history := range []webtest.History{webtest.Pending, webtest.Claimed, webtest.Declined} {
			a := s.MakeAwardFor(t, badges.UserID(tt.name+" "+string(history)), history)
			s.CheckUnchanged(t, a.ID, func() {
				r := httptest.NewRequest(http.MethodPost, claimOf(t, s, a.ID)+tt.query, strings.NewReader(tt.body))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				got := s.Anybody().Do(r)
				if got.Status != http.StatusUnprocessableEntity || !got.Shows("The form could not be read. Reload the page and send it again.") {
					t.Errorf("%s: %d %s", tt.name, got.Status, got.Text())
				}
			})
		}
	}
}

// TestClaimTakesPlace checks that the page of a higher step names the lower one that
// the claim will replace.
func TestClaimTakesPlace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lower := s.MakeAward(t, webtest.Claimed)
	step := s.World.NextStep(t, s.Store, s.World.Badge.ID)
	higher := s.World.Assertion(lower.User)
	higher.Badge, higher.Version = step.ID, step.Current.ID
	s.Award(t, higher)
	path := claimOf(t, s, higher.ID)
	const says = "Once you claim this badge, it takes the place of “Badge”, which is not valid any more then."
	if got := s.Anybody().Get(path + "?lang=en"); !got.Shows(says) {
		t.Errorf("before the claim: %s", got.Text())
	}
	s.Anybody().Post(path, url.Values{"decision": {"accept"}})
	if got := s.Anybody().Get(path + "?lang=en"); !got.Shows("This badge is yours") || got.Shows(says) {
		t.Errorf("after the claim: %s", got.Text())
	}
	if got := s.Read(t, lower.ID); got.State != badges.Replaced || got.ReplacedBy != higher.ID {
		t.Errorf("the lower step is %s by %q", got.State, got.ReplacedBy)
	}
}

// TestClaimOfExpired checks that the page says that the badge has expired and can be
// earned again.
func TestClaimOfExpired(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.World.Badge = s.World.Months(t, s.Store, s.World.Badge, 12)
	a := s.MakeAward(t, webtest.Claimed)
	s.SaveArrival(t, badges.Member{User: a.User, Name: "Zoë", Email: "zoe@example.org", Active: true})
	path := claimOf(t, s, a.ID) + "?lang=en"
	const again = "You can earn this badge again in its course now."
	if got := s.Anybody().Get(path); !got.Shows("Valid until 1 March 2027") || got.Shows("Expired") || got.Shows(again) {
		t.Errorf("while valid: %s", got.Text())
	}
	s.Clock.Add(366 * 24 * time.Hour)
	if got := s.Anybody().Get(path); !got.Shows("Valid until 1 March 2027 Expired", again) {
		t.Errorf("expired: %s", got.Text())
	}
	next := s.World.After(a)
	s.Award(t, next)
	if got := s.Anybody().Get(path); got.Shows(again) {
		t.Errorf("there is a newer award: %s", got.Text())
	}
	s.Clock.Add(366 * 24 * time.Hour)
	if got := s.Anybody().Get(path); got.Shows(again) {
		t.Errorf("the newer award has expired too: %s", got.Text())
	}
	if got := s.Anybody().Get(claimOf(t, s, next.ID) + "?lang=en"); !got.Shows(again) {
		t.Errorf("the newer award itself: %s", got.Text())
	}
}

// TestClaimShowsGivenEvidence checks that the page shows the evidence of a teacher.
func TestClaimShowsGivenEvidence(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.World.Assertion("6")
	a.Facts = []badges.Fact{{
		Kind: badges.ByHand, By: "3", At: webtest.Day, Source: badges.SourceTeacher,
		Given: &badges.GivenEvidence{Text: "A clear talk & <sure> answers.", Links: []string{"https://portfolio.example/zoe"}},
	}}
	s.Award(t, a)
	if got := s.Anybody().Get(claimOf(t, s, a.ID)); !got.Shows("A clear talk & <sure> answers.", "https://portfolio.example/zoe") {
		t.Errorf("%s", got.Text())
	}
}

// TestClaimEdition shows the badge in the learner's language, and what else it says below
// the buttons.
func TestClaimEdition(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	content := s.World.Badge.Current.Content
	content.Tags, content.Credits = []string{"data"}, 2
	content.Translations = []badges.Translation{{Language: "de", Name: "Forscherin", Description: "Liest Daten."}, {Language: "fr", Name: "Exploratrice", Description: "Lit."}}
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) (err error) {
		s.World.Badge, err = tx.EditBadge(ctx, s.World.Course, s.World.Badge.ID, content, "3")
		return err
	})
	for language, name := range map[string]string{"fr": "Exploratrice", "de": "Forscherin", "es": "Badge"} {
		a := s.World.Assertion(badges.UserID(language))
		a.Recipient.Language = language
		s.Award(t, a)
		got := s.Anybody().Get(claimOf(t, s, a.ID))
		if got.Status != http.StatusOK || !strings.Contains(got.Body, ">"+name+"</h1>") {
			t.Errorf("a learner of %s gets another edition than %s: %s", language, name, got.Text())
		}
		if button, details := strings.Index(got.Body, `id="accept"`), strings.Index(got.Body, `id="tags"`); button < 0 || details < button || !got.Shows("2 ECTS") {
			t.Errorf("%s: details at %d, button at %d", language, details, button)
		}
		if got := s.Anybody().Get(claimOf(t, s, a.ID) + "?lang=de"); !strings.Contains(got.Body, ">Forscherin</h1>") {
			t.Errorf("%s: the link to German does not lead there", language)
		}
	}
}
