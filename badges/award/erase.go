package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// Erase removes everything personal of an award, in whatever state it is: the
// recipient, the facts and the evidence, its notices, its place among the
// learner's awards, and the learner in the audit log. What remains answers that
// it was erased at the holder's request. Its bits in the status lists stay as
// they are. The rule does not award the badge to this learner again; a teacher
// can. It fails with fault.Conflict if the award was erased already.
func (w Awards) Erase(ctx context.Context, tx *store.Tx, id badges.AssertionID) error {
	a, err := tx.Assertion(ctx, id)
	if err != nil {
		return err
	}
	l, err := w.openMany(ctx, tx, a.Course, a.Badge) // the awards before and after it change too
	if err != nil {
		return err
	}
	before, err := tx.LockAssertion(ctx, id)
	if err != nil {
		return err
	}
	after, err := before.Erase()
	if err != nil {
		return err
	}
	if err := tx.Erase(ctx, before, after); err != nil {
		return err
	}
	if err := tx.RememberErased(ctx, before.Badge, before.User); err != nil {
		return err
	}
	if err := l.conclude(ctx, Change{Kind: Erased, Before: before, After: after, Actor: badges.ByHolder}); err != nil {
		return err
	}
	return tx.ForgetHolder(ctx, before)
}
