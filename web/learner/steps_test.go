package learner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/view"
)

// TestByLadder is inside the package because entries have no page of their own.
func TestByLadder(t *testing.T) {
	medals, alone := ladder{first: "bronze"}, ladder{first: "alone"}
	award := func(of ladder, height int, state badges.AssertionState, over bool) earnedBadge {
		return earnedBadge{Validity: view.Validity{Expired: over}, State: state, ladder: of, height: height, badge: badges.BadgeID(string(of.first) + string(rune('0'+height)))}
	}
	for name, tt := range map[string]struct {
		list    []earnedBadge
		current []badges.BadgeID // the current step of each entry
		others  []badges.BadgeID // the other steps of the first entry
	}{
		"two badges":             {[]earnedBadge{award(medals, 0, badges.Claimed, false), award(alone, 0, badges.Claimed, false)}, []badges.BadgeID{"bronze0", "alone0"}, nil},
		"the highest counts":     {[]earnedBadge{award(medals, 0, badges.Replaced, false), award(medals, 2, badges.Claimed, false), award(medals, 1, badges.Replaced, false)}, []badges.BadgeID{"bronze2"}, []badges.BadgeID{"bronze1", "bronze0"}},
		"the higher waits":       {[]earnedBadge{award(medals, 1, badges.Pending, false), award(medals, 0, badges.Claimed, false)}, []badges.BadgeID{"bronze1"}, []badges.BadgeID{"bronze0"}},
		"the higher is declined": {[]earnedBadge{award(medals, 1, badges.Declined, false), award(medals, 0, badges.Pending, false)}, []badges.BadgeID{"bronze0"}, []badges.BadgeID{"bronze1"}},
		"the higher is revoked":  {[]earnedBadge{award(medals, 0, badges.Claimed, false), award(medals, 1, badges.Revoked, false)}, []badges.BadgeID{"bronze0"}, []badges.BadgeID{"bronze1"}},
		"the higher is over":     {[]earnedBadge{award(medals, 2, badges.Claimed, true), award(medals, 0, badges.Pending, false)}, []badges.BadgeID{"bronze0"}, []badges.BadgeID{"bronze2"}},
		"all is over":            {[]earnedBadge{award(medals, 0, badges.Replaced, false), award(medals, 2, badges.Claimed, true)}, []badges.BadgeID{"bronze2"}, []badges.BadgeID{"bronze0"}},
	} {
		var current, others []badges.BadgeID
		entries := byLadder(tt.list)
		for _, e := range entries {
			current = append(current, e.badge)
		}
		for _, e := range entries[0].Steps {
			others = append(others, e.badge)
		}
		if diff := cmp.Diff([][]badges.BadgeID{tt.current, tt.others}, [][]badges.BadgeID{current, others}); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// TestJoinNextSteps checks that the next step is joined to the step that counts now. If no
// step counts, it stays alone.
func TestJoinNextSteps(t *testing.T) {
	medals, alone := ladder{first: "bronze"}, ladder{first: "alone"}
	step := func(of ladder, badge badges.BadgeID, height int) progressBadge {
		return progressBadge{Badge: view.Badge{Name: string(badge)}, badge: badge, ladder: of, height: height}
	}
	progress := nextSteps([]progressBadge{step(medals, "gold", 2), step(alone, "alone", 0), step(medals, "silver", 1)})
	if len(progress) != 2 || progress[1].badge != "silver" || cmp.Diff([]string{"gold"}, progress[1].Then) != "" {
		t.Fatalf("next: %+v", progress)
	}
	earned := []earnedBadge{{State: badges.Claimed, badge: "bronze", ladder: medals}}
	rest := joinNextSteps(earned, progress)
	if len(rest) != 1 || rest[0].badge != "alone" || earned[0].Next == nil || earned[0].Next.badge != "silver" {
		t.Errorf("beside bronze %+v, and %+v", earned[0].Next, rest)
	}
	revoked := []earnedBadge{{State: badges.Revoked, badge: "bronze", ladder: medals}}
	if rest := joinNextSteps(revoked, progress); len(rest) != 2 || revoked[0].Next != nil {
		t.Errorf("beside what was revoked: %+v, and %+v", revoked[0].Next, rest)
	}
}
