package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// Claim records that the learner accepts the award, and whether its public page
// shows the name and the facts. It freezes the base URL and draws the award's
// entries in the status lists. A second claim changes only what the page shows.
// It fails with fault.Conflict if the award cannot be claimed, or if the
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
	} else if after, err = w.freeze(after); err != nil {
		return badges.Assertion{}, err
	} else if err := tx.ForgetErased(ctx, after.Badge, after.User); err != nil {
		return badges.Assertion{}, err
	}
	return after, l.change(ctx, Change{Kind: kind, Before: before, After: after, Actor: string(before.User)})
}

// MakePrivate records that the learner hides a claimed award from the public. It
// fails with fault.Conflict unless the award is claimed or already private.
func (w Awards) MakePrivate(ctx context.Context, tx *store.Tx, id badges.AssertionID) (badges.Assertion, error) {
	return w.byLearner(ctx, tx, id, MadePrivate, badges.Assertion.MakePrivate)
}

// MakePublic records that the learner shows a private award again. It fails with
// fault.Conflict unless the award is private or already claimed.
func (w Awards) MakePublic(ctx context.Context, tx *store.Tx, id badges.AssertionID) (badges.Assertion, error) {
	return w.byLearner(ctx, tx, id, MadePublic, badges.Assertion.MakePublic)
}

// Decline records that the learner refuses the award. It fails with
// fault.Conflict unless the award is pending or declined already.
func (w Awards) Decline(ctx context.Context, tx *store.Tx, id badges.AssertionID) (badges.Assertion, error) {
	return w.byLearner(ctx, tx, id, Declined, func(a badges.Assertion) (badges.Assertion, error) { return a.Decline(tx.Now()) })
}

// byLearner makes a transition that the learner wants, unless the award is in
// that state already.
func (w Awards) byLearner(ctx context.Context, tx *store.Tx, id badges.AssertionID, kind Kind, move func(badges.Assertion) (badges.Assertion, error)) (badges.Assertion, error) {
	l, before, err := w.openFor(ctx, tx, id)
	if err != nil {
		return badges.Assertion{}, err
	}
	after, err := move(before)
	if err != nil || after.State == before.State {
		return after, err
	}
	return after, l.change(ctx, Change{Kind: kind, Before: before, After: after, Actor: string(before.User)})
}

// change makes one transition with its consequences.
func (l ledger) change(ctx context.Context, c Change) error {
	if _, err := l.move(ctx, c); err != nil {
		return err
	}
	return l.conclude(ctx, c)
}
