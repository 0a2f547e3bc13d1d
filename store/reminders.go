package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

const dueReminder = `state in ('claimed', 'private') and remind_at is not null and remind_at <= $1`

// RemindersDue reports whether LockReminders would list anything.
func (r reads) RemindersDue(ctx context.Context) (bool, error) {
	var some bool
	err := r.q.QueryRowContext(ctx, `select exists (select 1 from assertions where `+dueReminder+`)`, moment(r.clock())).Scan(&some)
	if err != nil {
		return false, fmt.Errorf("look for reminders: %w", err)
	}
	return some, nil
}

// LockReminders lists up to most claimed awards, public or not, whose reminder is
// due. It leaves out those that another transaction has listed and not finished.
func (tx *Tx) LockReminders(ctx context.Context, most int) ([]badges.Assertion, error) {
	rows, err := tx.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where `+dueReminder+` order by remind_at limit $2`+tx.dialect.skipLocked(), tx.now, most)
	return all(rows, err, onlyAssertion)
}
