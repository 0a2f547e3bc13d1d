package teacher_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// jury makes a badge in jury mode.
func (w *world) jury(name string) badges.Badge {
	w.t.Helper()
	b := w.on(name, both)
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		return tx.SetJury(ctx, w.World.Course, b.ID, true, tomas)
	})
	return w.badge(b.ID)
}

// waits writes a withheld award.
func (w *world) waits(b badges.Badge, user badges.UserID) badges.Assertion {
	w.t.Helper()
	return w.has(b, user, b.FirstState())
}

// TestRelease releases chosen awards, and undoes it within ten minutes.
func TestRelease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.jury("Exploration")
	first, second := w.waits(b, zoe), w.waits(b, angel)
	path, open := at(w.teacher, b.ID, "/release"), at(w.teacher, b.ID, "")
	expect(t, w.teacher.Get(open), http.StatusOK, "Waiting for you", "2 learners have earned the badge and do not know it yet.", "Zoë D’Alembert", "Withheld", "When you release it")

	expectGoes(t, w.teacher.Post(path, url.Values{"award": {string(first.ID)}}), open)
	if a := w.award(first.ID); !a.ReleasedAt.Equal(w.Clock.Now()) || a.State != b.FirstState() {
		t.Errorf("the chosen award is %s, released at %v", a.State, a.ReleasedAt)
	}
	if a := w.award(second.ID); !a.ReleasedAt.IsZero() {
		t.Error("an award was released that was not chosen")
	}
	if acts := w.acts(tomas, string(first.ID)); !slices.Equal(acts, []badges.Action{badges.AwardsReleased}) {
		t.Errorf("acts %v", acts)
	}
	expect(t, w.teacher.Get(open), http.StatusOK, "One award was released. It reaches its learner ten minutes later", "Undo",
		"One learner has earned the badge and does not know it yet.", "Released, on its way within ten minutes")
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	expect(t, french.Get(at(french, b.ID, "")), http.StatusOK, "Une attribution est décidée.", "Une personne a obtenu le badge et ne le sait pas encore.")

	w.Clock.Add(badges.UndoWindow - time.Second)
	expectGoes(t, w.colleague.Post(at(w.colleague, b.ID, "/release"), url.Values{"undo": {"1"}}), at(w.colleague, b.ID, ""))
	if a := w.award(first.ID); !a.ReleasedAt.IsZero() {
		t.Error("the release was not undone")
	}
	if acts := w.acts(nina, string(first.ID)); !slices.Equal(acts, []badges.Action{badges.ReleaseUndone}) {
		t.Errorf("acts %v", acts)
	}
}

// TestReleaseRefused checks that only withheld awards can be released.
func TestReleaseRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	empty, other := w.jury("Empty"), w.jury("Other")
	foreign := w.waits(other, zoe)
	late, pending := w.jury("Late"), w.on("Pending", both)
	released := w.waits(late, zoe)
	expect(t, w.teacher.Post(at(w.teacher, late.ID, "/release"), url.Values{"all": {"1"}}), http.StatusSeeOther)
	w.Clock.Add(badges.UndoWindow)
	given := w.has(pending, zoe, badges.Pending)
	const none, tooLate = "Choose at least one learner.", "There is no release to undo"
	tests := []struct {
		name   string
		badge  badges.Badge
		form   url.Values
		status int
		says   string
	}{
		{"nobody is chosen", other, nil, http.StatusUnprocessableEntity, none},
		{"nothing waits", empty, url.Values{"all": {"1"}}, http.StatusUnprocessableEntity, none},
		{"all, when all are released", late, url.Values{"all": {"1"}}, http.StatusUnprocessableEntity, none},
		{"nothing to undo", other, url.Values{"undo": {"1"}}, http.StatusConflict, tooLate},
		{"undo after ten minutes", late, url.Values{"undo": {"1"}}, http.StatusConflict, tooLate},
		{"an award of another badge", empty, url.Values{"award": {string(foreign.ID)}}, http.StatusSeeOther, ""},
		{"an unknown award", empty, url.Values{"award": {"1"}}, http.StatusSeeOther, ""},
		{"an award that is released already", late, url.Values{"award": {string(released.ID)}}, http.StatusSeeOther, ""},
		{"an award that the learner has", pending, url.Values{"award": {string(given.ID)}}, http.StatusSeeOther, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all := []badges.AssertionID{foreign.ID, released.ID, given.ID}
			var before, after []badges.Assertion
			for _, id := range all {
				before = append(before, w.award(id))
			}
			expect(t, w.teacher.Post(at(w.teacher, tt.badge.ID, "/release"), tt.form), tt.status, tt.says)
			for _, id := range all {
				after = append(after, w.award(id))
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("an award changed (-before +after):\n%s", diff)
			}
		})
	}
}

// TestReleaseAll releases more awards than the page lists, and undoes it.
func TestReleaseAll(t *testing.T) {
	t.Parallel()
	const learners = 251 // one more than a batch
	w := newWorld(t)
	b := w.jury("Exploration")
	w.tx(func(ctx context.Context, tx *store.Tx) error {
		for i := range learners {
			a := w.World.Assertion(badges.UserID(fmt.Sprint("learner ", i)))
			a.Badge, a.Version, a.State, a.AwardedAt = b.ID, b.Current.ID, b.FirstState(), w.Clock.Now()
			if _, err := tx.InsertAssertion(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
	released := func() (n int) {
		for _, a := range w.awarded(b.ID) {
			if !a.ReleasedAt.IsZero() {
				n++
			}
		}
		return n
	}
	open := at(w.teacher, b.ID, "")
	expect(t, w.teacher.Get(open), http.StatusOK, "More than 200 learners have earned the badge and do not know it yet.", "Release all of them")
	expectGoes(t, w.teacher.Post(open+"/release", url.Values{"all": {"1"}}), open)
	if n := released(); n != learners {
		t.Errorf("%d are released, want %d", n, learners)
	}
	expect(t, w.teacher.Get(open), http.StatusOK, "251 awards were released.")
	expectGoes(t, w.teacher.Post(open+"/release", url.Values{"undo": {"1"}}), open)
	if n := released(); n != 0 {
		t.Errorf("%d are still released", n)
	}
}
