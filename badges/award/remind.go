package award

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// Assertions finds assertions; *store.Store and *store.Tx do.
type Assertions interface {
	Assertion(ctx context.Context, id badges.AssertionID) (badges.Assertion, error)
}

// Ends reports whether the learner of a has to be told that a will end: it is
// public, and they know of no newer award.
func Ends(ctx context.Context, in Assertions, a badges.Assertion, now time.Time) (bool, error) {
	if !a.Remindable(now) || a.Next == "" {
		return a.Remindable(now), nil
	}
	next, err := in.Assertion(ctx, a.Next)
	return err == nil && !next.VisibleToLearner(), err
}

// Remind tells the learners of claimed awards that will end soon, each once, and
// looks at so many awards at most. Learners who were awarded the badge again, or
// whose award is over already, are told nothing.
func (w Awards) Remind(ctx context.Context, tx *store.Tx, most int) error {
	due, err := tx.LockReminders(ctx, most)
	if err != nil {
		return err
	}
	l := ledger{tx: tx, hooks: w.hooks} // of awards of many badges: a reminder concerns no step and no column
	var changes []Change
	for _, a := range due {
		after := a
		after.RemindAt = time.Time{}
		c, err := l.move(ctx, Change{Kind: Reminded, Before: a, After: after, Actor: badges.ByRule})
		if err != nil {
			return err
		}
		ends, err := Ends(ctx, tx, a, tx.Now())
		if err != nil {
			return err
		}
		if ends {
			changes = append(changes, c)
		}
	}
	return l.conclude(ctx, changes...)
}
