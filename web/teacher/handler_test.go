package teacher_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/teacher"
	"github.com/insigne-badges/insigne/web/webtest"
)

// route is a method and a path of gorilla/mux.
type route struct{ method, path string }

// routesOf returns the routes of a handler.
func routesOf(t *testing.T, h *teacher.Handler) (routes []route) {
	t.Helper()
	r := mux.NewRouter()
	h.Mount(r)
	err := r.Walk(func(one *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := one.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := one.GetMethods()
		for _, method := range methods {
			routes = append(routes, route{method, path})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return routes
}

var variable = regexp.MustCompile(`\{(\w+):[^/]*\}`)

// fill replaces the variables of a route's path by values.
func (r route) fill(values map[string]string) string {
	return variable.ReplaceAllStringFunc(r.path, func(found string) string {
		return values[variable.FindStringSubmatch(found)[1]]
	})
}

func (r route) isOfBadge() bool { return strings.Contains(r.path, "{badge:") }

// TestRefusals opens every route with every session that has no permission. Each is
// refused and changes nothing.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	a := w.has(b, zoe, badges.Pending)
	learner := w.as(page.Session{User: zoe})
	stranger, _ := w.anotherPlatform()
	visitors := []struct {
		name    string
		browser *webtest.Browser
		session page.Session // session in the path
		posts   bool         // only routes that change something are refused
		badges  bool         // only pages of a badge are refused
		csrf    []string     // nil: the token of the session
		status  int
		text    string
	}{
		{name: "a learner", browser: learner, status: http.StatusForbidden, text: "This page is for those who teach the course."},
		{name: "a mentor", browser: w.as(page.Session{User: "5", Mentor: true}), status: http.StatusForbidden, text: "This page is for those who teach the course."},
		{name: "nobody", browser: w.Anybody(), session: w.teacher.Who, status: http.StatusUnauthorized, text: "Your session is over"},
		{name: "a learner with the path of a teacher", browser: learner, session: w.teacher.Who, status: http.StatusUnauthorized, text: "Your session is over"},
		{name: "a teacher of another course", browser: w.anotherCourse("77"), badges: true, status: http.StatusNotFound, text: "There is nothing at this address."},
		{name: "a teacher of another platform", browser: stranger, badges: true, status: http.StatusNotFound, text: "There is nothing at this address."},
		{name: "a form without a token", browser: w.teacher, posts: true, csrf: []string{}, status: http.StatusForbidden, text: "This form is too old."},
		{name: "a form with an empty token", browser: w.teacher, posts: true, csrf: []string{""}, status: http.StatusForbidden, text: "This form is too old."},
		{name: "a form with the token of another session", browser: w.teacher, posts: true, csrf: []string{w.colleague.CSRF}, status: http.StatusForbidden, text: "This form is too old."},
	}
	before := w.everything()
	routes := routesOf(t, w.handler)
	if len(routes) < 27 {
		t.Fatalf("only %d routes", len(routes))
	}
	for _, v := range visitors {
		for _, r := range routes {
			if v.posts && r.method != http.MethodPost || v.badges && !r.isOfBadge() {
				continue
			}
			who := v.browser.Who
			if v.session.Handle != "" {
				who = v.session
			}
			path := r.fill(map[string]string{"session": who.Handle, "badge": string(b.ID), "assertion": string(a.ID)})
			got := r.open(v.browser, path, v.csrf)
			if got.Status != v.status || r.method != http.MethodHead && !got.Shows(v.text) {
				t.Errorf("%s, %s %s: status %d, want %d with %q: %s", v.name, r.method, r.path, got.Status, v.status, v.text, got.Text())
			}
			if strings.Contains(got.Body, "Exploration") || strings.Contains(got.Body, "Alembert") {
				t.Errorf("%s, %s %s: the answer shows something of the course", v.name, r.method, r.path)
			}
		}
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("what was refused changed something (-before +after):\n%s", diff)
	}
}

// open sends a form with the fields of all routes; each route uses some of them.
func (r route) open(b *webtest.Browser, path string, csrf []string) webtest.Answer {
	if r.method != http.MethodPost {
		return b.Do(httptest.NewRequest(r.method, path, nil))
	}
	form := url.Values{
		"state": {"off"}, "policy": {"keep"}, "jury": {"on"}, "endorsed": {"on"}, "reason": {"by mistake"}, "all": {"1"},
		"learner": {string(chloe)}, "do": {"award"}, "decision": {"confirm"},
	}
	if csrf != nil {
		form["csrf"] = csrf
	}
	return b.Post(path, form)
}

// everything returns all that the store has of the course, to compare it.
func (w *world) everything() (all struct {
	Badges []store.CountedBadge
	Audit  []badges.AuditEntry
	Course badges.Course
},
) {
	w.t.Helper()
	ctx := w.t.Context()
	var err error
	if all.Badges, err = w.Store.Badges(ctx, w.World.Course); err != nil {
		w.t.Fatal(err)
	}
	if all.Audit, err = w.Store.AuditLog(ctx, w.World.Course, 1000); err != nil {
		w.t.Fatal(err)
	}
	if all.Course, err = w.Store.Course(ctx, w.World.Course); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// TestForeignIDs sends ids of other badges, courses and platforms in forms and
// addresses. Nothing of them can be read or changed.
func TestForeignIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, other := w.on("Mine", both), w.on("Other", both)
	foreign := w.draftIn(w.anotherCourse("78").Who.Course, w.World.Badge.Current.Content)
	_, stranger := w.anotherPlatform()
	award := w.has(other, zoe, badges.Pending)
	const nobody = "00000000-0000-4000-8000-000000000001"
	recipient := func(id badges.AssertionID) string { return at(w.teacher, mine.ID, "/recipients/"+string(id)) }
	tests := []struct {
		name string
		got  func() webtest.Answer
	}{
		{"an unknown badge", func() webtest.Answer { return w.teacher.Get(at(w.teacher, nobody, "")) }},
		{"an id that is none", func() webtest.Answer { return w.teacher.Get(at(w.teacher, "1'or'1'='1", "")) }},
		{"an award of another badge", func() webtest.Answer { return w.teacher.Get(recipient(award.ID)) }},
		{"an unknown award", func() webtest.Answer { return w.teacher.Get(recipient(nobody)) }},
		{"keep an award of another badge", func() webtest.Answer { return w.teacher.Post(recipient(award.ID)+"/keep", nil) }},
		{"take back an award of another badge", func() webtest.Answer {
			return w.teacher.Post(recipient(award.ID)+"/take-back", url.Values{"reason": {"by mistake"}})
		}},
		{"recipients after an award of another badge", func() webtest.Answer {
			return w.teacher.Get(at(w.teacher, mine.ID, "/recipients?after="+string(award.ID)))
		}},
		{"the next step after a badge of another course", func() webtest.Answer {
			return w.teacher.Get(w.teacher.Who.Path("/badges/new?after=" + string(foreign.ID)))
		}},
		{"make the next step after a badge of another course", func() webtest.Answer {
			return w.teacher.Post(w.teacher.Who.Path("/badges/new"), url.Values{"after": {string(foreign.ID)}})
		}},
		{"the next step after a badge of another platform", func() webtest.Answer {
			return w.teacher.Get(w.teacher.Who.Path("/badges/new?after=" + string(stranger.Badge.ID)))
		}},
		{"preview a badge of another course", func() webtest.Answer {
			return w.teacher.Post(w.teacher.Who.Path("/badges/preview"), url.Values{"badge": {string(foreign.ID)}})
		}},
		{"preview a badge of another platform", func() webtest.Answer {
			return w.teacher.Post(w.teacher.Who.Path("/badges/preview"), url.Values{"badge": {string(stranger.Badge.ID)}})
		}},
		{"take over the badges of a course that this is no copy of", func() webtest.Answer {
			return w.teacher.Post(w.teacher.Who.Path("/badges/take-over"), url.Values{"source": {"78"}})
		}},
	}
	before := w.everything()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.got()
			if got.Status != http.StatusNotFound {
				t.Errorf("status %d, want %d: %s", got.Status, http.StatusNotFound, got.Text())
			}
			expectNot(t, got, "Alembert")
		})
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("a foreign id changed something (-before +after):\n%s", diff)
	}
}

// TestUnreadableForms sends text that databases refuse to every route with a form.
func TestUnreadableForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	a := w.has(b, zoe, badges.Pending)
	before := w.everything()
	for _, r := range routesOf(t, w.handler) {
		if r.method != http.MethodPost {
			continue
		}
		path := r.fill(map[string]string{"session": w.teacher.Who.Handle, "badge": string(b.ID), "assertion": string(a.ID)})
		for name, text := range map[string]string{"invalid UTF-8": "by \xff mistake", "NUL": "by \x00 mistake"} {
			got := w.teacher.Post(path, url.Values{"reason": {text}})
			if got.Status != http.StatusUnprocessableEntity || !got.Shows("The form could not be read.") {
				t.Errorf("%s %s with %s: status %d: %s", r.method, r.path, name, got.Status, got.Text())
			}
		}
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("a form that cannot be read changed something (-before +after):\n%s", diff)
	}
}

// TestBrokenStore opens every route while the database does not answer. Each answer
// says that it is our fault. The cause is not on the page and is logged once.
func TestBrokenStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	a := w.has(b, zoe, badges.Pending)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, r := range routesOf(t, w.handler) {
		if strings.HasSuffix(r.path, "/badges/alignment") || strings.HasSuffix(r.path, "/badges/language") {
			continue // empty rows: nothing is read for them
		}
		path := r.fill(map[string]string{"session": w.teacher.Who.Handle, "badge": string(b.ID), "assertion": string(a.ID)})
		form := with(w.typed(), url.Values{"csrf": {w.teacher.CSRF}})
		request := httptest.NewRequest(r.method, path+"?depth=1", strings.NewReader(form.Encode()))
		if r.method == http.MethodPost {
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		before := strings.Count(w.Log.String(), "internal error")
		got := w.teacher.Do(request.WithContext(ctx))
		if got.Status != http.StatusInternalServerError || r.method != http.MethodHead && !got.Shows("This is a fault of ours, and it was noted.") {
			t.Errorf("%s %s: status %d: %s", r.method, r.path, got.Status, got.Text())
		}
		if got.Shows(context.Canceled.Error()) {
			t.Errorf("%s %s: the cause is on the page", r.method, r.path)
		}
		if logged := strings.Count(w.Log.String(), "internal error") - before; logged != 1 {
			t.Errorf("%s %s: logged %d times", r.method, r.path, logged)
		}
	}
	if !strings.Contains(w.Log.String(), context.Canceled.Error()) {
		t.Error("the cause is not logged")
	}
}
