package page_test

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

const lms = "https://lms.example.org"

// course is the course of most sessions in these tests.
var course = badges.CourseKey{Platform: "p", Context: "2"}

// site has a page behind each gate. It has no store, because the gates need none.
type site struct {
	gates  page.Gates
	router *mux.Router
	log    *webtest.Log
	opened []string // the sessions that the pages got, in order
	fails  error    // the error that the pages return
}

// newSite returns a site whose keys come from secretText.
func newSite(t *testing.T, secretText string) *site {
	t.Helper()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := &site{router: mux.NewRouter(), log: &webtest.Log{}}
	h.gates = page.Gates{
		Renderer: &page.Renderer{Templates: set, Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))},
		Sessions: newSessions(t, secretText, rand.Reader),
	}
	anybody := func(http.ResponseWriter, *http.Request) error { return h.open("anybody") }
	member := func(_ http.ResponseWriter, _ *http.Request, who page.Session) error { return h.open(string(who.User)) }
	admin := func(http.ResponseWriter, *http.Request, page.AdminSession) error { return h.open("admin") }
	h.router.Handle("/public", h.gates.Public(anybody))
	h.router.Handle("/embedded", h.gates.Embedded(anybody))
	h.router.Handle(page.FramePath+"/member", h.gates.Member(member))
	h.router.Handle(page.FramePath+"/teacher", h.gates.Teacher(member))
	h.router.Handle("/admin", h.gates.Admin(admin))
	return h
}

func newSessions(t *testing.T, secretText string, random io.Reader) *page.Sessions {
	t.Helper()
	key, err := secret.New([]byte(strings.Repeat(secretText, secret.MinLength)), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := page.NewSessions(key, random)
	if err != nil {
		t.Fatal(err)
	}
	return sessions
}

func (h *site) open(who string) error {
	h.opened = append(h.opened, who)
	return h.fails
}

// begin starts a session and returns it with the cookies of its browser.
func (h *site) begin(t *testing.T, who page.Session) (page.Session, []*http.Cookie) {
	t.Helper()
	if who.Course == (badges.CourseKey{}) {
		who.Course = course
	}
	if who.FramedBy == "" {
		who.FramedBy = lms
	}
	who, err := h.gates.Sessions.Begin(who)
	if err != nil {
		t.Fatal(err)
	}
	return who, h.start(t, who)
}

// start starts a session and returns the cookies that the answer sets.
func (h *site) start(t *testing.T, who page.Session, sent ...*http.Cookie) []*http.Cookie {
	t.Helper()
	w := httptest.NewRecorder()
	if err := h.gates.Sessions.Start(w, get("/", sent...), who); err != nil {
		t.Fatal(err)
	}
	return w.Result().Cookies()
}

// signIn returns the cookies of an administrator's browser and the token of its forms.
func (h *site) signIn(t *testing.T) ([]*http.Cookie, string) {
	t.Helper()
	w := httptest.NewRecorder()
	if err := h.gates.Sessions.StartAdmin(w, get("/")); err != nil {
		t.Fatal(err)
	}
	cookies := w.Result().Cookies()
	admin, err := h.gates.Sessions.ReadAdmin(get("/", cookies...))
	if err != nil {
		t.Fatal(err)
	}
	return cookies, admin.CSRF
}

// ask sends a request. opened reports whether the page behind the gate was opened.
func (h *site) ask(r *http.Request) (answer webtest.Answer, opened bool) {
	before := len(h.opened)
	w := httptest.NewRecorder()
	h.router.ServeHTTP(w, r)
	return webtest.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.String()}, len(h.opened) > before
}

func get(path string, cookies ...*http.Cookie) *http.Request {
	return with(httptest.NewRequest(http.MethodGet, path, nil), cookies)
}

func post(path string, form url.Values, cookies ...*http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return with(r, cookies)
}

func with(r *http.Request, cookies []*http.Cookie) *http.Request {
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r
}

// directive returns a directive of the content security policy; empty if it is missing
// or there twice.
func directive(h http.Header, name string) string {
	var found []string
	for part := range strings.SplitSeq(h.Get("Content-Security-Policy"), ";") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(part), name+" "); ok {
			found = append(found, value)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}
