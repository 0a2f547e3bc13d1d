package moodle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/moodle"
)

// A completion is confirmed only if the course is in the user's list.
func TestConfirmCompletions(t *testing.T) {
	s := newSite(t, map[string]answer{"core_enrol_get_users_courses": recorded(t, "ws-users-courses")})
	for course, want := range map[moodle.CourseID]map[moodle.UserID]bool{"2": {"6": true}, "3": {"6": false}, "4": {}} {
		got, err := s.client().ConfirmCompletions(t.Context(), course, []moodle.UserID{"6"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.Read); diff != "" || len(got.Read)+len(got.Unread) != 1 {
			t.Errorf("course %s (-want +got):\n%s\nunread: %v", course, diff, got.Unread)
		}
	}
	none := newSite(t, map[string]answer{"core_enrol_get_users_courses": recorded(t, "ws-error-function-not-in-service")})
	if _, err := none.client().ConfirmCompletions(t.Context(), "2", []moodle.UserID{"6"}); moodle.ReasonOf(err) != moodle.FunctionMissing {
		t.Errorf("without the function: %v", err)
	}
}
