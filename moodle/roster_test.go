package moodle_test

import (
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
		"3":  {ID: "3", Name: "Tomás Ó Briain", Username: "teacher1", Email: "teacher1@example.org", Roles: []string{"editingteacher"}},
		"8":  {ID: "8", Name: "فاطمة الزهراء", Username: "s03", Email: "s03@example.org", Roles: student, Language: "en", Groups: []moodle.GroupID{"1"}},
		"10": {ID: "10", Name: "Bjørn Nordmann & Søn", Username: "s05", Email: "s05@example.org", Roles: student, Groups: []moodle.GroupID{"1"}},
		"12": {ID: "12", Name: "Sven Suspended-Enrolment", Username: "s07", Email: "s07@example.org", Roles: student, Groups: []moodle.GroupID{"2"}, Suspended: true},
		"13": {ID: "13", Name: "Ursula Suspended-Account", Username: "s08", Email: "s08@example.org", Roles: student, Suspended: true, Language: "en"},
	}
	for id, p := range want {
		if diff := cmp.Diff(p, byID[id]); diff != "" {
			t.Errorf("participant %s (-want +got):\n%s", id, diff)
		}
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

// A teacher can make a badge before learners are enrolled. The grading of activities is
// then unknown, not Ungraded.
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
