package badges_test

import (
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// TestUndoWindow tries a release before and after the end of the window: it can
// be undone or delivered, and never both.
func TestUndoWindow(t *testing.T) {
	withheld := badges.Assertion{State: badges.Withheld}
	released, err := withheld.Release(noon)
	if err != nil || released.State != badges.Withheld || !released.ReleasedAt.Equal(noon) {
		t.Fatalf("released: %+v, %v", released, err)
	}
	if _, err := released.Release(noon); !fault.Is(err, fault.Conflict) {
		t.Errorf("released twice: %v", err)
	}
	for name, tt := range map[string]struct {
		after       time.Duration
		undo, works bool
	}{
		"at once":              {0, true, false},
		"five minutes later":   {5 * time.Minute, true, false},
		"just before the end":  {badges.UndoWindow - time.Microsecond, true, false},
		"when the window ends": {badges.UndoWindow, false, true},
		"days later":           {72 * time.Hour, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			now := noon.Add(tt.after)
			undone, err := released.UndoRelease(now)
			if tt.undo != (err == nil) || tt.undo && !undone.ReleasedAt.IsZero() {
				t.Errorf("undone: %+v, %v", undone, err)
			}
			ends := now.AddDate(0, 1, 0)
			delivered, err := released.Deliver(now, ends)
			if tt.works != (err == nil) {
				t.Errorf("delivered: %v", err)
			}
			if tt.works && (delivered.State != badges.Pending || !delivered.ExpiresAt.Equal(ends) || !delivered.RemindAt.Equal(badges.RenewableFrom(now, ends))) {
				t.Errorf("delivered: %+v", delivered)
			}
		})
	}
}

// TestReleaseOfOtherStates checks that only a withheld award can be released,
// and only a released one undone or delivered.
func TestReleaseOfOtherStates(t *testing.T) {
	late := noon.Add(time.Hour)
	for _, state := range []badges.AssertionState{badges.Pending, badges.Claimed, badges.Declined, badges.Withdrawn, badges.Revoked, badges.Replaced} {
		if _, err := (badges.Assertion{State: state}).Release(noon); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s is released: %v", state, err)
		}
		if _, err := (badges.Assertion{State: state, ReleasedAt: noon}).Deliver(late, late); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s is delivered: %v", state, err)
		}
		if _, err := (badges.Assertion{State: state, ReleasedAt: noon}).UndoRelease(noon); !fault.Is(err, fault.Conflict) {
			t.Errorf("the release of a %s one is undone: %v", state, err)
		}
	}
	if _, err := (badges.Assertion{State: badges.Withheld}).Deliver(late, late); !fault.Is(err, fault.Conflict) {
		t.Errorf("delivered without a release: %v", err)
	}
}

// TestEvidenceOfAnAward checks that only an award in force loses and regains
// evidence, once, and not if the teacher decided to keep it.
func TestEvidenceOfAnAward(t *testing.T) {
	for _, tt := range []struct {
		name             string
		a                badges.Assertion
		loses, regains   bool
		keeps, withdraws bool
	}{
		{"pending", badges.Assertion{State: badges.Pending}, true, false, true, false},
		{"claimed", badges.Assertion{State: badges.Claimed}, true, false, true, false},
		{"pending, lost", badges.Assertion{State: badges.Pending, EvidenceLostAt: noon}, false, true, true, true},
		{"claimed, lost", badges.Assertion{State: badges.Claimed, EvidenceLostAt: noon}, false, true, true, false},
		{"kept", badges.Assertion{State: badges.Pending, KeptAt: noon}, false, false, true, false},
		{"declined", badges.Assertion{State: badges.Declined, EvidenceLostAt: noon}, false, false, false, false},
		{"withdrawn by the policy", badges.Assertion{State: badges.Withdrawn, EvidenceLostAt: noon}, false, false, false, false},
		{"withheld", badges.Assertion{State: badges.Withheld}, false, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if lost, ok := tt.a.LoseEvidence(noon); ok != tt.loses || ok && lost.EvidenceLostAt.IsZero() {
				t.Errorf("LoseEvidence = %+v, %v", lost, ok)
			}
			if back, ok := tt.a.RegainEvidence(); ok != tt.regains || ok && !back.EvidenceLostAt.IsZero() {
				t.Errorf("RegainEvidence = %+v, %v", back, ok)
			}
			if kept, err := tt.a.Keep(noon); (err == nil) != tt.keeps || err == nil && (!kept.EvidenceLostAt.IsZero() || kept.KeptAt.IsZero()) {
				t.Errorf("Keep = %+v, %v", kept, err)
			}
			fallen, err := tt.a.TakenBackByPolicy(noon, "gone")
			if (err == nil) != tt.withdraws || err == nil && (!fallen.WithdrawnByPolicy() || fallen.Reason != "gone") {
				t.Errorf("Fallen = %+v, %v", fallen, err)
			}
		})
	}
}

// TestWithheldIsWithdrawnToItsLearner checks an award that the policy withdrew
// and that is withheld again: its learner, who knows its address, sees the same
// as before.
func TestWithheldIsWithdrawnToItsLearner(t *testing.T) {
	facts := []badges.Fact{{Kind: badges.CourseCompleted}}
	for name, a := range map[string]badges.Assertion{
		"withheld":                 {State: badges.Withheld, Facts: facts, ExpiresAt: noon},
		"replaced while withheld":  {State: badges.Replaced, ReplacedFrom: badges.Withheld, ReplacedBy: "x", Facts: facts},
		"withdrawn while withheld": {State: badges.Withdrawn, ReplacedFrom: badges.Withheld, Facts: facts},
	} {
		got := a.AsLearner()
		if got.State != badges.Withdrawn || got.Facts != nil || !got.ExpiresAt.IsZero() || got.ReplacedBy != "" {
			t.Errorf("%s: the learner sees %+v", name, got)
		}
	}
	for _, state := range []badges.AssertionState{badges.Pending, badges.Claimed, badges.Declined, badges.Revoked, badges.Withdrawn} {
		if a := (badges.Assertion{State: state, Facts: facts}); a.AsLearner().State != state || a.AsLearner().Facts == nil {
			t.Errorf("%s is shown as %+v", state, a.AsLearner())
		}
	}
}
