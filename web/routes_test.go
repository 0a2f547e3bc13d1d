package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// noKeys has no keys: the installation signs nothing.
type noKeys struct{}

func (noKeys) SigningKeys(context.Context) ([]lti.SigningKey, error) { return nil, nil }

// TestRouteTable compares the table of doc.go with the routes that are mounted.
func TestRouteTable(t *testing.T) {
	routes, err := newSite(t).server.Routes()
	if err != nil {
		t.Fatal(err)
	}
	pattern := regexp.MustCompile(`\{(\w+):(?:[^{}]|\{[\d,]+\})+\}`) // {badge:[0-9a-f-]{36}}
	var mounted, documented []string
	for _, r := range routes {
		if r.Method != "HEAD" && r.Method != "OPTIONS" {
			mounted = append(mounted, r.Method+" "+pattern.ReplaceAllString(r.Path, "{$1}"))
		}
	}
	for _, r := range table(t) {
		documented = append(documented, r.Method+" "+r.Path)
	}
	slices.Sort(mounted)
	slices.Sort(documented)
	if diff := cmp.Diff(documented, mounted); diff != "" {
		t.Errorf("routes in doc.go (-) and mounted (+):\n%s", diff)
	}
}

// TestGates requests every route of the table without permission. The gate in the table
// must refuse.
func TestGates(t *testing.T) {
	s := newSite(t)
	learner := s.Open(t, page.Session{User: "5"})
	teacher := s.Open(t, page.Session{User: "3", Teacher: true})
	mentor := s.Open(t, page.Session{User: "4", Mentor: true})
	for _, r := range table(t) {
		t.Run(r.Method+" "+r.Path, func(t *testing.T) {
			switch r.Gate {
			case "anybody", "embedded":
				if a := ask(s.Anybody(), r, nil); a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden || a.Status >= 500 {
					t.Errorf("status %d: %s", a.Status, a.Text())
				}
				return
			case "admin":
				refuses(t, "nobody", ask(s.Anybody(), r, nil), http.StatusUnauthorized, "Sign in with a link from “insigne admin-link”.")
				refuses(t, "a teacher", ask(teacher, r, nil), http.StatusUnauthorized, "Sign in with a link from “insigne admin-link”.")
				refuses(t, "an administrator without the form's token", askWithoutToken(s.Administrator(t), r), http.StatusForbidden, "This form is too old.")
				return
			case "teacher":
				for who, b := range map[string]*webtest.Browser{"a learner": learner, "a mentor": mentor} {
					refuses(t, who, ask(b, r, nil), http.StatusForbidden, "This page is for those who teach the course.")
				}
			}
			refuses(t, "nobody", ask(s.Anybody(), r, nil), http.StatusUnauthorized, "Open Insigne again from your course.")
			refuses(t, "an administrator", ask(s.Administrator(t), r, nil), http.StatusUnauthorized, "Open Insigne again from your course.")
			refuses(t, "a teacher without the form's token", askWithoutToken(teacher, r), http.StatusForbidden, "This form is too old.")
		})
	}
}

// path returns an address of a route, in the session of the browser.
func path(b *webtest.Browser, r listed) string {
	session := b.Who.Handle
	if session == "" {
		session = strings.Repeat("0", 32)
	}
	p := strings.NewReplacer("{session}", session, "{user}", "5", "{about}", "award", "{channel}", "mail", "{hash}", strings.Repeat("0", 64),
		"{token}", "guessed", "{language}", "fr", "{key}", strings.Repeat("k", 43)).Replace(r.Path)
	return regexp.MustCompile(`\{\w+\}`).ReplaceAllString(p, webtest.ID)
}

func ask(b *webtest.Browser, r listed, form url.Values) webtest.Answer {
	if r.Method == http.MethodPost {
		return b.Post(path(b, r), form)
	}
	return b.Get(path(b, r))
}

// askWithoutToken sends a form without its token. Pages that are only read have no
// token.
func askWithoutToken(b *webtest.Browser, r listed) webtest.Answer {
	if r.Method != http.MethodPost {
		return webtest.Answer{Status: http.StatusForbidden, Body: "This form is too old."}
	}
	return ask(b, r, url.Values{"csrf": {""}})
}

func refuses(t *testing.T, who string, a webtest.Answer, status int, says string) {
	t.Helper()
	if a.Status != status || !a.Shows(says) {
		t.Errorf("%s: status %d, want %d: %s", who, a.Status, status, a.Text())
	}
}

// TestFraming checks which sites may embed which pages: none for pages of the public
// and of administrators, the LMS of the session for its pages, every site for pages
// before a session.
func TestFraming(t *testing.T) {
	s := newSite(t)
	teacher := s.Open(t, page.Session{User: "3", Teacher: true})
	for where, tt := range map[string]struct {
		b    *webtest.Browser
		path string
		want string
	}{
		"public":                       {s.Anybody(), "/", "'none'"},
		"public, not found":            {s.Anybody(), "/nothing", "'none'"},
		"administrator":                {s.Administrator(t), "/admin", "'none'"},
		"administrator, not signed in": {s.Anybody(), "/admin", "'none'"},
		"login":                        {s.Anybody(), "/lti/login", "*"},
		"session":                      {teacher, teacher.Who.Path("/badges"), "'self' https://lms.example.org"},
		"session that is over":         {s.Anybody(), teacher.Who.Path("/badges"), "*"},
	} {
		a := tt.b.Get(tt.path)
		if policy := a.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "; frame-ancestors "+tt.want) || !strings.HasPrefix(policy, "default-src 'self';") {
			t.Errorf("%s: status %d, policy %q", where, a.Status, policy)
		}
		if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", where, a.Header)
		}
	}
}

// TestWrongAddress checks the answers to unknown addresses and methods.
func TestWrongAddress(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		method, path string
		status       int
		says, allow  string
	}{
		{"GET", "/nothing", http.StatusNotFound, "There is no page at this address.", ""},
		{"POST", "/nothing", http.StatusNotFound, "There is no page at this address.", ""},
		{"GET", "/admin/platforms/x", http.StatusNotFound, "There is no page at this address.", ""},
		{"DELETE", "/admin", http.StatusMethodNotAllowed, "This address cannot be used in that way.", "GET, POST"},
		{"GET", "/lti/launch", http.StatusMethodNotAllowed, "This address cannot be used in that way.", "POST"},
		{"HEAD", "/admin/invitations", http.StatusMethodNotAllowed, "", "GET, POST"},
	} {
		a := s.Anybody().Do(httptest.NewRequest(tt.method, tt.path, nil))
		if a.Status != tt.status || !a.Shows(tt.says) || a.Header.Get("Allow") != tt.allow {
			t.Errorf("%s %s: status %d, allowed %q: %s", tt.method, tt.path, a.Status, a.Header.Get("Allow"), a.Text())
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/nothing", nil)
	r.Header.Set("Accept", "application/json")
	if a := s.Anybody().Do(r); a.Status != http.StatusNotFound || a.Header.Get("Content-Type") != "application/problem+json; charset=utf-8" || !strings.Contains(a.Body, `"code":"no_page"`) {
		t.Errorf("to a program: status %d, %s", a.Status, a.Body)
	}
}
