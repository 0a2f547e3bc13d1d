package learner_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// awardWithoutAddress awards a new badge to a learner of whom the LMS tells no address.
func awardWithoutAddress(t *testing.T, s *webtest.Site, user badges.UserID) badges.Assertion {
	t.Helper()
	b := s.World.Draft(t, s.Store)
	a := s.World.Assertion(user)
	a.Badge, a.Version, a.Recipient.Email = b.ID, b.Current.ID, ""
	return s.Award(t, a)
}

// addressPath returns the path of the page where who gives an address.
func addressPath(who page.Session, a badges.Assertion) string {
	return who.Path("/mine/awards/" + string(a.ID) + "/address")
}

// mailedLink returns the path of the link in the mail to the address that was given last.
func mailedLink(t *testing.T, s *webtest.Site, id badges.AssertionID) string {
	t.Helper()
	given, err := s.Store.GivenAddress(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	link, err := s.Links.ClaimAt(id, given.Address, given.Ends())
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(link, webtest.BaseURL)
}

var accept = url.Values{"decision": {"accept"}}

// newcomer returns a site with an award to a learner without an address, and their
// browser.
func newcomer(t *testing.T) (*webtest.Site, badges.Assertion, *webtest.Browser) {
	t.Helper()
	s := newSite(t)
	s.SaveArrival(t, badges.Member{User: "6", Name: "Zoë", Language: "fr", Active: true})
	return s, awardWithoutAddress(t, s, "6"), s.Open(t, page.Session{User: "6"})
}

// TestJourneyWithoutAddress follows a learner from the course page to the claim.
func TestJourneyWithoutAddress(t *testing.T) {
	t.Parallel()
	s, a, b := newcomer(t)
	giving := addressPath(b.Who, a)
	mine := b.Get(b.Who.Path("/mine"))
	if !mine.Shows("your learning platform does not tell us yours", "Give your e-mail address") || !strings.Contains(mine.Body, `href="`+giving+`"`) || strings.Contains(mine.Body, "/claim/") {
		t.Errorf("the course page: %s", mine.Text())
	}
	if got := b.Get(giving); got.Status != http.StatusOK || !got.Shows("A badge is issued to an e-mail address", "Send the confirmation mail") {
		t.Errorf("the form: %d %s", got.Status, got.Text())
	}
	var got webtest.Answer
	if got = b.Post(giving, url.Values{"address": {"Zoe@Home.example"}}); got.Status != http.StatusSeeOther || got.Header.Get("Location") != giving {
		t.Fatalf("given: %d %s", got.Status, got.Text())
	}
	if got = b.Get(giving); !got.Shows("A mail is on its way to Zoe@Home.example", "before 2 March 2026, 09:30 UTC", "Send it again") {
		t.Errorf("after the form: %s", got.Text())
	}
	mailed := mailedLink(t, s, a.ID)
	if strings.Contains(strings.ToLower(mailed), "home") || strings.Contains(mailed, "%40") {
		t.Errorf("the link shows the address: %s", mailed)
	}
	s.CheckUnchanged(t, a.ID, func() { got = s.Anybody().Get(mailed + "?lang=en") })
	if got.Status != http.StatusOK || !got.Shows("You have received a badge!", "Issued to Zoë < Zoe@Home.example >", "When you accept the badge, you also confirm this address as yours.") || offers(got) != "accept decline show-name show-facts" {
		t.Errorf("the link in the mail: %d, offers %q: %s", got.Status, offers(got), got.Text())
	}
	if got.Shows("Why it was awarded") || got.Shows("Completion recorded") {
		t.Errorf("the address may be somebody else's, and its mail shows results: %s", got.Text())
	}
	visitor := s.Anybody()
	if got = visitor.Post(mailed, accept); got.Status != http.StatusSeeOther || got.Header.Get("Location") != mailed {
		t.Fatalf("accepted: %d %s", got.Status, got.Text())
	}
	if now := s.Read(t, a.ID); now.State != badges.Claimed || now.Recipient.Email != "zoe@home.example" {
		t.Errorf("the award: %+v", now)
	}
	for what, path := range map[string]string{"the link in the mail": mailed, "the claim link": claimOf(t, s, a.ID)} {
		if got = visitor.Get(path + "?lang=en"); got.Status != http.StatusOK || !got.Shows("This badge is yours", "zoe@home.example") || got.Shows("you also confirm") {
			t.Errorf("%s afterwards: %d %s", what, got.Status, got.Text())
		}
	}
	if got = b.Get(giving); got.Status != http.StatusSeeOther || got.Header.Get("Location") != b.Who.Path("/mine/"+string(a.Badge)) {
		t.Errorf("the form afterwards: %d to %q", got.Status, got.Header.Get("Location"))
	}
	if text := s.Log.String(); strings.Contains(strings.ToLower(text), "home.example") {
		t.Errorf("the log has the address: %s", text)
	}
}

// TestClaimLinkAlone checks that the link of the notice cannot claim without an address,
// whatever is posted to it, and that it does not show what was given.
func TestClaimLinkAlone(t *testing.T) {
	t.Parallel()
	s, a, b := newcomer(t)
	path := claimOf(t, s, a.ID)
	check := func(what string) {
		t.Helper()
		var got webtest.Answer
		s.CheckUnchanged(t, a.ID, func() { got = s.Anybody().Get(path + "?lang=en") })
		if got.Status != http.StatusOK || !got.Shows("Open your badges from the course and give one there", "The course: “Course”", "Issued to Zoë") || offers(got) != "decline" || strings.Contains(got.Body, "home.example") {
			t.Errorf("%s: %d, offers %q: %s", what, got.Status, offers(got), got.Text())
		}
		s.CheckUnchanged(t, a.ID, func() {
			got = s.Anybody().Post(path, url.Values{"decision": {"accept"}, "address": {"eve@evil.example"}, "email": {"eve@evil.example"}, "show_name": {"yes"}})
		})
		if got.Status != http.StatusConflict || !got.Shows("To accept this badge you need an e-mail address") {
			t.Errorf("%s: accepted: %d %s", what, got.Status, got.Text())
		}
	}
	check("at first")
	b.Post(addressPath(b.Who, a), url.Values{"address": {"zoe@home.example"}})
	check("after an address was given")
	french := s.Anybody()
	french.Language = "fr"
	if got := french.Get(path); !got.Shows("Ouvrez vos badges depuis le cours et indiquez-en une") {
		t.Errorf("in French: %s", got.Text())
	}
	if got := s.Anybody().Post(path, url.Values{"decision": {"decline"}}); got.Status != http.StatusSeeOther {
		t.Errorf("declined: %d", got.Status)
	}
	if got := s.Anybody().Get(path + "?lang=en"); !got.Shows("You declined this badge", "Open your badges from the course") || offers(got) != "" {
		t.Errorf("declined: offers %q: %s", offers(got), got.Text())
	}
	if got := b.Get(b.Who.Path("/mine")); !got.Shows("Declined", "Give your e-mail address") {
		t.Errorf("the course page of a declined one: %s", got.Text())
	}
}

// TestMailedLinkEnds opens links that no longer count: replaced by another address, too
// old, overtaken by the LMS or by a teacher, and forged ones.
func TestMailedLinkEnds(t *testing.T) {
	t.Parallel()
	give := func(t *testing.T, b *webtest.Browser, a badges.Assertion, address string) {
		t.Helper()
		if got := b.Post(addressPath(b.Who, a), url.Values{"address": {address}}); got.Status != http.StatusSeeOther {
			t.Fatalf("given: %d %s", got.Status, got.Text())
		}
	}
	const replaced, ended = "This link no longer confirms an address.", "This link has ended."
	for name, tt := range map[string]struct {
		then   func(t *testing.T, s *webtest.Site, a badges.Assertion, b *webtest.Browser)
		status int
		says   string
		post   int
	}{
		"another address": {func(t *testing.T, _ *webtest.Site, a badges.Assertion, b *webtest.Browser) {
			give(t, b, a, "other@home.example")
		}, http.StatusNotFound, replaced, http.StatusNotFound},
		"the same address once more": {func(t *testing.T, s *webtest.Site, a badges.Assertion, b *webtest.Browser) {
			s.Clock.Add(time.Hour)
			give(t, b, a, "zoe@home.example")
		}, http.StatusOK, "You have received a badge!", http.StatusSeeOther},
		"a day passes": {func(_ *testing.T, s *webtest.Site, _ badges.Assertion, _ *webtest.Browser) {
			s.Clock.Add(24 * time.Hour)
		}, http.StatusGone, ended, http.StatusGone},
		"almost a day passes": {func(_ *testing.T, s *webtest.Site, _ badges.Assertion, _ *webtest.Browser) {
			s.Clock.Add(24*time.Hour - time.Second)
		}, http.StatusOK, "You have received a badge!", http.StatusSeeOther},
		"the LMS tells another": {func(t *testing.T, s *webtest.Site, a badges.Assertion, _ *webtest.Browser) {
			s.SaveArrival(t, badges.Member{User: a.User, Name: "Zoë", Email: "zoe@lms.example", Active: true})
			s.Act(t, func(ctx context.Context, tx *store.Tx, by award.Awards) error {
				_, err := by.TakeAddresses(ctx, tx, a.Course, 10)
				return err
			})
		}, http.StatusNotFound, replaced, http.StatusNotFound},
		"a teacher takes the award back": {func(t *testing.T, s *webtest.Site, a badges.Assertion, _ *webtest.Browser) {
			s.TakeBack(t, a)
		}, http.StatusOK, "This badge is no longer available", http.StatusConflict},
		"the learner declines": {func(_ *testing.T, s *webtest.Site, a badges.Assertion, _ *webtest.Browser) {
			s.Anybody().Post(mailedLink(t, s, a.ID), url.Values{"decision": {"decline"}})
		}, http.StatusOK, "You declined this badge", http.StatusSeeOther},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a, b := newcomer(t)
			give(t, b, a, "zoe@home.example")
			link := mailedLink(t, s, a.ID)
			tt.then(t, s, a, b)
			got := s.Anybody().Get(link + "?lang=en")
			if got.Status != tt.status || !got.Shows(tt.says) {
				t.Errorf("%d %s; want %d %q", got.Status, got.Text(), tt.status, tt.says)
			}
			if got := s.Anybody().Post(link, accept); got.Status != tt.post {
				t.Errorf("accepted: %d %s; want %d", got.Status, got.Text(), tt.post)
			}
			if claimed := s.Read(t, a.ID).State == badges.Claimed; claimed != (tt.post == http.StatusSeeOther) {
				t.Errorf("claimed: %t", claimed)
			}
		})
	}
}

// TestForgedAddressLinks opens links that Insigne did not make.
func TestForgedAddressLinks(t *testing.T) {
	t.Parallel()
	s, a, b := newcomer(t)
	other := awardWithoutAddress(t, s, "7")
	b.Post(addressPath(b.Who, a), url.Values{"address": {"zoe@home.example"}})
	given, err := s.Store.GivenAddress(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	path := func(id badges.AssertionID, address string, ends time.Time) string {
		link, err := s.Links.ClaimAt(id, address, ends)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimPrefix(link, webtest.BaseURL)
	}
	good := path(a.ID, given.Address, given.Ends())
	for name, link := range map[string]string{
		"of an award for which nothing was given": path(other.ID, "zoe@home.example", given.Ends()),
		"to another address":                      path(a.ID, "eve@evil.example", given.Ends()),
		"to no address":                           path(a.ID, "", given.Ends()),
		"of an unknown award":                     path("00000000-0000-4000-8000-000000000000", "zoe@home.example", given.Ends()),
		"with a later end":                        good[:len("/claim/")+29] + "B" + good[len("/claim/")+30:],
		"shortened":                               good[:len(good)-1],
	} {
		if got := s.Anybody().Get(link); got.Status != http.StatusNotFound || strings.Contains(got.Body, "Zoë") {
			t.Errorf("%s: %d %s", name, got.Status, got.Text())
		}
		if got := s.Anybody().Post(link, accept); got.Status != http.StatusNotFound {
			t.Errorf("%s: accepted: %d", name, got.Status)
		}
	}
	if got := s.Anybody().Get(good); got.Status != http.StatusOK {
		t.Errorf("the good one: %d", got.Status)
	}
}

// TestGiveAddressAsOthers tries to give an address for a learner as everybody else. The
// answer is the one for an award that does not exist.
func TestGiveAddressAsOthers(t *testing.T) {
	t.Parallel()
	s, a, _ := newcomer(t)
	for _, user := range []badges.UserID{"7", "3"} {
		enrol(t, s, user)
	}
	elsewhere := badges.CourseKey{Platform: s.World.Course.Platform, Context: "77"}
	for name, b := range map[string]*webtest.Browser{
		"another learner":            s.Open(t, page.Session{User: "7"}),
		"a teacher":                  s.Open(t, page.Session{User: "3", Teacher: true}),
		"their mentor":               mentorOf(t, s, "6"),
		"the same id, other course":  s.Open(t, page.Session{User: "6", Course: elsewhere}),
		"the same id, other LMS":     s.Open(t, page.Session{User: "6", Course: badges.CourseKey{Platform: "other", Context: a.Course.Context}}),
		"the same id, no course, LM": s.Open(t, page.Session{User: "6", Course: badges.CourseKey{Platform: "other"}}),
	} {
		for _, got := range []webtest.Answer{b.Get(addressPath(b.Who, a)), b.Post(addressPath(b.Who, a), url.Values{"address": {"eve@evil.example"}})} {
			if got.Status != http.StatusNotFound || !got.Shows("There is nothing at this address.") || got.Shows("Badge") {
				t.Errorf("%s: %d %s", name, got.Status, got.Text())
			}
		}
		unknown := a
		unknown.ID = "00000000-0000-4000-8000-000000000000"
		if got := b.Post(addressPath(b.Who, unknown), url.Values{"address": {"eve@evil.example"}}); got.Status != http.StatusNotFound {
			t.Errorf("%s, an unknown award: %d", name, got.Status)
		}
	}
	s.CheckUnchanged(t, a.ID, func() {})
	if acts := s.Acts(t, a.ID); len(acts) != 1 {
		t.Errorf("the audit log: %v", acts)
	}
}

// TestGiveAddressNeedsToken posts the form without the token of the session.
func TestGiveAddressNeedsToken(t *testing.T) {
	t.Parallel()
	s, a, b := newcomer(t)
	b.CSRF = "forged"
	s.CheckUnchanged(t, a.ID, func() {
		if got := b.Post(addressPath(b.Who, a), url.Values{"address": {"eve@evil.example"}}); got.Status != http.StatusForbidden {
			t.Errorf("%d %s", got.Status, got.Text())
		}
	})
}

// TestAddressForm sends forms that are refused. The page says why and keeps what was
// written.
func TestAddressForm(t *testing.T) {
	t.Parallel()
	s, a, b := newcomer(t)
	path := addressPath(b.Who, a)
	for written, want := range map[string]struct{ says, keeps string }{
		"":                              {"Write your e-mail address.", `value=""`},
		"zoe":                           {"This is not an e-mail address", `value="zoe"`},
		"zoe@home.example, eve@x.y":     {"This is not an e-mail address", `value="zoe@home.example, eve@x.y"`},
		"zoe\u202e@home.example":        {"The address has invisible characters.", "value="},
		strings.Repeat("z", 300) + "@x": {"The address is longer than 254 characters.", strings.Repeat("z", 254) + `"`},
		`"><script>@x`:                  {"This is not an e-mail address", `value="&#34;&gt;&lt;script&gt;@x"`},
	} {
		got := b.Post(path, url.Values{"address": {written}})
		if got.Status != http.StatusUnprocessableEntity || !got.Shows(want.says) || !strings.Contains(got.Body, want.keeps) {
			t.Errorf("%.20q: %d %s", written, got.Status, got.Text())
		}
	}
	for n := range badges.AddressMailsPerAward {
		if got := b.Post(path, url.Values{"address": {"zoe@home.example"}}); got.Status != http.StatusSeeOther {
			t.Errorf("mail %d: %d %s", n+1, got.Status, got.Text())
		}
	}
	got := b.Post(path, url.Values{"address": {"other@home.example"}})
	if got.Status != http.StatusConflict || !got.Shows("Too many mails were asked for.", "A mail is on its way to zoe@home.example") {
		t.Errorf("too many: %d %s", got.Status, got.Text())
	}
	s.Clock.Add(24 * time.Hour)
	if got := b.Get(path); !got.Shows("The link in the mail no longer works. It was sent to zoe@home.example") {
		t.Errorf("ended: %s", got.Text())
	}
	// The next badge's form proposes the address that was used last.
	next := awardWithoutAddress(t, s, "6")
	if got := b.Get(addressPath(b.Who, next)); !strings.Contains(got.Body, `value="zoe@home.example"`) {
		t.Errorf("the next badge: %s", got.Body)
	}
	stranger := awardWithoutAddress(t, s, "7")
	enrol(t, s, "7")
	b = s.Open(t, page.Session{User: "7"})
	if got := b.Get(addressPath(b.Who, stranger)); strings.Contains(got.Body, "home.example") {
		t.Errorf("another learner sees it: %s", got.Body)
	}
}

// TestAddressMailState checks what the page says about the mail.
func TestAddressMailState(t *testing.T) {
	t.Parallel()
	s, a, b := newcomer(t)
	path := addressPath(b.Who, a)
	b.Post(path, url.Values{"address": {"zoe@home.example"}})
	given, err := s.Store.GivenAddress(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for problem, says := range map[string]string{
		"mail.recipient_refused":  "The mail server refuses this address.",
		"mail.address_invalid":    "The mail server refuses this address.",
		"mail.not_configured":     "This service cannot send mail yet.",
		"mail.server_unreachable": "Insigne tries again by itself.",
	} {
		storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error { return tx.AddressMailFailed(ctx, given, problem) })
		if got := b.Get(path); !got.Shows("The mail could not be sent yet to zoe@home.example", says) {
			t.Errorf("%s: %s", problem, got.Text())
		}
	}
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error { return tx.AddressMailSent(ctx, given) })
	if got := b.Get(path); !got.Shows("On 1 March 2026, 09:30 UTC a mail was sent to zoe@home.example") || got.Shows("could not be sent") {
		t.Errorf("sent: %s", got.Text())
	}
}
