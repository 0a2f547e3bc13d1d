package jobs_test

import (
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/jobs"
)

// TestStanding picks what counts of a learner's awards: one that stands is
// enough, whatever became of the others.
func TestStanding(t *testing.T) {
	const held, pending, claimed, declined, withdrawn, revoked = badges.Held, badges.Pending, badges.Claimed, badges.Declined, badges.Withdrawn, badges.Revoked
	for _, tt := range []struct {
		chain []badges.AssertionState // the newest first
		picks int
		given float64
	}{
		{[]badges.AssertionState{pending}, 0, 100},
		{[]badges.AssertionState{declined}, 0, 100},
		{[]badges.AssertionState{revoked}, 0, 0},
		{[]badges.AssertionState{claimed, revoked}, 0, 100}, // a job of the older one comes late
		{[]badges.AssertionState{withdrawn, claimed}, 1, 100},
		{[]badges.AssertionState{held, claimed}, 1, 100},
		{[]badges.AssertionState{held, revoked, withdrawn}, 1, 0},
		{[]badges.AssertionState{held}, 0, 0},
		{[]badges.AssertionState{revoked, withdrawn}, 0, 0},
	} {
		chain := make([]badges.Assertion, len(tt.chain))
		for i, state := range tt.chain {
			chain[i] = badges.Assertion{ID: badges.AssertionID(string(rune('a' + i))), State: state}
		}
		if a, given := jobs.Standing(chain); a.ID != chain[tt.picks].ID || given != tt.given {
			t.Errorf("%v: %s counts for %v, want award %d for %v", tt.chain, a.State, given, tt.picks, tt.given)
		}
	}
}
