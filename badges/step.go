package badges

import (
	"slices"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Steps says which badges of a course replace each other: each follows at most
// one, and is followed by at most one. Those that do make a ladder. The zero
// value is a course without ladders.
type Steps struct{ after, next map[BadgeID]BadgeID }

// Add notes that a badge is the step after another; empty: after none.
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

// Ladder lists all steps of the ladder that a badge stands in, the lowest first;
// the badge alone when it stands in none.
func (s Steps) Ladder(badge BadgeID) []BadgeID {
	below := s.Below(badge)
	slices.Reverse(below)
	return append(append(below, badge), s.Above(badge)...)
}

// Check reports fault.Conflict unless a badge can become the step after another:
// that has no next one yet, and neither leads back to itself.
func (s Steps) Check(badge, after BadgeID) error {
	switch next, taken := s.next[after]; {
	case badge == after, slices.Contains(s.Above(badge), after):
		return fault.New(fault.Conflict, "step.circle")
	case taken && next != badge, s.after[badge] != "" && s.after[badge] != after:
		return fault.New(fault.Conflict, "step.taken")
	}
	return nil
}

// walk follows from until its end, or where it began.
func walk(from map[BadgeID]BadgeID, badge BadgeID) []BadgeID {
	var list []BadgeID
	for id := from[badge]; id != "" && id != badge && !slices.Contains(list, id); id = from[id] {
		list = append(list, id)
	}
	return list
}

// InSteps orders badges so that the steps of a ladder stand together, the lowest
// first, where the first of them stood.
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

// CheckNext reports fault.Invalid when the rule of the next step asks for the same
// as r: then nobody would get the lower one. A badge that is awarded by hand asks
// for nothing.
func (r *Rule) CheckNext(next *Rule) error {
	if r.IsByHand() {
		return nil
	}
	if r.asksSame(next) {
		return fault.New(fault.Invalid, "step.same_rule")
	}
	return nil
}

// asksSame reports whether both ask for the same, in the same order. The names
// that people are shown do not count.
func (r *Rule) asksSame(other *Rule) bool {
	return r.Kind == other.Kind && r.Count == other.Count && r.Subject() == other.Subject() && r.Percent == other.Percent &&
		r.From.Equal(other.From) && r.Until.Equal(other.Until) &&
		slices.EqualFunc(r.Of, other.Of, func(a, b Rule) bool { return a.asksSame(&b) })
}

// Replaces reports whether a, of a higher step, takes the place of an award of a
// lower one: at once of an award that is not claimed, and of a claimed one as soon
// as a is claimed too. It takes the place of no award that was declined, was taken
// back or has expired, and once it has expired itself, of none at all.
func (a Assertion) Replaces(lower Assertion, now time.Time) bool {
	if a.Expired(now) || lower.Expired(now) {
		return false
	}
	switch lower.State {
	case Withheld, Pending:
		return a.State == Pending || a.State == Claimed
	case Claimed:
		return a.State == Claimed
	case Declined, Withdrawn, Revoked, Replaced:
	}
	return false
}

// ReplacedWith returns a with the award that takes its place from now on.
func (a Assertion) ReplacedWith(by AssertionID, now time.Time) Assertion {
	a.ReplacedFrom, a.State, a.ReplacedBy, a.ReplacedAt = a.State, Replaced, by, now
	return a
}

// Restored returns a with the state it had before it was replaced.
func (a Assertion) Restored() Assertion {
	a.State, a.ReplacedFrom, a.ReplacedBy, a.ReplacedAt = a.ReplacedFrom, "", "", time.Time{}
	return a
}

// VisibleToLearner reports whether the learner may know of a: it is not withheld, and was not withheld
// when it was replaced or withdrawn.
func (a Assertion) VisibleToLearner() bool { return a.State != Withheld && a.ReplacedFrom != Withheld }
