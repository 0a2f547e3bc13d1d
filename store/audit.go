package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
)

// Audit writes an entry with the time of the transaction.
func (tx *Tx) Audit(ctx context.Context, e badges.AuditEntry) error {
	id, err := uuid.NewV7() // in the order of writing, also within one transaction
	if err != nil {
		return fmt.Errorf("write audit row: %w", err)
	}
	_, err = tx.q.ExecContext(ctx, `
		insert into audit (id, at, platform_id, context_id, actor, action, object, old_value, new_value, reason)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id.String(), tx.now, e.Course.Platform, e.Course.Context, e.Actor, e.Action, e.Object, e.Old, e.New, e.Reason)
	if err != nil {
		return fmt.Errorf("write audit row: %w", err)
	}
	return nil
}

// AuditLog lists what happened in a course, the newest first; with an empty
// context what concerns the platform, with an empty platform too what concerns
// the installation.
func (r reads) AuditLog(ctx context.Context, key badges.CourseKey, limit int) ([]badges.AuditEntry, error) {
	rows, err := r.q.QueryContext(ctx, `select at, actor, action, object, old_value, new_value, reason from audit
		where platform_id = $1 and context_id = $2 order by at desc, id limit $3`, key.Platform, key.Context, limit)
	return all(rows, err, scanEntry(key))
}

// AuditOf lists what happened to one thing of a course, the oldest first.
func (r reads) AuditOf(ctx context.Context, key badges.CourseKey, object string) ([]badges.AuditEntry, error) {
	rows, err := r.q.QueryContext(ctx, `select at, actor, action, object, old_value, new_value, reason from audit
		where platform_id = $1 and context_id = $2 and object = $3 order by at, id`, key.Platform, key.Context, object)
	return all(rows, err, scanEntry(key))
}

func scanEntry(key badges.CourseKey) func(row) (badges.AuditEntry, error) {
	return func(row row) (badges.AuditEntry, error) {
		e := badges.AuditEntry{Course: key}
		var at instant
		err := row.Scan(&at, &e.Actor, &e.Action, &e.Object, &e.Old, &e.New, &e.Reason)
		e.At = at.Time
		return e, err
	}
}
