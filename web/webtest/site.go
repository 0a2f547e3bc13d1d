package webtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/mux"
	"golang.org/x/net/html"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// Site is a small installation on a real store, in a SQLite file. Its clock shows Day
// until the test moves it. It serves the audiences that a test mounts.
type Site struct {
	Store   *store.Store
	Clock   *storetest.Clock
	World   storetest.World // a platform with a course, an organisation and a badge that is on
	Gates   page.Gates
	Views   view.Builder
	Links   credential.Addresses
	Hosts   page.Hosts // BaseURL, and FormerBaseURL
	Library *picture.Library
	Log     *Log
	Address string // of the database

	router *mux.Router
	serves http.Handler // answers the requests of browsers
}

// Audience has the pages of one kind of reader.
type Audience interface{ Mount(r *mux.Router) }

// NewSite returns a site without audiences.
func NewSite(t *testing.T) *Site {
	t.Helper()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	library, err := picture.LoadLibrary()
	if err != nil {
		t.Fatal(err)
	}
	key, err := secret.New([]byte(strings.Repeat("k", secret.MinLength)), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := page.NewSessions(key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := key.Key("claim")
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{Clock: storetest.NewClock(Day), Library: library, Log: &Log{}, router: mux.NewRouter()}
	s.serves = s.router
	s.Address = "sqlite:" + storetest.SQLiteFile(t)
	s.Store = storetest.OpenAt(t, s.Address, s.Clock)
	s.World = storetest.NewWorld(t, s.Store, "client")
	s.Links = credential.NewAddresses(BaseURL, credential.NewClaimLinks(claims))
	if s.Hosts, err = page.NewHosts(BaseURL, FormerBaseURL); err != nil {
		t.Fatal(err)
	}
	s.Views = view.Builder{Read: s.Store, Links: s.Links, Now: s.Clock.Now}
	s.Gates = page.Gates{Renderer: &page.Renderer{Templates: set, Log: slog.New(slog.NewTextHandler(s.Log, nil))}, Sessions: sessions}
	return s
}

// Mount adds the routes of an audience.
func (s *Site) Mount(a Audience) { a.Mount(s.router) }

// Serve makes h answer the requests instead of the mounted audiences.
func (s *Site) Serve(h http.Handler) { s.serves = h }

// Log has what the site logged. It is safe for concurrent use.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// SaveArrival saves a person as a launch from the course of World does.
func (s *Site) SaveArrival(t *testing.T, m badges.Member) {
	t.Helper()
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
		return tx.Arrive(ctx, store.Arrival{Course: badges.Course{CourseKey: s.World.Course, Title: "Course", Label: "C"}, Member: m})
	})
}

// GiveAward awards the badge of World to a learner and puts the award in a state. It writes
// no audit entry.
func (s *Site) GiveAward(t *testing.T, user badges.UserID, state badges.AssertionState) badges.Assertion {
	t.Helper()
	a := s.World.Assertion(user)
	a.State, a.AwardedAt = state, s.Clock.Now()
	if state == badges.Claimed || state == badges.Declined {
		a.DecidedAt = s.Clock.Now()
	}
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.InsertAssertion(ctx, a)
		return err
	})
	return a
}

// Browser sends requests as a person's browser does.
type Browser struct {
	Who  page.Session // empty if there is no session in a course
	CSRF string       // the token that Post sends

	site     *Site
	cookies  []*http.Cookie
	Language string // of the browser; English if empty
}

// Anybody returns a browser without a session.
func (s *Site) Anybody() *Browser { return &Browser{site: s} }

// Open returns the browser of a person with the session who. If who has no course, it
// is the course of World.
func (s *Site) Open(t *testing.T, who page.Session) *Browser {
	t.Helper()
	if who.Course == (badges.CourseKey{}) {
		who.Course = s.World.Course
	}
	if who.FramedBy == "" {
		who.FramedBy = "https://lms.example.org"
	}
	who, err := s.Gates.Sessions.Begin(who)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := s.Gates.Sessions.Start(w, httptest.NewRequest(http.MethodGet, "/", nil), who); err != nil {
		t.Fatal(err)
	}
	return &Browser{Who: who, CSRF: who.CSRF, site: s, cookies: w.Result().Cookies()}
}

// Administrator returns the browser of an administrator who signed in.
func (s *Site) Administrator(t *testing.T) *Browser {
	t.Helper()
	w := httptest.NewRecorder()
	if err := s.Gates.Sessions.StartAdmin(w, httptest.NewRequest(http.MethodGet, "/", nil)); err != nil {
		t.Fatal(err)
	}
	b := &Browser{site: s, cookies: w.Result().Cookies()}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	admin, err := s.Gates.Sessions.ReadAdmin(r)
	if err != nil {
		t.Fatal(err)
	}
	b.CSRF = admin.CSRF
	return b
}

// Get requests a page.
func (b *Browser) Get(path string) Answer {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept", "text/html,*/*;q=0.8")
	return b.Do(r)
}

// Post sends a form with the token of the session.
func (b *Browser) Post(path string, form url.Values) Answer {
	sent := url.Values{"csrf": {b.CSRF}}
	for name, values := range form {
		sent[name] = values
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(sent.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Do(r)
}

// Do sends a request with the browser's cookies and keeps those of the answer.
func (b *Browser) Do(r *http.Request) Answer {
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	if b.Language != "" {
		r.Header.Set("Accept-Language", b.Language)
	}
	w := httptest.NewRecorder()
	b.site.serves.ServeHTTP(w, r)
	b.keep(w.Result().Cookies())
	return Answer{Status: w.Code, Header: w.Header(), Body: w.Body.String()}
}

// keep stores the new cookies and removes those that have ended.
func (b *Browser) keep(cookies []*http.Cookie) {
	for _, c := range cookies {
		b.cookies = slices.DeleteFunc(b.cookies, func(old *http.Cookie) bool { return old.Name == c.Name })
		if c.MaxAge >= 0 {
			b.cookies = append(b.cookies, c)
		}
	}
}

// Answer is the site's answer to a request.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Text returns the text of the page as a person reads it, with single spaces.
func (a Answer) Text() string {
	root, err := html.Parse(strings.NewReader(a.Body))
	if err != nil {
		return a.Body
	}
	var text strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			_, _ = io.WriteString(&text, n.Data+" ")
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// Shows reports whether the text of the page contains all texts.
func (a Answer) Shows(texts ...string) bool {
	read := a.Text()
	for _, text := range texts {
		if !strings.Contains(read, text) {
			return false
		}
	}
	return true
}
