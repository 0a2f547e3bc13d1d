package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/webtest"
)

// link returns a new link that signs an administrator in.
func (s *site) link(t *testing.T) string {
	t.Helper()
	address, err := s.handler.SignIn.Link(t.Context())
	must(t, err)
	return strings.TrimPrefix(address, webtest.BaseURL)
}

// TestSignIn signs an administrator in. Opening the link uses nothing up; the button
// works once.
func TestSignIn(t *testing.T) {
	s := newSite(t)
	link := s.link(t)
	for range 2 { // mail scanners open links
		a := s.Anybody().Get(link)
		shows(t, a, http.StatusOK, "This link works once. Press the button to sign in.")
		if len(a.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("opening the link sets %v", a.Header.Values("Set-Cookie"))
		}
	}
	b := s.Anybody()
	a := b.Post(link, nil)
	leadsTo(t, a, "/admin")
	set := (&http.Response{Header: a.Header}).Cookies()
	if len(set) != 1 || set[0].Name != "__Host-insigne-admin" || !set[0].Secure || !set[0].HttpOnly || set[0].SameSite != http.SameSiteLaxMode || set[0].MaxAge != 2*60*60 {
		t.Errorf("cookies %+v", set)
	}
	shows(t, b.Get("/admin"), http.StatusOK, "Console")
	if diff := cmp.Diff([]string{"operator admin_link_made", "admin admin_signed_in"}, s.acts(t, "")); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
	again := s.Anybody()
	shows(t, again.Post(link, nil), http.StatusGone, "This sign-in link was used already or is too old.")
	shows(t, again.Get("/admin"), http.StatusUnauthorized)
}

// TestSignInRefused refuses links that have expired, never existed, or are for
// something else.
func TestSignInRefused(t *testing.T) {
	for name, path := range map[string]func(t *testing.T, s *site) string{
		"too old": func(t *testing.T, s *site) string {
			t.Helper()
			link := s.link(t)
			s.Clock.Add(15*time.Minute + time.Second)
			return link
		},
		"guessed": func(*testing.T, *site) string { return "/admin/sign-in/guessed" },
		"an invitation of an LMS": func(t *testing.T, s *site) string {
			t.Helper()
			invitation, err := s.handler.Invitations.New(t.Context(), badges.ByAdmin)
			must(t, err)
			return "/admin/sign-in/" + invitation.Token
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := s.Anybody()
			b.Language = "fr"
			a := b.Post(path(t, s), nil)
			shows(t, a, http.StatusGone, "Ce lien de connexion a déjà servi ou a expiré.")
			if len(a.Header.Values("Set-Cookie")) > 0 {
				t.Errorf("refused, but the answer sets %v", a.Header.Values("Set-Cookie"))
			}
			shows(t, b.Get("/admin"), http.StatusUnauthorized)
		})
	}
}
