package teacher_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// TestTakeOver offers a copied course the badges of the original. It copies their
// content and steps as drafts, and no awards.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bronze, silver := w.on("Bronze", report), w.draft("Silver", both)
	w.stepAfter(bronze, silver)
	w.turn(silver, badges.On)
	w.has(bronze, zoe, badges.Claimed)
	copied := w.anotherCourse("102", "101", w.World.Course.Context) // course 101 has no badges
	w.anotherCourse("101")
	w.lms.outline.Activities = []badges.Activity{
		{ID: "117", Name: "Final quiz", Graded: true, Completion: true}, {ID: "118", Name: "Report", Completion: true},
	}
	list := copied.Who.Path("/badges")
	expect(t, copied.Get(list), http.StatusOK, "This course was copied from “Course”, which has badges.", "Bronze", "Silver", "Take the badges over")

	path := copied.Who.Path("/badges/take-over")
	expectGoes(t, copied.Post(path, url.Values{"source": {string(w.World.Course.Context)}}), list)
	names := map[string]badges.Badge{}
	for _, b := range w.badgesOf(copied.Who.Course) {
		names[b.Current.Name] = b
		if b.State != badges.Draft {
			t.Errorf("%s is %s, want a draft", b.Current.Name, b.State)
		}
	}
	moved := badges.Rule{Kind: badges.All, Of: []badges.Rule{
		{Kind: badges.ActivityGrade, Activity: "117", Name: "Final quiz", Percent: 80}, {Kind: badges.ActivityCompleted, Activity: "118", Name: "Report"},
	}}
	if diff := cmp.Diff(moved, names["Silver"].Current.Rule); diff != "" {
		t.Errorf("the rule is not moved (-want +got):\n%s", diff)
	}
	if after := names["Silver"].StepAfter; len(names) != 3 || after != names["Bronze"].ID {
		t.Errorf("%d badges; Silver follows %q", len(names), after)
	}
	if awards, err := w.Store.AssertionsOfBadge(t.Context(), copied.Who.Course, names["Bronze"].ID); err != nil || len(awards) != 0 {
		t.Errorf("%d awards were copied: %v", len(awards), err)
	}
	if n := len(w.badgesOf(w.World.Course)); n != 3 {
		t.Errorf("the original course has %d badges, want 3", n)
	}

	// A second time nothing is offered or copied.
	expectNot(t, copied.Get(list), "This course was copied from")
	expectGoes(t, copied.Post(path, url.Values{"source": {string(w.World.Course.Context)}}), list)
	if n := len(w.badgesOf(copied.Who.Course)); n != 3 {
		t.Errorf("%d badges after the second time, want 3", n)
	}
}

// TestTakeOverRefused copies nothing from a course that is not in the history of this
// one.
func TestTakeOverRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	copied := w.anotherCourse("102", "101")
	for name, source := range map[string]string{"another course": string(w.World.Course.Context), "itself": "102", "none": ""} {
		expect(t, copied.Post(copied.Who.Path("/badges/take-over"), url.Values{"source": {source}}), http.StatusNotFound, "There is nothing at this address.")
		if n := len(w.badgesOf(copied.Who.Course)); n != 0 {
			t.Errorf("%s: %d badges", name, n)
		}
	}
	w.lms.err = down
	ours := w.anotherCourse("103", w.World.Course.Context)
	expect(t, ours.Post(ours.Who.Path("/badges/take-over"), url.Values{"source": {string(w.World.Course.Context)}}), http.StatusBadGateway, downText)
	if n := len(w.badgesOf(ours.Who.Course)); n != 0 {
		t.Errorf("%d badges were copied while the LMS did not answer", n)
	}
}

// TestTakeOverLater copies badges that were made later, and keeps what a teacher
// changed in the copies.
func TestTakeOverLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bronze := w.on("Bronze", report)
	copied := w.anotherCourse("102", w.World.Course.Context)
	take := func() {
		t.Helper()
		expect(t, copied.Post(copied.Who.Path("/badges/take-over"), url.Values{"source": {string(w.World.Course.Context)}}), http.StatusSeeOther)
	}
	take()
	copyOf, err := w.Store.CopyOf(t.Context(), copied.Who.Course, bronze.ID)
	if err != nil {
		t.Fatal(err)
	}
	own := w.draftIn(copied.Who.Course, bronze.Current.Content)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.SetStep(ctx, copied.Who.Course, own.ID, copyOf, tomas)
	})
	silver := w.draft("Silver", both)
	w.stepAfter(bronze, silver)
	expect(t, copied.Get(copied.Who.Path("/badges")), http.StatusOK, "This course was copied from “Course”", "Silver")
	take()
	silverCopy, err := w.Store.CopyOf(t.Context(), copied.Who.Course, silver.ID)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := w.Store.Badge(t.Context(), copied.Who.Course, silverCopy); err != nil || b.StepAfter != "" {
		t.Errorf("the copy follows %q although another step does: %v", b.StepAfter, err)
	}
}
