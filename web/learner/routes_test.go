package learner_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestRoutes opens every route with every kind of session. The answer must be the one
// in the table, and only the LMS of the session may embed it.
func TestRoutes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, user := range []badges.UserID{"3", "6", "7", "mentor"} {
		enrol(t, s, user)
	}
	mentor := mentorOf(t, s, "6")
	a := s.Award(t, s.World.Assertion("6"))
	b := awardWithoutAddress(t, s, "6")
	const (
		opens  = http.StatusOK
		sent   = http.StatusSeeOther
		no     = http.StatusForbidden
		none   = http.StatusNotFound
		signIn = http.StatusUnauthorized
		giving = "/mine/awards/{assertion:[0-9a-f-]{36}}/address"
	)
	frame := page.FramePath
	erasing := frame + "/mine/awards/{assertion:[0-9a-f-]{36}}/erase"
	type answers struct{ learner, other, mentor, teacher, nobody int }
	table := map[string]struct { // one for each route; a new route needs a line
		path string
		want answers
	}{
		"/claim/{token}":                      {claimOf(t, s, a.ID), answers{opens, opens, opens, opens, opens}},
		frame:                                 {"", answers{sent, sent, sent, sent, signIn}},
		frame + "/mine":                       {"/mine", answers{opens, opens, opens, opens, signIn}},
		erasing:                               {"/mine/awards/" + string(a.ID) + "/erase", answers{opens, none, none, none, signIn}},
		frame + "/mine/list":                  {"/mine/list", answers{opens, opens, opens, opens, signIn}},
		frame + "/mine/{badge:[0-9a-f-]{36}}": {"/mine/" + string(a.Badge), answers{opens, opens, opens, opens, signIn}},
		frame + giving:                        {"/mine/awards/" + string(b.ID) + "/address", answers{opens, none, none, none, signIn}},
		frame + "/learners":                   {"/learners", answers{no, no, opens, no, signIn}},
		frame + "/learners/{learner:.+}":      {"/learners/6", answers{opens, no, opens, opens, signIn}},
	}
	claiming := "/claim/{token}"
	routes := webtest.Routes(t, handler(s))
	if len(routes) != 2*len(table)+3 { // three are forms too
		t.Errorf("%d routes, want %d", len(routes), 2*len(table)+3)
	}
	learner, other := s.Open(t, page.Session{User: "6"}), s.Open(t, page.Session{User: "7"})
	teacher := s.Open(t, page.Session{User: "3", Teacher: true})
	for _, route := range routes {
		method, pattern, _ := strings.Cut(route, " ")
		t.Run(route, func(t *testing.T) {
			line, known := table[pattern]
			if !known {
				t.Fatalf("%s is not in the table", route)
			}
			if method == http.MethodPost && pattern == erasing {
				t.Skip("TestErase opens it")
			}
			if method == http.MethodPost && pattern != claiming && pattern != frame+giving {
				t.Fatalf("%s can be used to change something", route)
			}
			for _, reader := range []struct {
				name   string
				b      *webtest.Browser
				handle page.Session // session in the path
				want   int
			}{
				{"the learner", learner, learner.Who, line.want.learner},
				{"another learner", other, other.Who, line.want.other},
				{"their mentor", mentor, mentor.Who, line.want.mentor},
				{"a teacher", teacher, teacher.Who, line.want.teacher},
				{"nobody", s.Anybody(), learner.Who, line.want.nobody},
				{"another learner, by the learner's address", other, learner.Who, line.want.nobody},
				{"a teacher, by the learner's address", teacher, learner.Who, line.want.nobody},
				{"an administrator", s.Administrator(t), learner.Who, line.want.nobody},
			} {
				path, want := line.path, reader.want
				var got webtest.Answer
				if pattern != claiming {
					path = reader.handle.Path(path)
				}
				if method == http.MethodPost {
					got = reader.b.Post(path, url.Values{"decision": {"accept"}, "address": {"zoe@u.example"}})
					if want == opens {
						want = sent
					}
				} else {
					got = reader.b.Do(httptest.NewRequest(method, path, nil))
				}
				if got.Status != want {
					t.Errorf("%s, as %s: %d, want %d", route, reader.name, got.Status, want)
				}
				ancestors := "'none'"
				switch {
				case pattern == claiming:
				case got.Status == signIn: // we do not know which LMS has the frame
					ancestors = "*"
				default:
					ancestors = "'self' https://lms.example.org"
				}
				if policy := got.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "; frame-ancestors "+ancestors) {
					t.Errorf("%s, as %s: policy %q, want frame-ancestors %s", route, reader.name, policy, ancestors)
				}
				for header, value := range map[string]string{
					"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "Set-Cookie": "", "Access-Control-Allow-Origin": "",
				} {
					if got.Header.Get(header) != value {
						t.Errorf("%s, as %s: %s %q, want %q", route, reader.name, header, got.Header.Get(header), value)
					}
				}
			}
		})
	}
}

// TestHome redirects each role to its page.
func TestHome(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, tt := range map[string]struct {
		who  page.Session
		want string
	}{
		"a learner": {page.Session{User: "6"}, "/mine"}, "a mentor": {page.Session{User: "9", Mentor: true}, "/learners"}, "a teacher": {page.Session{User: "3", Teacher: true}, "/badges"},
	} {
		b := s.Open(t, tt.who)
		if got := b.Get(b.Who.Path("")); got.Status != http.StatusSeeOther || got.Header.Get("Location") != b.Who.Path(tt.want) {
			t.Errorf("%s: %d to %s, want %s", name, got.Status, got.Header.Get("Location"), tt.want)
		}
	}
}
