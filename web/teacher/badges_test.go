package teacher_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// TestBadgeList opens the first page of a course at several moments.
func TestBadgeList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := func() string { return w.teacher.Who.Path("/badges") }
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})

	empty := w.anotherCourse("55")
	expect(t, empty.Get(empty.Who.Path("/badges")), http.StatusOK, "Course 55", "No badge yet")

	got := w.teacher.Get(open())
	expect(t, got, http.StatusOK, "Badges of this course", "Badge On", "complete the course", "Pending 0 Claimed 0 Declined 0",
		"This course has not been read yet.", "Insigne cannot read this course yet: ask your Moodle administrator")
	expectNot(t, got, "No badge yet", "Step 1")
	expect(t, french.Get(french.Who.Path("/badges")), http.StatusOK, "Badges de ce cours", "Badge Actif", "achever le cours", "Ce cours n’a pas encore été lu.")

	bronze, silver := w.on("Bronze", report), w.draft("Silver", both)
	w.stepAfter(bronze, silver)
	w.has(bronze, zoe, badges.Claimed)
	w.has(bronze, angel, badges.Claimed)
	w.has(bronze, chloe, badges.Pending)
	w.has(bronze, nora, badges.Declined)
	got = w.teacher.Get(open())
	expect(t, got, http.StatusOK, "Step 1 of 2 Bronze On", "Pending 1 Claimed 2 Declined 1 Replaced 0", "Step 2 of 2 Silver Draft",
		"reach at least 80% in “Final quiz” and complete “Report”")
	if !strings.Contains(got.Body, `href="`+at(w.teacher, silver.ID, "")+`"`) {
		t.Error("there is no link to the page of a badge")
	}
}

// TestServicesOfList shows what Insigne can read of a course.
func TestServicesOfList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const missing, basic = "Insigne cannot read this course yet", "Insigne can read the results of its own gradebook columns"
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.Arrive(ctx, store.Arrival{
			Course: badges.Course{CourseKey: w.World.Course, Title: "Course"}, Services: lti.Services{MembershipsURL: "https://lms.example.org/members"}, Member: people()[0],
		})
	})
	got := w.teacher.Get(w.teacher.Who.Path("/badges"))
	expect(t, got, http.StatusOK, basic)
	expectNot(t, got, missing)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.SetService(ctx, w.World.Course.Platform, badges.Service{URL: "https://lms.example.org", Token: "t"})
	})
	expectNot(t, w.teacher.Get(w.teacher.Who.Path("/badges")), missing, basic)
}

// TestCheckNow requests a reading of the course, and shows the results of readings.
func TestCheckNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := w.teacher.Who.Path("/badges")
	read := func(run badges.SyncRun) {
		t.Helper()
		expectGoes(t, w.teacher.Post(w.teacher.Who.Path("/check"), nil), open+"?checking=1")
		c, err := w.Store.LeaseCourse(t.Context(), time.Minute)
		if err != nil || c.CourseKey != w.World.Course || c.Cause != badges.ByTeacher {
			t.Fatalf("%v is due because of %q, want the course because of the teacher: %v", c.CourseKey, c.Cause, err)
		}
		w.finish(c, run)
		w.Clock.Add(time.Minute)
	}
	read(badges.SyncRun{Learners: 12, Awarded: 1, Unreadable: 2})
	expect(t, w.teacher.Get(open), http.StatusOK, "Last check: ", "12 participants read · one badge awarded", "Something could not be read for 2 learners")
	read(badges.SyncRun{Problem: moodle.FunctionMissing.Key(), Detail: "core_enrol_get_enrolled_users"})
	expect(t, w.teacher.Get(open), http.StatusOK, "The last check (", ") failed.", "A function is missing from the web service in Moodle.", "core_enrol_get_enrolled_users")
}
