package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// caseOf returns a learner's case with the awards that this transaction sees,
// and without evidence. The awards may have changed since a run or a page read
// them.
func (l ledger) caseOf(ctx context.Context, badge *badges.Badge, m badges.Member) (badges.Case, error) {
	higher, err := l.tx.HoldingsOf(ctx, l.course, l.steps.Above(badge.ID), m.User)
	if err != nil {
		return badges.Case{}, err
	}
	last, err := l.tx.Holding(ctx, l.course, badge.ID, m.User)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return badges.Case{}, err
	}
	return badges.Case{Badge: badge, Member: m, Last: last, Higher: higher}, nil
}

// isAlone reports whether the badge has no higher step.
func (l ledger) isAlone() bool { return len(l.steps.Above(l.badge)) == 0 }

// erasedHolders returns the learners who had an award of the badge or of a higher
// step erased: the rule does not award it to them.
func (l ledger) erasedHolders(ctx context.Context) (store.ErasedHolders, error) {
	return l.tx.ErasedHolders(ctx, l.course, append(l.steps.Above(l.badge), l.badge)...)
}

// hasHigher reports whether a is unnecessary because the learner has a higher
// step.
func (l ledger) hasHigher(ctx context.Context, a badges.Assertion, by badges.Giver) (bool, error) {
	if l.isAlone() {
		return false, nil
	}
	badge, err := l.tx.Badge(ctx, l.course, l.badge)
	if err != nil {
		return false, err
	}
	c, err := l.caseOf(ctx, &badge, badges.Member{User: a.User})
	if err != nil {
		return false, err
	}
	erased, err := l.erasedHolders(ctx)
	if err != nil {
		return false, err
	}
	c.Erased = erased.Any(a.User)
	return c.Anew(a).BlockedByAwards(by, l.tx.Now()) != "", nil
}

// giverOf returns who awards a.
func giverOf(a badges.Assertion) badges.Giver {
	if _, byHand := a.ByHand(); byHand {
		return badges.ATeacher
	}
	return badges.TheRule
}
