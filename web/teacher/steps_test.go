package teacher_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

// TestSteps shows the steps of a badge on the page of each.
func TestSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bronze, silver := w.on("Bronze", report), w.draft("Silver", both)
	alone := w.teacher.Get(at(w.teacher, bronze.ID, ""))
	expect(t, alone, http.StatusOK, "A badge can have steps, such as bronze, silver and gold", "Make the next step")
	expectNot(t, alone, "Take this badge out of the steps")
	w.stepAfter(bronze, silver)
	first := w.teacher.Get(at(w.teacher, bronze.ID, ""))
	expect(t, first, http.StatusOK, "Learners get the highest step whose rule they meet", "Bronze On Silver Draft")
	expectNot(t, first, "Make the next step", "Take this badge out of the steps")
	last := w.teacher.Get(at(w.teacher, silver.ID, ""))
	expect(t, last, http.StatusOK, "Make the next step", "Take this badge out of the steps")
}

// TestLeaveSteps takes a draft out of its ladder. A badge that was switched on cannot
// leave it.
func TestLeaveSteps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		state  badges.BadgeState // state of the middle step
		status int
		after  string // the step that Gold follows afterwards
		acts   []badges.Action
	}{
		{"a draft", badges.Draft, http.StatusSeeOther, "Bronze", []badges.Action{badges.BadgeCreated, badges.StepMade, badges.StepLeft}},
		{"on", badges.On, http.StatusConflict, "Silver", []badges.Action{badges.BadgeCreated, badges.StepMade, badges.BadgeSwitchedOn}},
		{"off", badges.Off, http.StatusConflict, "Silver", []badges.Action{badges.BadgeCreated, badges.StepMade, badges.BadgeSwitchedOff}},
	}
	w := newWorld(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bronze, silver, gold := w.draft("Bronze", report), w.draft("Silver", quiz), w.draft("Gold", both)
			w.stepAfter(bronze, silver)
			w.stepAfter(silver, gold)
			if tt.state != badges.Draft {
				w.turn(silver, tt.state)
			}
			got := w.teacher.Post(at(w.teacher, silver.ID, "/leave-steps"), nil)
			if tt.status == http.StatusSeeOther {
				expectGoes(t, got, at(w.teacher, silver.ID, ""))
			} else {
				expect(t, got, tt.status, "The steps of a badge that was switched on stay as they are")
			}
			if after := w.badge(w.badge(gold.ID).StepAfter).Current.Name; after != tt.after {
				t.Errorf("Gold follows %s, want %s", after, tt.after)
			}
			if left := w.badge(silver.ID).StepAfter == ""; left != (tt.status == http.StatusSeeOther) {
				t.Errorf("Silver left: %t", left)
			}
			if acts := w.acts(tomas, string(silver.ID)); !slices.Equal(acts, tt.acts) {
				t.Errorf("acts %v, want %v", acts, tt.acts)
			}
		})
	}
}
