package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
)

// Audit writes an entry, with the time of the transaction.
func (tx *Tx) Audit(ctx context.Context, e badges.AuditEntry) error {
	id, err := uuid.NewV7() // ids sort in the order of writing, even within one transaction
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

// values are named values for the audit log. An empty value means that there is
// none.
type values map[string]string

// auditChange writes an entry with the values that a change made different, as
// JSON objects. It writes none if all are the same.
func (tx *Tx) auditChange(ctx context.Context, e badges.AuditEntry, before, after values) error {
	var err error
	if e.Old, err = before.unlike(after); err != nil {
		return err
	}
	if e.New, err = after.unlike(before); err != nil {
		return err
	}
	if e.Old == "" && e.New == "" {
		return nil
	}
	return tx.Audit(ctx, e)
}

// unlike returns a JSON object of the values of v that differ from other; empty
// if none do.
func (v values) unlike(other values) (string, error) {
	differing := maps.Clone(v)
	maps.DeleteFunc(differing, func(name, value string) bool { return value == "" || value == other[name] })
	if len(differing) == 0 {
		return "", nil
	}
	text, err := json.Marshal(differing)
	if err != nil {
		return "", fmt.Errorf("encode audit values: %w", err)
	}
	return string(text), nil
}

// onOff returns the text of a switch for the audit log.
func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// changeOf returns a word for the change of a value that must not be in the
// audit log; empty if it did not change.
func changeOf(before, after string) string {
	switch {
	case before == after:
		return ""
	case before == "":
		return "set"
	case after == "":
		return "removed"
	}
	return "replaced"
}

// AuditLog lists the entries of a course, the newest first. With an empty
// context it lists those of the platform, and with an empty platform too those
// of the installation.
func (r reads) AuditLog(ctx context.Context, key badges.CourseKey, limit int) ([]badges.AuditEntry, error) {
	rows, err := r.q.QueryContext(ctx, `select at, actor, action, object, old_value, new_value, reason from audit
		where platform_id = $1 and context_id = $2 order by at desc, id limit $3`, key.Platform, key.Context, limit)
	return all(rows, err, scanEntry(key))
}

// AuditOf lists the entries about one object of a course, the oldest first.
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
