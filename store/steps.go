package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// Steps returns the steps of a course's badges.
func (r reads) Steps(ctx context.Context, key badges.CourseKey) (badges.Steps, error) {
	type step struct{ badge, after badges.BadgeID }
	rows, err := r.q.QueryContext(ctx, `select id, step_after from badges where platform_id = $1 and context_id = $2 and step_after <> ''`, key.Platform, key.Context)
	list, err := all(rows, err, func(row row) (step, error) {
		var s step
		return s, row.Scan(&s.badge, &s.after)
	})
	if err != nil {
		return badges.Steps{}, fmt.Errorf("read steps: %w", err)
	}
	var steps badges.Steps
	for _, s := range list {
		steps.Add(s.badge, s.after)
	}
	return steps, nil
}

// HoldingsOf returns a learner's newest awards of some badges, in the order of
// the badges.
func (r reads) HoldingsOf(ctx context.Context, key badges.CourseKey, list []badges.BadgeID, user badges.UserID) (badges.Higher, error) {
	var held badges.Higher
	for _, id := range list {
		h, err := r.Holding(ctx, key, id, user)
		switch {
		case err == nil:
			held = append(held, h)
		case !fault.Is(err, fault.NotFound):
			return nil, err
		}
	}
	return held, nil
}

// SetStep makes a draft the next step after another badge of its course. It
// fails with fault.NotFound for a badge of another course, and with
// fault.Conflict if the badge is not a draft, the other has a next step
// already, or the ladder would be a circle.
func (tx *Tx) SetStep(ctx context.Context, key badges.CourseKey, badge, after badges.BadgeID, by badges.UserID) error {
	// Two transactions that set a next step wait for each other here; without
	// the lock, the index would refuse one.
	if err := tx.LockBadge(ctx, key, after); err != nil {
		return err
	}
	b, err := tx.Badge(ctx, key, badge)
	if err != nil {
		return err
	}
	if b.State != badges.Draft {
		return fault.New(fault.Conflict, "step.not_draft")
	}
	steps, err := tx.Steps(ctx, key)
	if err != nil {
		return err
	}
	if err := steps.Check(badge, after); err != nil {
		return err
	}
	if b.StepAfter == after {
		return nil
	}
	result, err := tx.q.ExecContext(ctx, `update badges set step_after = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, badge, after)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	return tx.auditStep(ctx, b, after, by)
}

// auditStep writes an entry that b now follows another badge, or none.
func (tx *Tx) auditStep(ctx context.Context, b badges.Badge, after badges.BadgeID, by badges.UserID) error {
	e := badges.AuditEntry{Course: b.Course, Actor: string(by), Action: badges.StepMade, Object: string(b.ID), Old: string(b.StepAfter), New: string(after)}
	if after == "" {
		e.Action = badges.StepLeft
	}
	return tx.Audit(ctx, e)
}

// LeaveSteps removes a badge from its ladder; the step above it then follows
// the step below it. It fails with fault.Conflict if the badge was ever
// switched on, because its awards may have replaced others.
func (tx *Tx) LeaveSteps(ctx context.Context, key badges.CourseKey, id badges.BadgeID, by badges.UserID) error {
	badge, err := tx.lockedBadge(ctx, key, id)
	if err != nil {
		return err
	}
	if badge.State != badges.Draft {
		return fault.New(fault.Conflict, "step.not_draft")
	}
	result, err := tx.q.ExecContext(ctx, `update badges set step_after = '' where platform_id = $1 and context_id = $2 and id = $3`, key.Platform, key.Context, id)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	next := badges.Badge{Course: key, StepAfter: id}
	err = tx.q.QueryRowContext(ctx, `update badges set step_after = $4 where platform_id = $1 and context_id = $2 and step_after = $3 returning id`,
		key.Platform, key.Context, id, badge.StepAfter).Scan(&next.ID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("leave steps: %w", err)
	}
	if next.ID == "" && badge.StepAfter == "" {
		return nil // it was in no ladder
	}
	if next.ID != "" {
		if err := tx.auditStep(ctx, next, badge.StepAfter, by); err != nil {
			return err
		}
	}
	return tx.auditStep(ctx, badge, "", by)
}

// lockedBadge locks a badge and returns it, so that no other transaction
// changes it before this one writes.
func (tx *Tx) lockedBadge(ctx context.Context, key badges.CourseKey, id badges.BadgeID) (badges.Badge, error) {
	if err := tx.LockBadge(ctx, key, id); err != nil {
		return badges.Badge{}, err
	}
	return tx.Badge(ctx, key, id)
}

// LockBadge locks a badge, or a ladder by its lowest step, until the
// transaction ends.
func (tx *Tx) LockBadge(ctx context.Context, key badges.CourseKey, id badges.BadgeID) error {
	result, err := tx.q.ExecContext(ctx, `update badges set created_at = created_at where platform_id = $1 and context_id = $2 and id = $3`, key.Platform, key.Context, id)
	return one(result, err, "badge")
}
