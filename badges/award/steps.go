package award

import (
	"context"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// moveSteps makes the transitions of lower steps that follow from a change.
func (l ledger) moveSteps(ctx context.Context, c Change) ([]Change, error) {
	switch c.Kind.consequences().steps {
	case replacesBelow:
		return l.replaceBelow(ctx, c.After)
	case restoresBelow:
		return l.restoreBelow(ctx, c.Before) // an erased award has lost its learner
	case leavesSteps:
	}
	return nil, nil
}

// replaceBelow replaces the learner's awards of lower steps by a.
func (l ledger) replaceBelow(ctx context.Context, a badges.Assertion) ([]Change, error) {
	var changes []Change
	for _, id := range l.steps.Below(a.Badge) {
		chain, err := l.tx.Chain(ctx, a.Course, id, a.User)
		if err != nil {
			return nil, err
		}
		for _, lower := range chain {
			if lower, err = l.tx.LockAssertion(ctx, lower.ID); err != nil { // a reminder may change it at the same time
				return nil, err
			}
			if !a.Replaces(lower, l.tx.Now()) {
				continue
			}
			c, err := l.replace(ctx, lower, a)
			if err != nil {
				return nil, err
			}
			changes = append(changes, c)
		}
	}
	return changes, nil
}

func (l ledger) replace(ctx context.Context, lower, by badges.Assertion) (Change, error) {
	return l.move(ctx, Change{Kind: Replaced, Before: lower, After: lower.ReplacedWith(by.ID, l.tx.Now()), Actor: badges.ByRule, Reason: string(by.ID)})
}

// restoreBelow restores the awards that a replaced, because a was taken back or
// declined.
func (l ledger) restoreBelow(ctx context.Context, a badges.Assertion) ([]Change, error) {
	if len(l.steps.Below(a.Badge)) == 0 {
		return nil, nil
	}
	list, err := l.tx.ReplacedBy(ctx, a)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for _, lower := range list {
		restored, err := l.restore(ctx, lower)
		if err != nil {
			return nil, err
		}
		changes = append(changes, restored...)
	}
	return changes, nil
}

// restore restores one award, unless an award of another higher step replaces
// it.
func (l ledger) restore(ctx context.Context, lower badges.Assertion) ([]Change, error) {
	lower, err := l.tx.LockAssertion(ctx, lower.ID)
	if err != nil {
		return nil, err
	}
	c, err := l.move(ctx, Change{Kind: Restored, Before: lower, After: lower.Restored(), Actor: badges.ByRule, Reason: string(lower.ReplacedBy)})
	if err != nil {
		return nil, err
	}
	changes := []Change{c}
	above := l.steps.Above(lower.Badge)
	for _, id := range slices.Backward(above) { // the highest first: the learner's page names that one
		chain, err := l.tx.Chain(ctx, lower.Course, id, lower.User)
		if err != nil {
			return nil, err
		}
		for _, higher := range chain {
			if higher.Replaces(c.After, l.tx.Now()) {
				again, err := l.replace(ctx, c.After, higher)
				return append(changes, again), err
			}
		}
	}
	return changes, nil
}

// move writes the assertion of a change, and returns the change.
func (l ledger) move(ctx context.Context, c Change) (Change, error) {
	return c, l.tx.Move(ctx, c.Before, c.After)
}

// TakesPlaceOf returns the name of the lower step that a replaces, or will
// replace when it is claimed; of several the highest. The name is that of the
// version that the learner was awarded. It is empty if there is none that the
// learner can see.
func TakesPlaceOf(ctx context.Context, s *store.Store, a badges.Assertion, now time.Time) (string, error) {
	steps, err := s.Steps(ctx, a.Course)
	if err != nil {
		return "", err
	}
	claimed := a
	claimed.State = badges.Claimed
	for _, id := range steps.Below(a.Badge) {
		chain, err := s.Chain(ctx, a.Course, id, a.User)
		if err != nil {
			return "", err
		}
		for _, lower := range chain {
			replaced := lower.State == badges.Replaced && lower.ReplacedBy == a.ID && lower.ReplacedFrom != badges.Withheld
			if replaced || lower.State.Accepted() && claimed.Replaces(lower, now) {
				v, err := s.Version(ctx, lower.Version)
				return v.Name, err
			}
		}
	}
	return "", nil
}
