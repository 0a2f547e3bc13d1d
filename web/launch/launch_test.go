package launch_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/page"
)

// TestLands opens Insigne as each kind of reader and checks the session and its first
// page.
func TestLands(t *testing.T) {
	s := newSite(t)
	badge := string(s.World.Badge.ID)
	copied := s.otherBadge(t, "5", s.World.Badge.ID)
	foreign := s.otherBadge(t, "7", "")
	course := func(id string) map[string]any { return map[string]any{"id": id, "title": "Another course"} }
	link := func(id string) map[string]any { return map[string]any{"badge": id} }
	type who struct {
		Teacher, Mentor bool
		Context         badges.ContextID
		Opens           string
	}
	for _, tt := range []struct {
		name   string
		change func(m map[string]any)
		want   who
	}{
		{"learner", nil, who{Context: "2", Opens: "/mine"}},
		{"teacher", with(claim("roles"), roles("Instructor")), who{Teacher: true, Context: "2", Opens: "/badges"}},
		{"no role in the course", with(claim("roles"), []string{}), who{Context: "2", Opens: "/mine"}},
		{
			"administrator of the LMS", with(claim("roles"), []string{"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"}),
			who{Context: "2", Opens: "/mine"},
		},
		{"mentor", with(claim("roles"), roles("Mentor"), claim("role_scope_mentor"), []string{"7"}), who{Mentor: true, Context: "2", Opens: "/learners"}},
		{"mentor of nobody", with(claim("roles"), roles("Mentor")), who{Context: "2", Opens: "/mine"}},
		{"learner who is said to follow somebody", with(claim("role_scope_mentor"), []string{"7"}), who{Context: "2", Opens: "/mine"}},
		{"learner by a link to a badge", with(claim("custom"), link(badge)), who{Context: "2", Opens: "/mine/" + badge}},
		{
			"teacher by a link to a badge", with(claim("custom"), link(badge), claim("roles"), roles("Instructor")),
			who{Teacher: true, Context: "2", Opens: "/badges/" + badge},
		},
		{"a link to a badge of another course", with(claim("custom"), link(foreign)), who{Context: "2", Opens: "/mine"}},
		{"a link to a badge that is not there", with(claim("custom"), link("gone")), who{Context: "2", Opens: "/mine"}},
		{
			"a link that was copied with its course", with(claim("custom"), link(badge), claim("context"), course("5")),
			who{Context: "5", Opens: "/mine/" + copied},
		},
		{
			"work to review", with(claim("message_type"), "LtiSubmissionReviewRequest", claim("for_user"), map[string]any{"user_id": "a/b"}, claim("roles"), roles("Instructor")),
			who{Teacher: true, Context: "2", Opens: "/learners/a%2Fb"},
		},
		{"outside a course", with(claim("context"), nil, claim("roles"), roles("Instructor"), claim("custom"), link(badge)), who{Opens: "/mine"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := s.login(t, s.Anybody()).opens(t, tt.change)
			session, opens := s.session(t, a)
			got := who{session.Teacher, session.Mentor, session.Course.Context, opens}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("session (-want +got):\n%s", diff)
			}
			if session.User != "6" || session.Course.Platform != s.World.Course.Platform || session.FramedBy != "https://lms.example.org https://login.example.org" {
				t.Errorf("session of %q at %q, in %q", session.User, session.Course.Platform, session.FramedBy)
			}
		})
	}
}

// otherBadge makes a badge in another course of the platform. If copyOf is not empty,
// the badge is a copy of that one.
func (s *site) otherBadge(t *testing.T, course badges.ContextID, copyOf badges.BadgeID) string {
	t.Helper()
	key := badges.CourseKey{Platform: s.World.Course.Platform, Context: course}
	var b badges.Badge
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) (err error) {
		if err := tx.SeeCourse(ctx, badges.Course{CourseKey: key, Title: "Another course"}); err != nil {
			return err
		}
		b, err = tx.CopyBadge(ctx, key, copyOf, s.World.Badge.Current.Content, "3")
		return err
	})
	return string(b.ID)
}

// TestArrives checks what a launch stores: the course, the person, the services, the
// name of the platform, and that the login was used.
func TestArrives(t *testing.T) {
	s := newSite(t)
	v := s.login(t, s.Anybody())
	a := v.opens(t, with(
		claim("roles"), roles("Mentor"), claim("role_scope_mentor"), []string{"7", "8"},
		claim("custom"), map[string]any{"context_history": "4, 3,," + strings.Repeat("x", 256)},
		claim("context"), map[string]any{"id": "2", "label": "BADGE101", "title": strings.Repeat("é", 130)},
		claim("tool_platform"), map[string]any{"name": "Moodle de Lutèce"},
		"https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice", map[string]any{"context_memberships_url": "https://lms.example.org/roster"},
	))
	session, _ := s.session(t, a)
	if want := strings.Repeat("é", 119) + "…"; session.Title != want || session.Language != "en" {
		t.Errorf("the session has title %q and language %q", session.Title, session.Language)
	}
	course, err := s.Store.Course(t.Context(), s.World.Course)
	if err != nil || course.Title != strings.Repeat("é", 130) || course.Label != "BADGE101" || course.Sync.DueAt.After(s.Clock.Now()) {
		t.Errorf("course %+v, %v", course, err)
	}
	member, err := s.Store.Member(t.Context(), s.World.Course, "6")
	want := badges.Member{User: "6", Name: "Zoë Ångström", Email: "zoe@lms.example.org", Language: "en", Active: true}
	if diff := cmp.Diff(want, member); err != nil || diff != "" {
		t.Errorf("member (-want +got): %v\n%s", err, diff)
	}
	watched, err := s.Store.Watched(t.Context(), s.World.Course, "6")
	if diff := cmp.Diff([]badges.UserID{"7", "8"}, watched); err != nil || diff != "" {
		t.Errorf("learners whom the mentor follows (-want +got): %v\n%s", err, diff)
	}
	history, err := s.Store.History(t.Context(), s.World.Course)
	if diff := cmp.Diff([]badges.ContextID{"4", "3"}, history); err != nil || diff != "" {
		t.Errorf("courses that it was copied from (-want +got): %v\n%s", err, diff)
	}
	services, err := s.Store.Services(t.Context(), s.World.Course)
	if err != nil || services.MembershipsURL != "https://lms.example.org/roster" {
		t.Errorf("services %+v, %v", services, err)
	}
	platform, err := s.Store.Platform(t.Context(), s.World.Course.Platform)
	if err != nil || platform.Name != "Moodle de Lutèce" {
		t.Errorf("the platform is called %q, %v", platform.Name, err)
	}
	if diff := cmp.Diff([]string{"LtiResourceLinkRequest"}, s.noted(t)); diff != "" {
		t.Errorf("launches (-want +got):\n%s", diff)
	}
	if used, err := s.Store.LoginUsed(t.Context(), lti.LoginID(v.state)); err != nil || !used {
		t.Errorf("the login is used: %t, %v", used, err)
	}
}

// TestSessionCookie checks that the session is in a cookie that browsers keep inside
// the LMS frame, and that the cookie of the login is removed.
func TestSessionCookie(t *testing.T) {
	s := newSite(t)
	v := s.login(t, s.Anybody())
	a := v.opens(t, nil)
	who, _ := s.session(t, a)
	ended := false
	for _, c := range cookies(a) {
		if !c.Secure || !c.HttpOnly || !c.Partitioned || c.SameSite != http.SameSiteNoneMode || c.Path != "/" {
			t.Errorf("cookie %s is %+v", c.Name, c)
		}
		ended = ended || c.Name == lti.CookieName(v.state) && c.MaxAge < 0
		if c.Name == "__Host-insigne-"+who.Handle && c.MaxAge != 8*60*60 {
			t.Errorf("the session lasts %d s", c.MaxAge)
		}
	}
	if !ended {
		t.Error("the cookie of the login is not removed")
	}
}

// TestTeaches checks who is stored as a teacher. A test user of the LMS counts as one,
// because it is not a learner.
func TestTeaches(t *testing.T) {
	s := newSite(t)
	for user, tt := range map[string]struct {
		roles   []string
		teaches bool
	}{
		"teacher": {roles("Instructor"), true}, "learner": {roles("Learner"), false},
		"test user": {append(roles("Learner"), "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"), true},
	} {
		s.login(t, s.Anybody()).opens(t, with("sub", user, claim("roles"), tt.roles))
		if m, err := s.Store.Member(t.Context(), s.World.Course, badges.UserID(user)); err != nil || m.Teaches != tt.teaches {
			t.Errorf("%s: teaches %t, %v", user, m.Teaches, err)
		}
	}
}

// TestKeys serves the tool's public keys, and nothing private of them.
func TestKeys(t *testing.T) {
	a := newSite(t).Anybody().Get(page.KeysPath)
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/json" || !strings.Contains(a.Body, `"kid":"own"`) || strings.Contains(a.Body, `"d":`) {
		t.Errorf("status %d: %s", a.Status, a.Body)
	}
	if got := a.Header.Get("Cache-Control"); got != "public, max-age=300" {
		t.Errorf("kept for %q", got)
	}
}
