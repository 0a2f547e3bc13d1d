package moodle_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/moodle"
)

// Whatever a site answers, the reading ends with values or with an *Error, and every
// requested learner is either read or unread.
func FuzzAnswers(f *testing.F) {
	for _, name := range []string{
		"ws-grade-items-one", "ws-enrolled-users-page", "ws-users-by-id", "ws-course-contents", "ws-site-info", "ws-batch",
		"ws-course-completion-complete", "ws-activities-completion-failed", "ws-error-invalid-token", "ws-message-send",
		"ws-course-groups", "ws-report-list",
	} {
		_, body := recorded(f, name)(nil)
		f.Add(string(body))
	}
	f.Add(`{"responses":[{"error":false,"data":"{\"completionstatus\":{\"completed\":true}}"}]}`)
	f.Add(`{"responses":[{"error":true,"exception":"null"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		calls := 0
		c := fake(t, func(*http.Request) (*http.Response, error) {
			if calls++; calls > 200 {
				t.Fatal("the client does not stop asking")
			}
			return respond(200, body), nil
		})
		ctx := t.Context()
		_, rosterErr := c.Roster(ctx, "2")
		_, activitiesErr := c.Activities(ctx, "2")
		grades, gradesErr := c.Grades(ctx, "2")
		_, checkErr := c.Check(ctx, "2")
		_, groupsErr := c.Groups(ctx, "2")
		_, reportsErr := c.Reports(ctx)
		users := []moodle.UserID{"6", "10", "11"}
		courses, coursesErr := c.CourseCompletions(ctx, "2", users)
		states, statesErr := c.ActivityCompletions(ctx, "2", users)
		for _, err := range []error{rosterErr, activitiesErr, groupsErr, reportsErr, gradesErr, checkErr, coursesErr, statesErr, c.SendMessage(ctx, "6", "x")} {
			if err != nil && moodle.ReasonOf(err) == "" {
				t.Errorf("error without a reason: %v", err)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the token is shown: %v", err)
			}
		}
		if coursesErr == nil && len(courses.Read)+len(courses.Unread) != len(users) {
			t.Errorf("%d read and %d unread of %d", len(courses.Read), len(courses.Unread), len(users))
		}
		if statesErr == nil && len(states.Read)+len(states.Unread) != len(users) {
			t.Errorf("%d read and %d unread of %d", len(states.Read), len(states.Unread), len(users))
		}
		if gradesErr != nil && grades != nil {
			t.Error("grades together with an error")
		}
	})
}
