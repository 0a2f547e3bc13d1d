package badges_test

import (
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

func TestEarnedBefore(t *testing.T) {
	fact := func(at time.Time) badges.Fact { return badges.Fact{Kind: badges.CourseCompleted, At: at} }
	for name, tt := range map[string]struct {
		facts []badges.Fact
		want  bool
	}{
		"all before":                {[]badges.Fact{fact(noon.Add(-time.Hour)), fact(noon.AddDate(0, 0, -3))}, true},
		"one after":                 {[]badges.Fact{fact(noon.Add(-time.Hour)), fact(noon.Add(time.Second))}, false},
		"within the minute":         {[]badges.Fact{fact(noon)}, false},
		"nobody knows when":         {[]badges.Fact{fact(time.Time{})}, false},
		"nothing that was observed": {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := badges.EarnedBefore(tt.facts, noon.Add(30*time.Second)); got != tt.want {
				t.Errorf("EarnedBefore = %v, want %v", got, tt.want)
			}
		})
	}
}

// TestTakenBack takes an award back in every state.
func TestTakenBack(t *testing.T) {
	for from, want := range map[badges.AssertionState]badges.AssertionState{
		badges.Withheld: badges.Withdrawn, badges.Pending: badges.Withdrawn, badges.Declined: badges.Withdrawn, badges.Claimed: badges.Revoked,
		badges.Private: badges.Revoked, badges.Erased: "",
		badges.Withdrawn: "", badges.Revoked: "",
	} {
		got, err := badges.Assertion{State: from}.TakenBack(noon, " by mistake ")
		wantState(t, "TakenBack", got, err, from, want)
		if want != "" && (got.Reason != "by mistake" || !got.RevokedAt.Equal(noon)) {
			t.Errorf("taken back from %s: %q at %v", from, got.Reason, got.RevokedAt)
		}
	}
	if _, err := (badges.Assertion{State: badges.Claimed}).TakenBack(noon, "\x00"); err == nil {
		t.Error("an unreadable reason is taken")
	}
}

func TestMass(t *testing.T) {
	for _, tt := range []struct {
		fallen, reviewed int
		want             bool
	}{{1, 1, false}, {4, 4, false}, {5, 8, true}, {5, 10, false}, {6, 10, true}, {0, 0, false}} {
		if got := badges.Mass(tt.fallen, tt.reviewed); got != tt.want {
			t.Errorf("Mass(%d, %d) = %v", tt.fallen, tt.reviewed, got)
		}
	}
}
