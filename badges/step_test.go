package badges_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/internal/testlength"
)

// medals returns a ladder of three steps, and a badge without steps.
func medals() badges.Steps {
	var s badges.Steps
	s.Add("silver", "bronze")
	s.Add("gold", "silver")
	s.Add("other", "")
	return s
}

func TestLadder(t *testing.T) {
	s := medals()
	for _, tt := range []struct {
		of                   badges.BadgeID
		below, above, ladder []badges.BadgeID
	}{
		{"bronze", nil, []badges.BadgeID{"silver", "gold"}, []badges.BadgeID{"bronze", "silver", "gold"}},
		{"silver", []badges.BadgeID{"bronze"}, []badges.BadgeID{"gold"}, []badges.BadgeID{"bronze", "silver", "gold"}},
		{"gold", []badges.BadgeID{"silver", "bronze"}, nil, []badges.BadgeID{"bronze", "silver", "gold"}},
		{"other", nil, nil, []badges.BadgeID{"other"}},
	} {
		got := [][]badges.BadgeID{s.Below(tt.of), s.Above(tt.of), s.Ladder(tt.of)}
		if diff := cmp.Diff([][]badges.BadgeID{tt.below, tt.above, tt.ladder}, got); diff != "" {
			t.Errorf("%s:\n%s", tt.of, diff)
		}
	}
	if got := (badges.Steps{}).Ladder("bronze"); !slices.Equal(got, []badges.BadgeID{"bronze"}) {
		t.Errorf("without ladders: %v", got)
	}
}

func TestCheckStep(t *testing.T) {
	for _, tt := range []struct {
		badge, after badges.BadgeID
		key          string
	}{
		{"new", "gold", ""},
		{"gold", "silver", ""}, // is there already
		{"other", "gold", ""},
		{"new", "bronze", "step.taken"},
		{"gold", "other", "step.taken"},
		{"bronze", "gold", "step.circle"},
		{"bronze", "silver", "step.circle"},
		{"other", "other", "step.circle"},
	} {
		key := ""
		err := medals().Check(tt.badge, tt.after)
		if e, ok := errors.AsType[*fault.Error](err); ok && e.Kind == fault.Conflict {
			key = e.Key()
		}
		if key != tt.key || (err == nil) != (tt.key == "") {
			t.Errorf("%s after %s: %v, want %q", tt.badge, tt.after, err, tt.key)
		}
	}
}

// TestNoCircles makes random steps: those that Check allows never form anything
// but ladders.
func TestNoCircles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range testlength.Choose(20, 200, 20_000) {
		var s badges.Steps
		after := map[badges.BadgeID]badges.BadgeID{}
		id := func() badges.BadgeID { return badges.BadgeID(fmt.Sprint(random.IntN(8))) }
		for range 30 {
			badge, below := id(), id()
			if s.Check(badge, below) == nil {
				s.Add(badge, below)
				after[badge] = below
			}
		}
		followed := map[badges.BadgeID]int{}
		for badge, below := range after {
			if followed[below]++; followed[below] > 1 {
				t.Fatalf("%s has two next steps in %v", below, after)
			}
			for steps, at := 0, badge; at != ""; at = after[at] {
				if steps++; steps > 8 {
					t.Fatalf("a circle in %v", after)
				}
			}
		}
	}
}

func TestInSteps(t *testing.T) {
	list := []badges.Badge{{ID: "x"}, {ID: "gold", StepAfter: "silver"}, {ID: "y"}, {ID: "silver", StepAfter: "bronze"}, {ID: "bronze"}, {ID: "lost", StepAfter: "elsewhere"}}
	var got []badges.BadgeID
	for _, b := range badges.InSteps(list, func(b badges.Badge) badges.Badge { return b }) {
		got = append(got, b.ID)
	}
	if diff := cmp.Diff([]badges.BadgeID{"x", "bronze", "silver", "gold", "y", "lost"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestReplaces(t *testing.T) {
	now := noon
	higher := map[badges.AssertionState][]badges.AssertionState{ // the states that each replaces
		badges.Withheld:  nil,
		badges.Pending:   {badges.Withheld, badges.Pending},
		badges.Claimed:   {badges.Withheld, badges.Pending, badges.Claimed, badges.Private},
		badges.Private:   {badges.Withheld, badges.Pending, badges.Claimed, badges.Private},
		badges.Erased:    nil,
		badges.Declined:  nil,
		badges.Withdrawn: nil,
		badges.Revoked:   nil,
		badges.Replaced:  nil,
	}
	for state, takes := range higher {
		for lower := range higher {
			a, b := badges.Assertion{State: state}, badges.Assertion{ID: "b", State: lower}
			want := slices.Contains(takes, lower)
			if got := a.Replaces(b, now); got != want {
				t.Errorf("%s replaces %s: %v, want %v", state, lower, got, want)
			}
			over := now.Add(-time.Minute)
			if (badges.Assertion{State: state, ExpiresAt: over}).Replaces(b, now) {
				t.Errorf("%s replaces %s although it is over", state, lower)
			}
			if a.Replaces(badges.Assertion{State: lower, ExpiresAt: over}, now) {
				t.Errorf("%s replaces %s although that is over", state, lower)
			}
			if !want {
				continue
			}
			replaced := b.ReplacedWith("a", now)
			if replaced.State != badges.Replaced || replaced.ReplacedBy != "a" || replaced.Public() != (lower == badges.Claimed) {
				t.Errorf("%s replaced is %+v", lower, replaced)
			}
			switch again, err := replaced.Claim(now, true, true); {
			case !lower.Accepted() && !fault.Is(err, fault.Conflict):
				t.Errorf("%s replaced can be claimed: %v", lower, err)
			case lower.Accepted() && (err != nil || again.State != badges.Replaced || !again.ShowName):
				t.Errorf("the consent of what was replaced: %+v, %v", again, err)
			}
			if _, err := replaced.Decline(now); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s replaced can be declined: %v", lower, err)
			}
			if diff := cmp.Diff(b, replaced.Restored()); diff != "" {
				t.Errorf("%s restored:\n%s", lower, diff)
			}
			gone, err := replaced.TakenBack(now, "x")
			if wants := map[bool]badges.AssertionState{true: badges.Revoked, false: badges.Withdrawn}[lower.Accepted()]; err != nil || gone.State != wants {
				t.Errorf("%s replaced and taken back is %s, %v", lower, gone.State, err)
			}
		}
	}
}

func TestCovers(t *testing.T) {
	now := noon
	for _, tt := range []struct {
		held    badges.Holding
		jury    bool
		covers  bool
		inForce bool
		usedUp  bool
	}{
		{held: badges.Holding{State: badges.Pending}, covers: true, inForce: true},
		{held: badges.Holding{State: badges.Claimed}, covers: true, inForce: true},
		{held: badges.Holding{State: badges.Private}, covers: true, inForce: true},
		{held: badges.Holding{State: badges.Private, ExpiresAt: now}, usedUp: true},
		{held: badges.Holding{State: badges.Erased}},
		{held: badges.Holding{State: badges.Claimed, ExpiresAt: now}, usedUp: true},
		{held: badges.Holding{State: badges.Pending, ExpiresAt: now}, usedUp: true},
		{held: badges.Holding{State: badges.Declined}, covers: true},
		{held: badges.Holding{State: badges.Declined, ExpiresAt: now}},
		{held: badges.Holding{State: badges.Withheld}},
		{held: badges.Holding{State: badges.Withheld}, jury: true, covers: true},
		{held: badges.Holding{State: badges.Withdrawn}, jury: true},
		{held: badges.Holding{State: badges.Revoked}},
		{held: badges.Holding{State: badges.Replaced}},
		{held: badges.Holding{State: badges.Replaced, ExpiresAt: now}, usedUp: true},
	} {
		tt.held.EvidenceUntil = now.Add(-time.Hour)
		if got := tt.held.Covers(&badges.Badge{Jury: tt.jury}, now); got != tt.covers {
			t.Errorf("%+v, jury %v: covers %v", tt.held, tt.jury, got)
		}
		if got := tt.held.InForce(now); got != tt.inForce {
			t.Errorf("%+v in force %v", tt.held, got)
		}
		if got := !tt.held.UsedUp(now).IsZero(); got != tt.usedUp {
			t.Errorf("%+v used something up %v", tt.held, got)
		}
	}
}

// TestNotForItself checks that a rule cannot ask for its own badge, but can ask
// for a lower step.
func TestNotForItself(t *testing.T) {
	outline := badges.Outline{Badges: []badges.NamedBadge{{ID: "bronze"}, {ID: "silver"}}}
	rule := badges.Rule{Kind: badges.BadgeHeld, Badge: "bronze", Name: "Bronze"}
	if err := rule.CheckAgainst(outline.Without("silver")); err != nil {
		t.Errorf("silver asks for bronze: %v", err)
	}
	if err := rule.CheckAgainst(outline.Without("bronze")); !fault.Is(err, fault.Invalid) {
		t.Errorf("bronze asks for itself: %v", err)
	}
	if len(outline.Badges) != 2 || outline.Badges[0].ID != "bronze" {
		t.Errorf("the outline is %+v", outline.Badges)
	}
}

func TestCheckNext(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	grade := badges.Rule{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz", Percent: 50, From: day, Until: day.AddDate(0, 1, 0)}
	group := badges.Rule{Kind: badges.AtLeast, Count: 1, Of: []badges.Rule{grade, {Kind: badges.CourseCompleted}}}
	for _, tt := range []struct {
		name   string
		rule   badges.Rule
		change func(next *badges.Rule)
		same   bool
	}{
		{"the same grade", grade, func(*badges.Rule) {}, true},
		{"under another name", grade, func(r *badges.Rule) { r.Name = "Test" }, true},
		{"in another time zone", grade, func(r *badges.Rule) { r.From = r.From.In(time.FixedZone("", 3600)) }, true},
		{"a higher grade", grade, func(r *badges.Rule) { r.Percent = 70 }, false},
		{"of another activity", grade, func(r *badges.Rule) { r.Activity = "4" }, false},
		{"of another course", grade, func(r *badges.Rule) { r.Course = "77" }, false},
		{"another kind", grade, func(r *badges.Rule) { r.Kind = badges.CourseGrade }, false},
		{"from later on", grade, func(r *badges.Rule) { r.From = r.From.Add(time.Hour) }, false},
		{"until later", grade, func(r *badges.Rule) { r.Until = r.Until.Add(time.Hour) }, false},
		{"completed and passed", badges.Rule{Kind: badges.ActivityCompleted, Activity: "3"}, func(r *badges.Rule) { r.Kind = badges.ActivityPassed }, false},
		{"of another line item", badges.Rule{Kind: badges.LineItemGrade, LineItem: "1", Percent: 50}, func(r *badges.Rule) { r.LineItem = "2" }, false},
		{"of another group", badges.Rule{Kind: badges.GroupMember, Group: "1"}, func(r *badges.Rule) { r.Group = "2" }, false},
		{"another badge", badges.Rule{Kind: badges.BadgeHeld, Badge: "1"}, func(r *badges.Rule) { r.Badge = "2" }, false},
		{"the same group", group, func(*badges.Rule) {}, true},
		{"more of the group", group, func(r *badges.Rule) { r.Count = 2 }, false},
		{"fewer in the group", group, func(r *badges.Rule) { r.Of = r.Of[:1] }, false},
		{"another in the group", group, func(r *badges.Rule) { r.Of = []badges.Rule{r.Of[0], {Kind: badges.ByHand}} }, false},
		{"both by hand", badges.Rule{Kind: badges.ByHand}, func(*badges.Rule) {}, false},
	} {
		next := tt.rule
		tt.change(&next)
		if err := tt.rule.CheckNext(&next); (err != nil) != tt.same || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want it refused: %t", tt.name, err, tt.same)
		}
	}
}
