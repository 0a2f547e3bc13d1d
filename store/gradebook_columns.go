package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
)

// Column is a badge's column in the LMS's gradebook.
type Column struct {
	LineItem string // its address
	Placed   bool   // it came with a link: the LMS owns it and removes it with the link
}

// Column returns a badge's gradebook column; fault.NotFound if there is none.
func (r reads) Column(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) (Column, error) {
	var c Column
	err := r.q.QueryRowContext(ctx, `select line_item, placed from grade_columns where badge_id = $1 and platform_id = $2 and context_id = $3 and line_item <> ''`,
		badge, key.Platform, key.Context).Scan(&c.LineItem, &c.Placed)
	return c, notFound(err, "column")
}

// columnPatience is the time that one caller has to make a column after
// reserving it.
const columnPatience = time.Minute

// ReserveColumn reserves the column of a badge for the caller, who is going to
// make it in the LMS: two callers would make two columns. It fails with
// fault.Conflict while another caller has a reservation.
func (tx *Tx) ReserveColumn(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) error {
	result, err := tx.q.ExecContext(ctx, `
		insert into grade_columns (badge_id, platform_id, context_id, line_item, created_at) values ($1, $2, $3, '', $4)
		on conflict (badge_id) do update set created_at = excluded.created_at, placed = grade_columns.placed and grade_columns.line_item <> ''
		where grade_columns.line_item <> '' or grade_columns.placed or grade_columns.created_at < $5`,
		badge, key.Platform, key.Context, tx.now, moment(tx.now.Add(-columnPatience)))
	err = one(result, err, "column")
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.Conflict, "problem.conflict")
	}
	return err
}

// ReleaseColumn removes a reservation after which no column was made. It does
// not touch a column, or the note that one was given up.
func (tx *Tx) ReleaseColumn(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) error {
	_, err := tx.q.ExecContext(ctx, `delete from grade_columns where badge_id = $1 and platform_id = $2 and context_id = $3 and line_item = '' and not placed`,
		badge, key.Platform, key.Context)
	if err != nil {
		return fmt.Errorf("release column: %w", err)
	}
	return nil
}

// AddColumn stores a column that was made or found in the LMS.
func (tx *Tx) AddColumn(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, column Column) error {
	_, err := tx.q.ExecContext(ctx, `
		insert into grade_columns (badge_id, platform_id, context_id, line_item, placed, created_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (badge_id) do update set line_item = excluded.line_item, placed = excluded.placed`,
		badge, key.Platform, key.Context, column.LineItem, column.Placed, tx.now)
	if err != nil {
		return fmt.Errorf("write column: %w", err)
	}
	return nil
}

// TakeColumn stores the column that came with a link of the badge, and reports
// whether it did. It does nothing if the badge has a column, a caller has
// reserved one, or the teacher gave up one that came with a link.
func (tx *Tx) TakeColumn(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, lineItem string) (bool, error) {
	result, err := tx.q.ExecContext(ctx, `
		insert into grade_columns (badge_id, platform_id, context_id, line_item, placed, created_at) values ($1, $2, $3, $4, true, $5)
		on conflict (badge_id) do update set line_item = excluded.line_item, placed = true, created_at = excluded.created_at
		where grade_columns.line_item = '' and not grade_columns.placed and grade_columns.created_at < $6`,
		badge, key.Platform, key.Context, lineItem, tx.now, moment(tx.now.Add(-columnPatience)))
	err = one(result, err, "column")
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// GiveUpColumn stops filling a column that came with a link.
func (tx *Tx) GiveUpColumn(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) error {
	result, err := tx.q.ExecContext(ctx, `update grade_columns set line_item = '' where badge_id = $1 and platform_id = $2 and context_id = $3 and placed`,
		badge, key.Platform, key.Context)
	return one(result, err, "column")
}

// RemoveColumn removes everything stored about a badge's column: the column, a
// reservation, or the note that one was given up.
func (tx *Tx) RemoveColumn(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) error {
	result, err := tx.q.ExecContext(ctx, `delete from grade_columns where badge_id = $1 and platform_id = $2 and context_id = $3`,
		badge, key.Platform, key.Context)
	return one(result, err, "column")
}

// ScoredAt returns when the LMS last got a score for a learner and a badge,
// from any of their awards; zero before the first.
func (r reads) ScoredAt(ctx context.Context, of badges.Assertion) (time.Time, error) {
	var at time.Time
	err := notFound(r.q.QueryRowContext(ctx, `select s.sent_at from scores s join assertions a on a.id = s.assertion_id
		where a.badge_id = $1 and a.user_id = $2 order by s.sent_at desc limit 1`, of.Badge, of.User).Scan(&at), "score")
	if fault.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	return at, err
}

// ScoreSent stores when a score was sent to the LMS, and why the LMS refused
// it; refused is empty if it did not.
func (tx *Tx) ScoreSent(ctx context.Context, id badges.AssertionID, at time.Time, refused lti.Reason) error {
	_, err := tx.q.ExecContext(ctx, `
		insert into scores (assertion_id, sent_at, refused) values ($1, $2, $3)
		on conflict (assertion_id) do update set sent_at = excluded.sent_at, refused = excluded.refused`, id, moment(at), refused)
	if err != nil {
		return fmt.Errorf("write score: %w", err)
	}
	return nil
}

// RefusedScore returns why the LMS refused an assertion's score; empty if it
// did not, or got none.
func (r reads) RefusedScore(ctx context.Context, id badges.AssertionID) (lti.Reason, error) {
	var reason lti.Reason
	err := notFound(r.q.QueryRowContext(ctx, `select refused from scores where assertion_id = $1`, id).Scan(&reason), "score")
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return reason, err
}
