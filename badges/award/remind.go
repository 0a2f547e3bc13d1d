package award

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// Assertions finds assertions by id; *store.Store and *store.Tx implement it.
type Assertions interface {
	Assertion(ctx context.Context, id badges.AssertionID) (badges.Assertion, error)
}

// Ends reports whether the learner of a has to be reminded that a will expire:
// it is claimed, public or not, and they cannot see a newer award.
func Ends(ctx context.Context, in Assertions, a badges.Assertion, now time.Time) (bool, error) {
	if !a.Remindable(now) || a.Next == "" {
		return a.Remindable(now), nil
	}
	next, err := in.Assertion(ctx, a.Next)
	return err == nil && !next.VisibleToLearner(), err
}

// Remind enqueues reminders for claimed awards that will expire soon, one for
// each. It looks at up to most awards. Learners who have a newer award, or
// whose award has expired already, get no reminder.
func (w Awards) Remind(ctx context.Context, tx *store.Tx, most int) error {
	due, err := tx.LockReminders(ctx, most)
	if err != nil {
		return err
	}
	l := ledger{tx: tx, random: w.random, hooks: w.hooks} // without a badge: a reminder has no effect on steps or scores, so the awards may be of many badges
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
