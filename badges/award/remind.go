package award

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

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
		if a.Remindable(tx.Now()) {
			changes = append(changes, c)
		}
	}
	return l.settle(ctx, changes...)
}
