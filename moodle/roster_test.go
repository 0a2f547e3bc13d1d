package moodle_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

func TestRoster(t *testing.T) {
	s := newSite(t, course(t))
	list, err := s.client().Roster(t.Context(), "2")
	if err != nil {
		t.Fatal(err)
	}
	byID := map[moodle.UserID]moodle.Participant{}
	for _, p := range list {
		byID[p.ID] = p
	}
	if len(list) != 14 || len(byID) != 14 {
		t.Fatalf("%d participants, want the 14 enrolled", len(list))
	}
	student := []string{"student"}
	want := map[moodle.UserID]moodle.Participant{
		"3":  {ID: "3", Name: "Tomás Ó Briain", Email: "teacher1@example.org", Roles: []string{"editingteacher"}},
		"8":  {ID: "8", Name: "فاطمة الزهراء", Email: "s03@example.org", Roles: student, Language: "en"},
		"10": {ID: "10", Name: "Bjørn Nordmann & Søn", Email: "s05@example.org", Roles: student},
		"12": {ID: "12", Name: "Sven Suspended-Enrolment", Email: "s07@example.org", Roles: student, Suspended: true},
		"13": {ID: "13", Name: "Ursula Suspended-Account", Email: "s08@example.org", Roles: student, Suspended: true, Language: "en"},
	}
	for id, p := range want {
		if diff := cmp.Diff(p, byID[id]); diff != "" {
			t.Errorf("participant %s (-want +got):\n%s", id, diff)
		}
	}
}

func TestRosterPages(t *testing.T) {
	var all []map[string]any
	for i := 1; i <= 1200; i++ {
		all = append(all, map[string]any{"id": i, "fullname": "L &amp; " + strconv.Itoa(i)})
	}
	everyone := func(map[string]any) bool { return true }
	whole := paged(all, everyone)
	tests := map[string]struct {
		reply answer
		want  int
	}{
		"three pages": {whole, 1200},
		"a page shortened by users that may not be seen": {func(form url.Values) (int, []byte) {
			if option(form, "limitfrom") == "0" {
				return paged(all[:3], everyone)(form)
			}
			return whole(form)
		}, 703},
		"the limit is ignored": {func(form url.Values) (int, []byte) {
			return http.StatusOK, []byte(`[{"id":1},{"id":2}]`)
		}, 2},
		"nobody": {text(`[]`), 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, map[string]answer{
				"core_enrol_get_enrolled_users": tt.reply,
				"core_user_get_users_by_field":  text(`[]`),
			})
			list, err := s.client().Roster(t.Context(), "2")
			if err != nil {
				t.Fatal(err)
			}
			if len(list) != tt.want {
				t.Errorf("%d participants, want %d", len(list), tt.want)
			}
			if len(list) == 1200 && list[0].Name != "L & 1" {
				t.Errorf("name %q is still escaped", list[0].Name)
			}
		})
	}
}

func TestActivities(t *testing.T) {
	s := newSite(t, course(t))
	list, err := s.client().Activities(t.Context(), "2")
	if err != nil {
		t.Fatal(err)
	}
	got := map[moodle.ActivityID]moodle.Activity{}
	for _, a := range list {
		got[a.ID] = a
	}
	want := map[moodle.ActivityID]moodle.Activity{
		"1":  {ID: "1", Name: "Read me first", Module: "page", Section: "New section", Tracked: true, Visible: true, Grading: moodle.Ungraded},
		"3":  {ID: "3", Name: "Quiz d'évaluation", Module: "quiz", Section: "New section", Tracked: true, Visible: true, Grading: moodle.Graded, MaxGrade: 10},
		"5":  {ID: "5", Name: "Hidden draft", Module: "assign", Section: "New section", Grading: moodle.Graded, MaxGrade: 20},
		"22": {ID: "22", Name: "Badge 1: Élève d'or & co", Module: "lti", Section: "New section", Visible: true, Grading: moodle.Graded, MaxGrade: 40},
	}
	for id, a := range want {
		if diff := cmp.Diff(a, got[id]); diff != "" {
			t.Errorf("activity %s (-want +got):\n%s", id, diff)
		}
	}
}

// Before anyone is enrolled a teacher can still make a badge: whether an activity
// has a grade is then unknown, not denied.
func TestActivitiesWithoutLearners(t *testing.T) {
	answers := course(t)
	answers["core_enrol_get_enrolled_users"] = text(`[]`)
	list, err := newSite(t, answers).client().Activities(t.Context(), "2")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatal("no activities")
	}
	for _, a := range list {
		if a.Grading != moodle.GradingUnknown {
			t.Errorf("activity %s: grading %d, want unknown", a.ID, a.Grading)
		}
	}
}
