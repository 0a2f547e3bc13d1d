package launch_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

const placeReturn = issuer + "/mod/lti/contentitem_return.php?id=2&sesskey=S3ssKey"

// placing returns the claims of a teacher's deep linking request, changed by claims.
func placing(claims ...any) func(m map[string]any) {
	return func(m map[string]any) {
		m["sub"] = "3"
		m[claim("message_type")], m[claim("roles")] = "LtiDeepLinkingRequest", roles("Instructor")
		m["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"] = map[string]any{
			"deep_link_return_url": placeReturn, "accept_types": []string{"ltiResourceLink"}, "data": "opaque",
		}
		delete(m, claim("resource_link"))
		with(claims...)(m)
	}
}

// chooses opens Insigne with a deep linking request. It returns the teacher's browser
// and the path of the page to choose on.
func (s *site) chooses(t *testing.T, claims ...any) (b *webtest.Browser, path string) {
	t.Helper()
	b = s.Anybody()
	a := s.login(t, b).opens(t, placing(claims...))
	who, opens := s.session(t, a)
	if !strings.HasPrefix(opens, "/place/") {
		t.Fatalf("the launch opens %q", opens)
	}
	b.Who, b.CSRF = who, who.CSRF
	return b, who.Path(opens)
}

// waits reports whether a placement can still be answered.
func (s *site) waits(t *testing.T, path string) bool {
	t.Helper()
	_, id, _ := strings.Cut(path, "/place/")
	_, err := s.Store.Placement(t.Context(), s.World.Course, "3", id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	return err == nil
}

// items returns the links in the answer to the LMS. The tool must have signed them for
// the platform.
func items(t *testing.T, a webtest.Answer) any {
	t.Helper()
	claims := signedBy(t, toolKey, fields(a).Get("JWT"))
	if claims["iss"] != "client" || claims[claim("deployment_id")] != "1" || claims["https://purl.imsglobal.org/spec/lti-dl/claim/data"] != "opaque" {
		t.Errorf("answer %v", claims)
	}
	return claims["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"]
}

// TestPlace answers a deep linking request with each choice. It can be answered only
// once.
func TestPlace(t *testing.T) {
	s := newSite(t)
	badge := string(s.World.Badge.ID)
	for _, tt := range []struct {
		name, choice string
		want         []any
	}{
		{"a badge", badge, []any{map[string]any{"type": "ltiResourceLink", "title": "Badge", "text": "D", "custom": map[string]any{"badge": badge}}}},
		{"the course", "course", []any{map[string]any{"type": "ltiResourceLink", "title": "Badges"}}},
		{"nothing", "nothing", []any{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, path := s.chooses(t)
			for range 2 { // opening the page uses nothing up
				if a := b.Get(path); a.Status != http.StatusOK || !a.Shows("Choose what the activity opens.", "All badges of the course", "Badge", "Données") || a.Shows("With a column") {
					t.Fatalf("status %d: %s", a.Status, a.Text())
				}
			}
			if !s.waits(t, path) {
				t.Fatal("opening the page uses the request up")
			}
			a := b.Post(path, url.Values{"choice": {tt.choice}})
			if a.Status != http.StatusOK || !strings.Contains(a.Body, `action="`+html.EscapeString(placeReturn)+`"`) {
				t.Fatalf("status %d: %s", a.Status, a.Body)
			}
			if policy := a.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action https://lms.example.org/mod/lti/contentitem_return.php;") {
				t.Errorf("policy %q", policy)
			}
			if diff := cmp.Diff(any(tt.want), items(t, a)); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
			for way, again := range map[string]webtest.Answer{"POST": b.Post(path, url.Values{"choice": {tt.choice}}), "GET": b.Get(path)} {
				if again.Status != http.StatusGone || !again.Shows("This choice was made already or is older than an hour.") || strings.Contains(again.Body, "JWT") {
					t.Errorf("%s again: status %d, %s", way, again.Status, again.Text())
				}
			}
		})
	}
	if asked := s.lms.requests(); asked != "GET /keys" {
		t.Errorf("the platform is asked for %q", asked)
	}
	if strings.Contains(s.Log.String(), "S3ssKey") {
		t.Errorf("the log has the LMS's session key: %s", s.Log)
	}
}

// TestPlaceInFrench checks that the link has a title in the teacher's language.
func TestPlaceInFrench(t *testing.T) {
	s := newSite(t)
	b, path := s.chooses(t, claim("launch_presentation"), map[string]any{"locale": "fr"})
	if a := b.Get(path); !a.Shows("Tous les badges du cours") {
		t.Errorf("status %d: %s", a.Status, a.Text())
	}
	want := []any{map[string]any{"type": "ltiResourceLink", "title": "Badges"}}
	if diff := cmp.Diff(any(want), items(t, b.Post(path, url.Values{"choice": {"course"}}))); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

// TestPlaceRefused answers the request of somebody else, or with things of somebody
// else. The teacher can still answer it.
func TestPlaceRefused(t *testing.T) {
	s := newSite(t)
	foreign := s.otherBadge(t, "7", "")
	teacher, path := s.chooses(t)
	_, placement, _ := strings.Cut(path, "/place/")
	open := func(who page.Session) (*webtest.Browser, string) {
		b := s.Open(t, who)
		return b, b.Who.Path("/place/" + placement)
	}
	colleague, colleaguePath := open(page.Session{User: "4", Teacher: true})
	elsewhere, elsewherePath := open(page.Session{User: "3", Teacher: true, Course: badges.CourseKey{Platform: s.World.Course.Platform, Context: "7"}})
	learner, learnerPath := open(page.Session{User: "5"})
	choice := url.Values{"choice": {"course"}}
	for _, tt := range []struct {
		name   string
		answer webtest.Answer
		status int
		says   string
	}{
		{"nobody, looking", s.Anybody().Get(path), http.StatusUnauthorized, "Open Insigne again from your course."},
		{"nobody", s.Anybody().Post(path, choice), http.StatusUnauthorized, "Open Insigne again from your course."},
		{"a colleague, looking", colleague.Get(colleaguePath), http.StatusGone, "This choice was made already"},
		{"a colleague", colleague.Post(colleaguePath, choice), http.StatusGone, "This choice was made already"},
		{"the teacher in another course, looking", elsewhere.Get(elsewherePath), http.StatusGone, "This choice was made already"},
		{"the teacher in another course", elsewhere.Post(elsewherePath, choice), http.StatusGone, "This choice was made already"},
		{"a learner, looking", learner.Get(learnerPath), http.StatusForbidden, "This page is for those who teach the course."},
		{"a learner", learner.Post(learnerPath, choice), http.StatusForbidden, "This page is for those who teach the course."},
		{"without the form's token", teacher.Post(path, url.Values{"choice": {"course"}, "csrf": {""}}), http.StatusForbidden, "This form is too old."},
		{"with a colleague's token", teacher.Post(path, url.Values{"choice": {"course"}, "csrf": {colleague.CSRF}}), http.StatusForbidden, "This form is too old."},
		{"a badge of another course", teacher.Post(path, url.Values{"choice": {foreign}}), http.StatusNotFound, "There is nothing at this address."},
		{"no choice", teacher.Post(path, nil), http.StatusNotFound, "There is nothing at this address."},
	} {
		if tt.answer.Status != tt.status || !tt.answer.Shows(tt.says) || strings.Contains(tt.answer.Body, "JWT") {
			t.Errorf("%s: status %d, %s", tt.name, tt.answer.Status, tt.answer.Text())
		}
	}
	if !s.waits(t, path) {
		t.Error("the teacher's request is used up")
	}
	s.Clock.Add(time.Hour)
	if a := teacher.Post(path, choice); a.Status != http.StatusGone {
		t.Errorf("after an hour: status %d, %s", a.Status, a.Text())
	}
}

// TestPlaceWithColumn offers a gradebook column if the LMS accepts one, and requests it
// only if the teacher wants it.
func TestPlaceWithColumn(t *testing.T) {
	s := newSite(t)
	badge := string(s.World.Badge.ID)
	for _, tt := range []struct {
		name   string
		form   url.Values
		column bool
	}{
		{"with a column", url.Values{"choice": {badge}, "column": {"on"}}, true},
		{"without one", url.Values{"choice": {badge}}, false},
		{"of the course, which has none", url.Values{"choice": {"course"}, "column": {"on"}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, path := s.chooses(t, "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint", map[string]any{
				"lineitems": s.lms.URL + "/items", "scope": []string{lti.ScopeLineItem, lti.ScopeScore},
			})
			if a := b.Get(path); !a.Shows("With a column in the gradebook for the badge") {
				t.Errorf("status %d: %s", a.Status, a.Text())
			}
			list, _ := items(t, b.Post(path, tt.form)).([]any)
			if len(list) != 1 {
				t.Fatalf("items %v", list)
			}
			item, _ := list[0].(map[string]any)
			column, _ := item["lineItem"].(map[string]any)
			if (column != nil) != tt.column || tt.column && (column["resourceId"] != badge || column["label"] != "Badge") {
				t.Errorf("item %v", item)
			}
		})
	}
}
