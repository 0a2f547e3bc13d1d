package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

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

// values describe a thing in the audit log, by name. An empty value means that
// there is none.
type values map[string]string

// auditChange writes an entry with the values that differ before and after a
// change, as JSON objects; no entry if none differ.
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

// unlike returns, as a JSON object, the values of v that other does not have; empty
// if it has them all.
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

// onOff names the state of a setting in the audit log.
func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// changeOf stands in the audit log for a value that must not: it says how the value
// changed, and is empty if it did not.
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
