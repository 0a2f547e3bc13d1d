package badges

import (
	"slices"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Steps says which badges of a course are steps of one badge, such as bronze,
// silver and gold. A badge follows at most one other and is followed by at most
// one; together they form a ladder. The zero value is a course without ladders.
type Steps struct{ after, next map[BadgeID]BadgeID }

// Add makes badge the next step after another; an empty after adds nothing.
func (s *Steps) Add(badge, after BadgeID) {
	if after == "" {
		return
	}
	if s.after == nil {
		s.after, s.next = map[BadgeID]BadgeID{}, map[BadgeID]BadgeID{}
	}
	s.after[badge], s.next[after] = after, badge
}

// Below lists the steps below a badge, the nearest first.
func (s Steps) Below(badge BadgeID) []BadgeID { return walk(s.after, badge) }

// Above lists the steps above a badge, the nearest first.
func (s Steps) Above(badge BadgeID) []BadgeID { return walk(s.next, badge) }

// Ladder lists all steps of badge's ladder, the lowest first. Without a ladder
// it lists only the badge.
func (s Steps) Ladder(badge BadgeID) []BadgeID {
	below := s.Below(badge)
	slices.Reverse(below)
	return append(append(below, badge), s.Above(badge)...)
}

// Check returns fault.Conflict if badge cannot become the next step after
// another: that badge has a next step already, or the ladder would be a circle.
func (s Steps) Check(badge, after BadgeID) error {
	switch next, taken := s.next[after]; {
	case badge == after, slices.Contains(s.Above(badge), after):
		return fault.New(fault.Conflict, "step.circle")
	case taken && next != badge, s.after[badge] != "" && s.after[badge] != after:
		return fault.New(fault.Conflict, "step.taken")
	}
	return nil
}

// walk follows from, starting at badge, until it ends or meets a badge again.
func walk(from map[BadgeID]BadgeID, badge BadgeID) []BadgeID {
	var list []BadgeID
	for id := from[badge]; id != "" && id != badge && !slices.Contains(list, id); id = from[id] {
		list = append(list, id)
	}
	return list
}

// InSteps returns the badges with the steps of a ladder together, the lowest
// first, at the position of the first of them.
func InSteps[T any](list []T, badge func(T) Badge) []T {
	var steps Steps
	at := make(map[BadgeID]int, len(list))
	for i, one := range list {
		b := badge(one)
		steps.Add(b.ID, b.StepAfter)
		at[b.ID] = i
	}
	ordered := make([]T, 0, len(list))
	done := make(map[BadgeID]bool, len(list))
	for _, one := range list {
		for _, id := range steps.Ladder(badge(one).ID) {
			if i, listed := at[id]; listed && !done[id] {
				done[id] = true
				ordered = append(ordered, list[i])
			}
		}
	}
	return ordered
}

// CheckNext returns fault.Invalid if the rule of the next step asks for the
// same as r: then nobody would get the lower step. A rule that only a teacher
// awards by is always fine.
func (r *Rule) CheckNext(next *Rule) error {
	if r.IsByHand() {
		return nil
	}
	if r.asksSame(next) {
		return fault.New(fault.Invalid, "step.same_rule")
	}
	return nil
}

// asksSame reports whether both rules ask for the same in the same order. The
// names for display do not count.
func (r *Rule) asksSame(other *Rule) bool {
	return r.Kind == other.Kind && r.Count == other.Count && r.Subject() == other.Subject() && r.Percent == other.Percent &&
		r.From.Equal(other.From) && r.Until.Equal(other.Until) &&
		slices.EqualFunc(r.Of, other.Of, func(a, b Rule) bool { return a.asksSame(&b) })
}

// Replaces reports whether a, an award of a higher step, replaces an award of a
// lower one. It replaces a withheld or pending award at once, and a claimed one
// when a is claimed too; either may be private. It never replaces an award that
// was declined or taken back or has expired, and an expired award replaces
// nothing.
func (a Assertion) Replaces(lower Assertion, now time.Time) bool {
	if a.Expired(now) || lower.Expired(now) {
		return false
	}
	switch lower.State {
	case Withheld, Pending:
		return a.State.InForce()
	case Claimed, Private:
		return a.State.Accepted()
	case Declined, Withdrawn, Revoked, Replaced, Erased:
	}
	return false
}

// ReplacedWith returns a as replaced by another award.
func (a Assertion) ReplacedWith(by AssertionID, now time.Time) Assertion {
	a.ReplacedFrom, a.State, a.ReplacedBy, a.ReplacedAt = a.State, Replaced, by, now
	return a
}

// Restored returns a with the state it had before it was replaced.
func (a Assertion) Restored() Assertion {
	a.State, a.ReplacedFrom, a.ReplacedBy, a.ReplacedAt = a.ReplacedFrom, "", "", time.Time{}
	return a
}

// VisibleToLearner reports whether the learner can see a: it is not withheld,
// was not withheld when it was replaced or withdrawn, and is not erased.
func (a Assertion) VisibleToLearner() bool {
	return a.State != Withheld && a.ReplacedFrom != Withheld && a.State != Erased
}
