package campus_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// roster lists the participants of the first course, by user id.
func (s *site) roster(t *testing.T, arguments ...string) []float64 {
	t.Helper()
	return member[float64](t, s.call(t, "core_enrol_get_enrolled_users", append([]string{"courseid", "2"}, arguments...)...), "id")
}

// TestLearnerLeaves removes a learner in each possible way and checks the roster, the
// grade report and the accounts.
func TestLearnerLeaves(t *testing.T) {
	onlyActive := []string{"options[0][name]", "onlyactive", "options[0][value]", "1"}
	for _, tt := range []struct {
		name   string
		change func(s *site) error
		// which of these still contain the learner
		roster, active, grades, account bool
	}{
		{"stays", func(*site) error { return nil }, true, true, true, true},
		{"enrolment suspended", func(s *site) error { return s.SetEnrolmentSuspended(9, true) }, true, false, false, true},
		{"account suspended", func(s *site) error { return s.SetAccountSuspended(9, true) }, true, true, true, true},
		{"unenrolled", func(s *site) error { return s.Unenrol(2, 9) }, false, false, false, true},
		{"deleted", func(s *site) error { return s.DeleteAccount(9) }, false, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			if err := tt.change(s); err != nil {
				t.Fatal(err)
			}
			accounts := member[float64](t, s.call(t, "core_user_get_users_by_field", "field", "id", "values[0]", "9"), "id")
			for where, found := range map[string]struct {
				got  []float64
				want bool
			}{
				"roster": {s.roster(t), tt.roster}, "active roster": {s.roster(t, onlyActive...), tt.active},
				"grades": {s.gradesOf(t), tt.grades}, "accounts": {accounts, tt.account},
			} {
				if has := slices.Contains(found.got, 9); has != found.want {
					t.Errorf("in the %s: %v, want %v", where, has, found.want)
				}
			}
			if tt.roster != (len(s.gradesOf(t, "groupid", "2")) == 4) && tt.grades {
				t.Errorf("group is %v", s.gradesOf(t, "groupid", "2"))
			}
			if got := s.get(t, "/mod/lti/launch.php?id=18&as=9"); tt.name == "unenrolled" && got.status != http.StatusNotFound {
				t.Errorf("who left may launch: %d", got.status)
			}
		})
	}
}

// After unenrolment, a learner begins without results; after a suspension, with the
// results from before.
func TestLearnerComesBack(t *testing.T) {
	s := newSite(t)
	for _, err := range []error{s.Unenrol(2, 6), s.Enrol(2, 6), s.SetEnrolmentSuspended(7, true), s.SetEnrolmentSuspended(7, false)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for user, want := range map[string]bool{"6": false, "7": true} {
		got := s.call(t, "core_completion_get_course_completion_status", "courseid", "2", "userid", user)
		if completed := got.(map[string]any)["completionstatus"].(map[string]any)["completed"]; completed != want {
			t.Errorf("learner %s completed: %v", user, completed)
		}
	}
	if diff := cmp.Diff([]float64{9, 7, 15}, s.gradesOf(t, "groupid", "1")); diff != "" {
		t.Errorf("group (-want +got):\n%s", diff)
	}
}

// A learner moves from one group to the other. Repeating a step changes nothing.
func TestGroupChange(t *testing.T) {
	s := newSite(t)
	for range 2 {
		for _, err := range []error{s.LeaveGroup(2, 1, 7), s.JoinGroup(2, 2, 7)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for group, want := range map[string][]float64{"1": {9, 6, 15}, "2": {10, 16, 9, 7, 8}} {
		if diff := cmp.Diff(want, s.gradesOf(t, "groupid", group)); diff != "" {
			t.Errorf("group %s (-want +got):\n%s", group, diff)
		}
	}
	if s.JoinGroup(2, 9, 7) == nil || s.JoinGroup(3, 1, 7) == nil || s.JoinGroup(2, 1, 3) == nil {
		t.Error("a group, course or learner that there is not was joined")
	}
}

// TestCompleteEverybody completes everything for everybody and then resets one learner.
func TestCompleteEverybody(t *testing.T) {
	s := newSite(t)
	s.CompleteEverybody()
	completed := s.completedSince(t, 0, 0)
	if len(completed) != 12 {
		t.Errorf("completed: %v", completed)
	}
	if again := s.completedSince(t, s.clock().Unix(), 0); len(again) >= len(completed) {
		t.Error("a completion lost its time")
	}
	quiz := member[float64](t, s.call(t, "gradereport_user_get_grade_items", "courseid", "2", "userid", "11").(map[string]any)["usergrades"].([]any)[0].(map[string]any)["gradeitems"], "graderaw")
	if diff := cmp.Diff([]float64{100, 20, 120}, quiz); diff != "" {
		t.Errorf("grades (-want +got):\n%s", diff)
	}
	if err := s.ResetCompletion(2, 6); err != nil {
		t.Fatal(err)
	}
	if left := s.completedSince(t, 0, 0); len(left) != 11 {
		t.Errorf("completed after one was reset: %v", left)
	}
	got := s.call(t, "core_completion_get_activities_completion_status", "courseid", "2", "userid", "6").(map[string]any)["statuses"]
	if diff := cmp.Diff([]float64{0, 0, 0, 0}, member[float64](t, got, "state")); diff != "" {
		t.Errorf("activities after the reset (-want +got):\n%s", diff)
	}
}
