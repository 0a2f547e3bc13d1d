package page_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/web/page"
)

// in puts the session's handle into the variables of the path, as the router does.
func in(handle string, r *http.Request) *http.Request {
	return mux.SetURLVars(r, map[string]string{"session": handle})
}

// TestSessionIsKept writes a session and reads it back.
func TestSessionIsKept(t *testing.T) {
	h := newSite(t, "k")
	want := page.Session{
		Course: course, Title: "Données & <société>", User: "6", Teacher: true, Mentor: true, Language: "fr-CA",
		FramedBy: lms + " https://other.example.org", Began: 1772357400000,
	}
	want, cookies := h.begin(t, want)
	got, err := h.gates.Sessions.Read(in(want.Handle, get("/", cookies...)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
	if len(want.CSRF) != 43 || len(want.Handle) != 32 {
		t.Errorf("token %q, handle %q", want.CSRF, want.Handle)
	}
}

// TestSessionCookies checks the attributes of the cookies.
func TestSessionCookies(t *testing.T) {
	h := newSite(t, "k")
	who, frame := h.begin(t, page.Session{User: "6", Title: "Secret course"})
	admin, _ := h.signIn(t)
	for _, tt := range []struct {
		name       string
		cookies    []*http.Cookie
		cookie     string
		attributes []string
	}{
		{"of a course", frame, "__Host-insigne-" + who.Handle, []string{"Path=/", "Max-Age=28800", "HttpOnly", "Secure", "SameSite=None", "Partitioned"}},
		{"of an administrator", admin, "__Host-insigne-admin", []string{"Path=/", "Max-Age=7200", "HttpOnly", "Secure", "SameSite=Lax"}},
	} {
		if len(tt.cookies) != 1 || tt.cookies[0].Name != tt.cookie {
			t.Errorf("%s: %v, want only %s", tt.name, tt.cookies, tt.cookie)
			continue
		}
		for _, attribute := range tt.attributes {
			if !strings.Contains(tt.cookies[0].Raw+";", "; "+attribute+";") {
				t.Errorf("%s lacks %s: %s", tt.name, attribute, tt.cookies[0].Raw)
			}
		}
		if strings.Contains(tt.cookies[0].Raw, "Secret") || strings.Contains(tt.cookies[0].Raw, "Domain") {
			t.Errorf("%s: %s", tt.name, tt.cookies[0].Raw)
		}
	}
}

// TestHandlesTellSessionsApart checks that each person and course has a handle of its
// own, and that it says nothing about others.
func TestHandlesTellSessionsApart(t *testing.T) {
	h := newSite(t, "k")
	handle := func(h *site, platform, context, user string) string {
		who, _ := h.begin(t, page.Session{
			Course: badges.CourseKey{Platform: badges.PlatformID(platform), Context: badges.ContextID(context)}, User: badges.UserID(user),
		})
		return who.Handle
	}
	seen := map[string]string{}
	for _, of := range [][3]string{{"1", "2", "3"}, {"1", "2", "4"}, {"1", "3", "3"}, {"2", "2", "3"}, {"1", "", "23"}, {"12", "", "3"}, {"1", "2\",\"3", ""}} {
		got := handle(h, of[0], of[1], of[2])
		if before, known := seen[got]; known {
			t.Errorf("%v has the handle of %s", of, before)
		}
		seen[got] = strings.Join(of[:], "/")
	}
	if first := handle(h, "1", "2", "3"); handle(h, "1", "2", "3") != first {
		t.Error("a person who comes back to a course has another handle")
	}
	if handle(h, "1", "2", "3") == handle(newSite(t, "x"), "1", "2", "3") {
		t.Error("another installation makes the same handles")
	}
}

// TestForeignCookies opens a session with cookies that do not belong to it.
func TestForeignCookies(t *testing.T) {
	h, elsewhere := newSite(t, "k"), newSite(t, "x")
	who, own := h.begin(t, page.Session{User: "6"})
	other, others := h.begin(t, page.Session{User: "7", Teacher: true})
	_, foreign := elsewhere.begin(t, page.Session{User: "6"})
	foreign[0].Name = own[0].Name
	admin, _ := h.signIn(t)
	named := func(name string, c *http.Cookie) *http.Cookie { return &http.Cookie{Name: name, Value: c.Value} }
	cut := &http.Cookie{Name: own[0].Name, Value: own[0].Value[:len(own[0].Value)-4]}
	changed := []byte(own[0].Value)
	changed[len(changed)/2] ^= 1
	for _, tt := range []struct {
		name   string
		handle string
		cookie *http.Cookie
	}{
		{"another's cookie", who.Handle, others[0]},
		{"another's cookie by the name of this session", who.Handle, named(own[0].Name, others[0])},
		{"this session's cookie by another's name", other.Handle, named(others[0].Name, own[0])},
		{"the cookie of another installation", who.Handle, foreign[0]},
		{"an administrator's cookie", who.Handle, named(own[0].Name, admin[0])},
		{"a cookie that was cut", who.Handle, cut},
		{"a cookie that was changed", who.Handle, named(own[0].Name, &http.Cookie{Value: string(changed)})},
		{"an empty cookie", who.Handle, named(own[0].Name, &http.Cookie{})},
		{"text", who.Handle, named(own[0].Name, &http.Cookie{Value: who.Handle})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := h.gates.Sessions.Read(in(tt.handle, get("/", tt.cookie)))
			if !fault.Is(err, fault.Unauthenticated) || got != (page.Session{}) {
				t.Errorf("read %+v, %v; want Unauthenticated", got, err)
			}
		})
	}
	for name, c := range map[string]*http.Cookie{"a session of a course": own[0], "one of another installation": foreign[0]} {
		if _, err := h.gates.Sessions.ReadAdmin(get("/", named(admin[0].Name, c))); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("an administrator with %s: %v, want Unauthenticated", name, err)
		}
	}
}

// TestSessionsEnd reads sessions just before and just after they expire. The clock is
// that of a synctest bubble, so nobody waits.
func TestSessionsEnd(t *testing.T) {
	h := newSite(t, "k")
	synctest.Test(t, func(t *testing.T) {
		who, cookies := h.begin(t, page.Session{User: "6"})
		token, err := h.gates.Sessions.TabToken(who)
		if err != nil {
			t.Fatal(err)
		}
		admin, _ := h.signIn(t)
		read := func() (frame, tab, console bool) {
			_, err := h.gates.Sessions.Read(in(who.Handle, get("/", cookies...)))
			frame = err == nil
			inTab := get("/")
			inTab.Header.Set(page.TabHeader, token)
			_, err = h.gates.Sessions.Read(in(who.Handle, inTab))
			tab = err == nil
			_, err = h.gates.Sessions.ReadAdmin(get("/", admin...))
			return frame, tab, err == nil
		}
		for _, tt := range []struct {
			after               time.Duration
			frame, tab, console bool
		}{
			{0, true, true, true},
			{2 * time.Hour, true, true, true},
			{2*time.Hour + time.Second, true, true, false},
			{8 * time.Hour, true, true, false},
			{8*time.Hour + time.Second, false, false, false},
		} {
			time.Sleep(time.Until(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(tt.after)))
			if frame, tab, console := read(); frame != tt.frame || tab != tt.tab || console != tt.console {
				t.Errorf("after %s: course %t, tab %t, administrator %t; want %t, %t, %t", tt.after, frame, tab, console, tt.frame, tt.tab, tt.console)
			}
		}
	})
}

// TestTokensAreRandom checks that without randomness no session starts, because its
// token could be guessed.
func TestTokensAreRandom(t *testing.T) {
	h := newSite(t, "k")
	first, _ := h.begin(t, page.Session{User: "6"})
	second, _ := h.begin(t, page.Session{User: "6"})
	if first.CSRF == second.CSRF {
		t.Error("two sessions have the same token")
	}
	broken := newSessions(t, "k", iotest.ErrReader(errors.New("no entropy")))
	if who, err := broken.Begin(page.Session{User: "6"}); err == nil {
		t.Errorf("a session began with the token %q", who.CSRF)
	}
	if err := broken.StartAdmin(httptest.NewRecorder(), get("/")); err == nil {
		t.Error("an administrator signed in")
	}
	short := newSessions(t, "k", bytes.NewReader(make([]byte, 31)))
	if _, err := short.Begin(page.Session{User: "6"}); err == nil {
		t.Error("a session began with a token that is too short")
	}
}

// keys returns an error for one purpose.
type keys struct{ fails string }

func (k keys) Key(purpose string) ([]byte, error) {
	if purpose == k.fails {
		return nil, errors.New("no key")
	}
	return make([]byte, 32), nil
}

func TestSessionsNeedTheirKeys(t *testing.T) {
	for _, purpose := range []string{"session/sign", "session/encrypt", "session/handle"} {
		if _, err := page.NewSessions(keys{purpose}, nil); err == nil {
			t.Errorf("without the key %s: no error", purpose)
		}
	}
	if _, err := page.NewSessions(keys{}, nil); err != nil {
		t.Error(err)
	}
}

// TestSessionPaths checks the first page of each role.
func TestSessionPaths(t *testing.T) {
	for name, tt := range map[string]struct {
		who  page.Session
		home string
	}{
		"learner":               {page.Session{}, "/mine"},
		"mentor":                {page.Session{Mentor: true}, "/learners"},
		"teacher":               {page.Session{Teacher: true}, "/badges"},
		"teacher who is mentor": {page.Session{Teacher: true, Mentor: true}, "/badges"},
	} {
		if got := tt.who.Home(); got != tt.home {
			t.Errorf("%s begins at %s, want %s", name, got, tt.home)
		}
	}
	who := page.Session{Handle: "abc", CSRF: "token"}
	if got := who.Path("/mine"); got != "/c/abc/mine" {
		t.Errorf("path %s", got)
	}
	if got := who.Page("Title", 1); got.Session != "/c/abc" || got.CSRF != "token" || got.Title != "Title" || got.Data != 1 {
		t.Errorf("page %+v", got)
	}
	if got := (page.AdminSession{CSRF: "token"}).Page("Title", 1); got.Session != "" || got.CSRF != "token" || got.Title != "Title" || got.Data != 1 {
		t.Errorf("administrator's page %+v", got)
	}
}
