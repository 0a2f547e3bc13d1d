package e2e_test

import (
	"net/http"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

// TestRolesOnPages launches with every kind of role and few other claims, and opens the
// first page and the teacher's page (cases 28 to 44).
func TestRolesOnPages(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	roles := func(list ...string) func(map[string]any) {
		return func(claims map[string]any) { claims[ltiClaim+"roles"] = append([]string{}, list...) }
	}
	without := func(names ...string) func(map[string]any) {
		return func(claims map[string]any) {
			for _, name := range names {
				delete(claims, name)
			}
		}
	}
	const person = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
	for name, tt := range map[string]struct {
		change  func(map[string]any)
		teacher bool
	}{
		"28 several, one of them teaching": {roles(person+"Student", membership+"#Learner", membership+"#Instructor"), true},
		"29 short name of a teacher":       {roles("Instructor"), true},
		"29 short name of a learner":       {roles("Learner"), false},
		"30 unknown":                       {roles("https://lms.example/roles#Wizard"), false},
		"31 an empty one":                  {roles(""), false},
		"31 none":                          {roles(), false},
		"39 nothing about the page":        {without(ltiClaim+"launch_presentation", ltiClaim+"custom"), false},
		"40 administrator of the site":     {roles(person+"Administrator", "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"), false},
		"42 teaching assistant":            {roles(membership + "/Instructor#TeachingAssistant"), true},
		"44 short type of context": {func(claims map[string]any) {
			claims[ltiClaim+"context"].(map[string]any)["type"] = []string{"CourseSection"}
		}, false},
		"70 and 80 no services": {without("https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice", "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"), false},
	} {
		t.Run(name, func(t *testing.T) {
			v := d.visitor()
			page := v.launchWith(t, 14, tt.change)
			if w := v.get(t, page); w.Code != http.StatusOK {
				t.Errorf("the first page is answered %d: %s", w.Code, said(w))
			}
			session := page[:len("/c/")+32]
			want := http.StatusForbidden
			if tt.teacher {
				want = http.StatusOK
			}
			if w := v.get(t, session+"/badges"); w.Code != want {
				t.Errorf("the teacher's page is answered %d, want %d", w.Code, want)
			}
		})
	}
}

// TestNeverAwarded uses a test user of the LMS, and a person who taught the course
// before and is a learner now. They do everything that a badge asks for, and get
// nothing (case 43).
func TestNeverAwarded(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	for user, role := range map[int64]string{14: "http://purl.imsglobal.org/vocab/lti/system/person#TestUser", 15: membership + "#Instructor"} {
		d.visitor().launchWith(t, user, func(claims map[string]any) { claims[ltiClaim+"roles"] = []string{membership + "#Learner", role} })
	}
	d.Campus.CompleteEverybody()
	eventually(t, "somebody else's award", func() bool { return len(d.assertions(t, "17")) == 1 })
	d.readTwice(t)
	for _, user := range []badges.UserID{"14", "15"} {
		if got := d.assertions(t, user); len(got) != 0 {
			t.Errorf("%s has %+v", user, got)
		}
	}
}
