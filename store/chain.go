package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

const holdingColumns = `id, state, awarded_at, expires_at, evidence_until`

// scanHolding reads whatever stands before holdingColumns, then them.
func scanHolding(row row, before ...any) (badges.Holding, error) {
	var h badges.Holding
	var awarded, expires, until instant
	if err := row.Scan(append(before, &h.Assertion, &h.State, &awarded, &expires, &until)...); err != nil {
		return badges.Holding{}, err
	}
	h.AwardedAt, h.ExpiresAt, h.EvidenceUntil = awarded.Time, expires.Time, until.Time
	if h.EvidenceUntil.IsZero() { // awarded before that was noted
		h.EvidenceUntil = h.AwardedAt
	}
	return h, nil
}

// Holders returns the newest award of each learner who was ever awarded a
// badge, in whatever state.
func (r reads) Holders(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) (map[badges.UserID]badges.Holding, error) {
	holders := map[badges.UserID]badges.Holding{}
	rows, err := r.q.QueryContext(ctx, `select user_id, `+holdingColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and next_id = ''`, key.Platform, key.Context, badge)
	_, err = all(rows, err, func(row row) (struct{}, error) {
		var user badges.UserID
		h, err := scanHolding(row, &user)
		holders[user] = h
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("read holders: %w", err)
	}
	return holders, nil
}

// Holding returns the newest award of a badge to a learner, in whatever state;
// fault.NotFound without one.
func (r reads) Holding(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, user badges.UserID) (badges.Holding, error) {
	h, err := scanHolding(r.q.QueryRowContext(ctx, `select `+holdingColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and user_id = $4 and next_id = ''`, key.Platform, key.Context, badge, user))
	return h, notFound(err, "assertion")
}

// Chain lists the awards of a badge to a learner, the newest first, in whatever
// state.
func (r reads) Chain(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, user badges.UserID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and user_id = $4
		order by case when next_id = '' then 0 else 1 end, awarded_at desc, id`, key.Platform, key.Context, badge, user)
	return all(rows, err, onlyAssertion)
}

// follow makes a the award after its previous one, if that still is the newest
// and allows another: a run decides by what it read a while ago.
func (tx *Tx) follow(ctx context.Context, a badges.Assertion) (bool, error) {
	h, err := tx.Holding(ctx, a.Course, a.Badge, a.User)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return false, nil
		}
		return false, err
	}
	again := h.AgainByRule
	if _, byHand := a.ByHand(); byHand {
		again = h.AgainByHand
	}
	if !again(tx.now) {
		return false, nil
	}
	// Only what still is the newest is followed, and as it was just read.
	result, err := tx.q.ExecContext(ctx, `update assertions set next_id = $2 where id = $1 and next_id = '' and state = $3`, a.Previous, a.ID, h.State)
	err = one(result, err, "assertion")
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}

// endings says when awards that begin now end, by their version.
type endings struct {
	tx    *Tx
	known map[badges.VersionID]time.Time
}

func (e *endings) of(ctx context.Context, id badges.VersionID) (time.Time, error) {
	if end, ok := e.known[id]; ok {
		return end, nil
	}
	var c badges.Content
	err := e.tx.q.QueryRowContext(ctx, `select valid_months from badge_versions where id = $1`, id).Scan(&c.ValidMonths)
	if err != nil {
		return time.Time{}, notFound(err, "badge version")
	}
	if e.known == nil {
		e.known = map[badges.VersionID]time.Time{}
	}
	e.known[id] = c.Ends(e.tx.now)
	return e.known[id], nil
}

// begin starts the time of an award now, by its version.
func (tx *Tx) begin(ctx context.Context, id badges.AssertionID, version badges.VersionID) error {
	ends := endings{tx: tx}
	end, err := ends.of(ctx, version)
	if err != nil {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update assertions set expires_at = $2, remind_at = $3 where id = $1`,
		id, moment(end), moment(badges.RenewableFrom(tx.now, end)))
	return one(result, err, "assertion")
}

const dueReminder = `state = 'claimed' and remind_at is not null and remind_at <= $1`

// DueReminders reports whether there is anything for RemindDue to do.
func (r reads) DueReminders(ctx context.Context, now time.Time) (bool, error) {
	var some bool
	err := r.q.QueryRowContext(ctx, `select exists (select 1 from assertions where `+dueReminder+`)`, moment(now)).Scan(&some)
	if err != nil {
		return false, fmt.Errorf("look for reminders: %w", err)
	}
	return some, nil
}

// RemindDue writes the notices of awards that will end soon, at most so many,
// each once: its date goes in the same transaction. Who was awarded the badge
// again, or whose award is over already, is told nothing.
func (tx *Tx) RemindDue(ctx context.Context, most int) error {
	rows, err := tx.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where `+dueReminder+` order by remind_at limit $2`+tx.dialect.skipLocked(), tx.now, most)
	due, err := all(rows, err, onlyAssertion)
	if err != nil {
		return fmt.Errorf("read reminders: %w", err)
	}
	var ending []badges.AssertionID
	for _, a := range due {
		if _, err := tx.q.ExecContext(ctx, `update assertions set remind_at = null where id = $1`, a.ID); err != nil {
			return fmt.Errorf("write reminder: %w", err)
		}
		if a.Remindable(tx.now) {
			ending = append(ending, a.ID)
		}
	}
	return tx.writeNotices(ctx, ending, badges.OfEnd, false, time.Time{})
}
