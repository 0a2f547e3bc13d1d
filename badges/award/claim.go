package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// Claim records that the learner accepts the award, and whether its public page
// shows the name and the facts. A second claim changes only what the page
// shows. It fails with fault.Conflict if the award cannot be claimed, or if the
// learner declined it and now has a higher step.
func (w Awards) Claim(ctx context.Context, tx *store.Tx, id badges.AssertionID, showName, showFacts bool) (badges.Assertion, error) {
	l, before, err := w.openFor(ctx, tx, id)
	if err != nil {
		return badges.Assertion{}, err
	}
	if before.State == badges.Declined {
		replaced, err := l.hasHigher(ctx, before, badges.ATeacher)
		if err != nil {
			return badges.Assertion{}, err
		}
		if replaced {
			return badges.Assertion{}, fault.New(fault.Conflict, "claim.replaced")
		}
	}
	after, err := before.Claim(tx.Now(), showName, showFacts)
	if err != nil {
		return badges.Assertion{}, err
	}
	kind := Claimed
	if after.State == before.State {
		if consent(after) == consent(before) {
			return after, nil
		}
		kind = ConsentChanged
	}
	return after, l.change(ctx, Change{Kind: kind, Before: before, After: after, Actor: string(before.User)})
}

// Decline records that the learner refuses the award. It fails with
// fault.Conflict unless the award is pending or declined already.
func (w Awards) Decline(ctx context.Context, tx *store.Tx, id badges.AssertionID) (badges.Assertion, error) {
	l, before, err := w.openFor(ctx, tx, id)
	if err != nil {
		return badges.Assertion{}, err
	}
	after, err := before.Decline(tx.Now())
	if err != nil || after.State == before.State {
		return after, err
	}
	return after, l.change(ctx, Change{Kind: Declined, Before: before, After: after, Actor: string(before.User)})
}

// change makes one transition with its consequences.
func (l ledger) change(ctx context.Context, c Change) error {
	if _, err := l.move(ctx, c); err != nil {
		return err
	}
	return l.conclude(ctx, c)
}
