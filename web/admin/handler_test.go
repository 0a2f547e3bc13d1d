package admin_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// route is a method and a path pattern, with an address for it.
type route struct{ method, pattern, path string }

// routes returns all routes of the audience. Their addresses name things that exist.
func (s *site) routes(t *testing.T) (list []route) {
	t.Helper()
	router := mux.NewRouter()
	s.handler.Mount(router)
	notice := s.failingNotice(t)
	fill := map[string]string{
		"platform": string(s.World.Course.Platform), "assertion": string(notice.Assertion), "about": string(notice.About), "channel": string(notice.Channel),
		"token": "guessed", "issuer": string(s.World.Issuer),
	}
	variable := regexp.MustCompile(`\{(\w+)(?::(?:[^{}]|\{\d+\})+)?\}`)
	must(t, router.Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		pattern, err := r.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := r.GetMethods()
		for _, method := range methods {
			path := variable.ReplaceAllStringFunc(pattern, func(v string) string { return fill[variable.FindStringSubmatch(v)[1]] })
			list = append(list, route{method, pattern, path})
		}
		return err
	}))
	return list
}

const signInPattern = "/admin/sign-in/{token}"

// send requests a route.
func send(b *webtest.Browser, r route, form url.Values) webtest.Answer {
	if r.method == http.MethodPost {
		return b.Post(r.path, form)
	}
	return b.Get(r.path)
}

// TestGates requests every page without permission and sends every form without its
// token. Nothing changes. New routes are tested too.
func TestGates(t *testing.T) {
	s := newSite(t)
	routes := s.routes(t)
	if !slices.ContainsFunc(routes, func(r route) bool { return r.method == http.MethodPost && r.path == s.path("/issuers") }) || len(routes) < 28 {
		t.Fatalf("routes %v", routes)
	}
	before := s.everything(t)
	teacher := s.Open(t, page.Session{User: "3", Teacher: true})
	for _, r := range routes {
		if r.pattern == signInPattern {
			continue
		}
		for who, b := range map[string]*webtest.Browser{"nobody": s.Anybody(), "a teacher": teacher} {
			if a := send(b, r, nil); a.Status != http.StatusUnauthorized || !a.Shows("Sign in with a link from “insigne admin-link”.") {
				t.Errorf("%s %s as %s: status %d, want 401", r.method, r.pattern, who, a.Status)
			}
		}
		if r.method != http.MethodPost {
			continue
		}
		for what, token := range map[string]string{"no token": "", "a teacher's token": teacher.CSRF, "another administrator's token": s.Administrator(t).CSRF} {
			a := send(s.Administrator(t), r, url.Values{"csrf": {token}})
			if a.Status != http.StatusForbidden || !a.Shows("This form is too old.") {
				t.Errorf("%s %s with %s: status %d, want 403", r.method, r.pattern, what, a.Status)
			}
		}
	}
	if diff := cmp.Diff(before, s.everything(t)); diff != "" {
		t.Errorf("refused, but something changed (-before +after):\n%s", diff)
	}
}

// everything is all that an administrator can change.
type everything struct {
	Platforms   []store.Platform
	Issuers     []badges.Issuer
	Deployments []store.Deployment
	Courses     []badges.Course
	Failing     []store.FailingNotice
	Sender      store.MailSender
	Invitations int
	Acts        []string
}

func (s *site) everything(t *testing.T) (e everything) {
	t.Helper()
	ctx, platform := t.Context(), s.World.Course.Platform
	var err error
	e.Platforms, e.Issuers, e.Acts = s.platforms(t), s.issuers(t, platform), slices.Concat(s.acts(t, platform), s.acts(t, ""))
	e.Deployments, err = s.Store.Deployments(ctx, platform)
	must(t, err)
	e.Courses, err = s.Store.Courses(ctx, platform)
	must(t, err)
	e.Failing, _, err = s.Store.NoticeQueue(ctx)
	must(t, err)
	e.Sender, err = s.Store.MailSender(ctx)
	must(t, err)
	open, err := s.handler.Invitations.Open(ctx)
	must(t, err)
	e.Invitations = len(open)
	return e
}

// TestNotFramed checks that no site may embed a page of the administrator.
func TestNotFramed(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	for _, r := range s.routes(t) {
		if r.method != http.MethodGet {
			continue
		}
		a := send(b, r, nil)
		if policy := a.Header.Get("Content-Security-Policy"); a.Status != http.StatusOK || !regexp.MustCompile(`frame-ancestors 'none'$`).MatchString(policy) {
			t.Errorf("%s: status %d, policy %q", r.pattern, a.Status, policy)
		}
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", r.pattern, a.Header)
		}
	}
}

// TestUnknownPlatform requests every page and form of an unknown platform.
func TestUnknownPlatform(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	asked := 0
	for _, r := range s.routes(t) {
		rest, ok := strings.CutPrefix(r.path, s.path(""))
		if !ok {
			continue
		}
		asked++
		r.path = "/admin/platforms/" + webtest.ID + rest
		if a := send(b, r, nil); a.Status != http.StatusNotFound || !a.Shows("There is nothing at this address.") {
			t.Errorf("%s %s: status %d, want 404", r.method, r.pattern, a.Status)
		}
	}
	if asked < 10 {
		t.Errorf("only %d routes asked", asked)
	}
}

// TestFrench shows every page in French.
func TestFrench(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	b.Language = "fr"
	for path, text := range map[string]string{
		"/admin": "Plateformes connectées", s.path(""): "Accès aux notes et à l’achèvement", "/admin/mail": "Courriel", s.path("/arrival"): "Insigne",
		"/admin/tool": "Connecter un LMS à la main", "/admin/diagnosis": "Personne n’a encore ouvert Insigne", "/admin/sign-in/x": "Ce lien ne sert qu’une fois.",
	} {
		if a := b.Get(path); a.Status != http.StatusOK || !a.Shows(text) || a.Header.Get("Content-Language") != "fr" {
			t.Errorf("%s: status %d, want %q: %s", path, a.Status, text, a.Text())
		}
	}
	// The choice is kept for the next page.
	b.Get("/admin?lang=en")
	if a := b.Get("/admin"); !a.Shows("Connected platforms") {
		t.Errorf("after the choice of English: %s", a.Text())
	}
}
