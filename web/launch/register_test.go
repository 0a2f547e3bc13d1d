package launch_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/webtest"
)

// invite returns the parameters with which the LMS opens the registration page.
func (s *site) invite(t *testing.T) url.Values {
	t.Helper()
	invitation, err := s.invitations.New(t.Context(), badges.ByAdmin)
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"invite": {invitation.Token}, "openid_configuration": {s.lms.URL + "/configuration"}, "registration_token": {"t0ken"}}
}

func (s *site) open(t *testing.T) int {
	t.Helper()
	open, err := s.invitations.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}

func (s *site) platforms(t *testing.T) []store.Platform {
	t.Helper()
	list, err := s.Store.Platforms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// register opens the page of an invitation and presses its button.
func register(b *webtest.Browser, q url.Values) (asks, done webtest.Answer) {
	asks = b.Get(connect.RegisterPath + "?" + q.Encode())
	return asks, request(b, connect.RegisterPath, q, "same-origin")
}

// TestRegister registers a platform. The page only asks and fetches nothing. The button
// saves the platform and uses up the invitation.
func TestRegister(t *testing.T) {
	s := newSite(t)
	q := s.invite(t)
	host := strings.TrimPrefix(s.lms.URL, "http://")
	for range 2 { // opening the page uses nothing up
		a := s.Anybody().Get(connect.RegisterPath + "?" + q.Encode())
		if a.Status != http.StatusOK || !a.Shows("Connect Insigne to the platform at "+host+"?") || a.Shows("connected already") {
			t.Fatalf("status %d: %s", a.Status, a.Text())
		}
		if diff := cmp.Diff(q, fields(a)); diff != "" {
			t.Errorf("the button sends (-want +got):\n%s", diff)
		}
		if policy := a.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors 'self' "+s.lms.URL) {
			t.Errorf("policy %q", policy)
		}
	}
	if asked := s.lms.requests(); asked != "" || s.open(t) != 1 || len(s.platforms(t)) != 1 {
		t.Errorf("opening the page fetches %q, leaves %d invitations and %d platforms", asked, s.open(t), len(s.platforms(t)))
	}
	a := request(s.Anybody(), connect.RegisterPath, q, "same-origin")
	if a.Status != http.StatusOK || !a.Shows("Insigne is connected", "Press “Activate” on the tool’s card in Moodle") {
		t.Fatalf("status %d: %s", a.Status, a.Text())
	}
	if asked := s.lms.requests(); asked != "GET /configuration, POST /register" {
		t.Errorf("the platform is asked for %q", asked)
	}
	var stored []lti.Registration
	for _, p := range s.platforms(t) {
		if p.Registration.Issuer == s.lms.URL {
			p.Registration.ID = ""
			stored = append(stored, p.Registration)
		}
	}
	want := []lti.Registration{{Issuer: s.lms.URL, ClientID: "c9", AuthURL: s.lms.URL + "/auth", TokenURL: s.lms.URL + "/token", KeysURL: s.lms.URL + "/keys", Name: host}}
	if diff := cmp.Diff(want, stored); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if s.open(t) != 0 {
		t.Error("the invitation can be used again")
	}
}

// TestRegisterNeedsInvitation opens the page without a valid invitation. Nobody can
// make us fetch an address, or find out what is connected.
func TestRegisterNeedsInvitation(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(t *testing.T, s *site, q url.Values)
	}{
		{"none", func(_ *testing.T, _ *site, q url.Values) { q.Del("invite") }},
		{"one that was never made", func(_ *testing.T, _ *site, q url.Values) { q.Set("invite", "guessed") }},
		{"one of yesterday", func(_ *testing.T, s *site, _ url.Values) { s.Clock.Add(24*time.Hour + time.Second) }},
		{"one that was used", func(t *testing.T, s *site, q url.Values) {
			t.Helper()
			if a := request(s.Anybody(), connect.RegisterPath, q, "same-origin"); a.Status != http.StatusOK {
				t.Fatalf("status %d: %s", a.Status, a.Text())
			}
			s.lms.requests()
		}},
		{"one that was revoked", func(t *testing.T, s *site, _ url.Values) {
			t.Helper()
			open, err := s.invitations.Open(t.Context())
			if err == nil {
				err = s.invitations.Revoke(t.Context(), open[0].Hash)
			}
			if err != nil {
				t.Fatal(err)
			}
		}},
		{"a link that signs in", func(t *testing.T, s *site, q url.Values) {
			t.Helper()
			link, err := connect.NewSignIn(s.Store, "", strings.NewReader(strings.Repeat("s", 32))).Link(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			q.Set("invite", strings.TrimPrefix(link, connect.SignInPath))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			q := s.invite(t)
			tt.spoil(t, s, q)
			q.Set("again", "1")
			platforms := len(s.platforms(t))
			asks, done := register(s.Anybody(), q)
			for way, a := range map[string]webtest.Answer{"GET": asks, "POST": done} {
				if a.Status != http.StatusGone || !a.Shows("This registration address was used already or is older than 24 hours.") {
					t.Errorf("%s: status %d, %s", way, a.Status, a.Text())
				}
			}
			if asked := s.lms.requests(); asked != "" || len(s.platforms(t)) != platforms {
				t.Errorf("the platform is asked for %q; %d platforms, %d before", asked, len(s.platforms(t)), platforms)
			}
		})
	}
}

// TestRegisterAgain registers a connected platform only if the administrator confirms
// it. Until then the invitation is valid.
func TestRegisterAgain(t *testing.T) {
	s := newSite(t)
	s.save(t, lti.Registration{Issuer: s.lms.URL, ClientID: "c1"})
	q := s.invite(t)
	asks, done := register(s.Anybody(), q)
	if asks.Status != http.StatusOK || !asks.Shows("is connected already.", "Register it again all the same") {
		t.Errorf("status %d: %s", asks.Status, asks.Text())
	}
	if done.Status != http.StatusConflict || !done.Shows("This LMS is connected already.") || s.lms.requests() != "" || s.open(t) != 1 || len(s.platforms(t)) != 2 {
		t.Errorf("without confirmation: status %d, %d invitations, %d platforms: %s", done.Status, s.open(t), len(s.platforms(t)), done.Text())
	}
	q.Set("again", "1")
	if _, done := register(s.Anybody(), q); done.Status != http.StatusOK || len(s.platforms(t)) != 3 {
		t.Errorf("with confirmation: status %d, %d platforms: %s", done.Status, len(s.platforms(t)), done.Text())
	}
}

// TestRegisterParameters opens the page by hand instead of from the LMS, and registers
// at a platform that does not follow the standard.
func TestRegisterParameters(t *testing.T) {
	s := newSite(t)
	q := s.invite(t)
	q.Set("openid_configuration", "")
	if a := s.Anybody().Get(connect.RegisterPath + "?" + q.Encode()); a.Status != http.StatusUnprocessableEntity || !a.Shows("This address is opened by your LMS during registration") {
		t.Errorf("status %d: %s", a.Status, a.Text())
	}
	q.Set("openid_configuration", s.lms.URL+"/nothing")
	b := s.Anybody()
	b.Language = "fr"
	if a := request(b, connect.RegisterPath, q, "same-origin"); a.Status != http.StatusBadRequest || code(a) != string(lti.IssuerForeign) || a.Header.Get("Content-Language") != "fr" {
		t.Errorf("status %d, code %q: %s", a.Status, code(a), a.Text())
	}
	q["invite"] = []string{q.Get("invite"), "\x00"}
	if a := request(b, connect.RegisterPath, q, "same-origin"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a form that databases refuse: status %d, %s", a.Status, a.Text())
	}
	if s.open(t) != 1 || len(s.platforms(t)) != 1 {
		t.Errorf("%d invitations, %d platforms", s.open(t), len(s.platforms(t)))
	}
}
