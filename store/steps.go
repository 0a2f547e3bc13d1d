package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

// Steps returns which badges of a course follow which.
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

// HoldersAbove returns the newest awards of the steps above a badge, by learner,
// those of the nearest step first.
func (r reads) HoldersAbove(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) (map[badges.UserID]badges.Higher, error) {
	steps, err := r.Steps(ctx, key)
	if err != nil {
		return nil, err
	}
	above := map[badges.UserID]badges.Higher{}
	for _, id := range steps.Above(badge) {
		holders, err := r.Holders(ctx, key, id)
		if err != nil {
			return nil, err
		}
		for user, h := range holders {
			above[user] = append(above[user], h)
		}
	}
	return above, nil
}

// HoldingsAbove returns a learner's newest awards of the steps above a badge, that
// of the nearest step first.
func (r reads) HoldingsAbove(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, user badges.UserID) (badges.Higher, error) {
	steps, err := r.Steps(ctx, key)
	if err != nil {
		return nil, err
	}
	return r.HoldingsOf(ctx, key, steps.Above(badge), user)
}

// HoldingsOf returns a learner's newest awards of some badges, in their order.
func (r reads) HoldingsOf(ctx context.Context, key badges.CourseKey, list []badges.BadgeID, user badges.UserID) (badges.Higher, error) {
	var held badges.Higher
	for _, id := range list {
		h, err := r.Holding(ctx, key, id, user)
		switch {
		case err == nil:
			held = append(held, h)
		case fault.KindOf(err) != fault.NotFound:
			return nil, err
		}
	}
	return held, nil
}

// TakesPlaceOf returns the learner's award of a lower step whose place an award
// takes, or will take once it is claimed; of several the highest step's.
// fault.NotFound when there is none that the learner knows of.
func (r reads) TakesPlaceOf(ctx context.Context, a badges.Assertion) (badges.Assertion, error) {
	steps, err := r.Steps(ctx, a.Course)
	if err != nil {
		return badges.Assertion{}, err
	}
	claimed := a
	claimed.State = badges.Claimed
	for _, id := range steps.Below(a.Badge) {
		chain, err := r.Chain(ctx, a.Course, id, a.User)
		if err != nil {
			return badges.Assertion{}, err
		}
		for _, lower := range chain {
			replaced := lower.State == badges.Replaced && lower.ReplacedBy == a.ID && lower.ReplacedFrom != badges.Held
			if replaced || lower.State == badges.Claimed && claimed.Replaces(lower, r.clock()) {
				return lower, nil
			}
		}
	}
	return badges.Assertion{}, notFound(sql.ErrNoRows, "lower step")
}

// SetStep makes a draft the next step after another badge of its course. It fails
// with fault.NotFound for a badge of another course, and fault.Conflict for what
// is no draft, where the other has a next step already or the two would lead round
// in a circle.
func (tx *Tx) SetStep(ctx context.Context, key badges.CourseKey, badge, after badges.BadgeID, by badges.UserID) error {
	// Two next steps at once wait for each other here; the index would refuse one.
	if err := tx.lockBadge(ctx, key, after); err != nil {
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
	result, err := tx.q.ExecContext(ctx, `update badges set step_after = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, badge, after)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	return tx.audit(ctx, badges.AuditEntry{Course: key, Actor: string(by), Action: badges.StepMade, Object: string(badge)})
}

// LeaveSteps takes a badge out of its ladder; the step above it follows the one
// below from then on. It fails with fault.Conflict once the badge was switched
// on: awards may have taken each other's place.
func (tx *Tx) LeaveSteps(ctx context.Context, key badges.CourseKey, id badges.BadgeID, by badges.UserID) error {
	if err := tx.lockBadge(ctx, key, id); err != nil {
		return err
	}
	badge, err := tx.Badge(ctx, key, id)
	if err != nil {
		return err
	}
	if badge.State != badges.Draft {
		return fault.New(fault.Conflict, "step.not_draft")
	}
	for _, change := range []struct {
		query string
		args  []any
	}{
		{`update badges set step_after = '' where id = $1`, []any{id}},
		{`update badges set step_after = $2 where step_after = $1`, []any{id, badge.StepAfter}},
	} {
		if _, err := tx.q.ExecContext(ctx, change.query, change.args...); err != nil {
			return fmt.Errorf("leave steps: %w", err)
		}
	}
	return tx.audit(ctx, badges.AuditEntry{Course: key, Actor: string(by), Action: badges.StepLeft, Object: string(id)})
}

// lockBadge keeps other transactions from changing a badge, or its ladder, until
// this one ends.
func (tx *Tx) lockBadge(ctx context.Context, key badges.CourseKey, id badges.BadgeID) error {
	result, err := tx.q.ExecContext(ctx, `update badges set created_at = created_at where platform_id = $1 and context_id = $2 and id = $3`, key.Platform, key.Context, id)
	return one(result, err, "badge")
}

// climb is what a transaction changes about the awards of one ladder.
type climb struct {
	tx    *Tx
	badge badges.BadgeID // whose awards change
	steps badges.Steps
}

// climb begins to change awards of a badge. Where it stands in a ladder, other
// transactions that do wait: what takes whose place depends on all of them.
func (tx *Tx) climb(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) (climb, error) {
	steps, err := tx.Steps(ctx, key)
	if err != nil {
		return climb{}, err
	}
	ladder := steps.Ladder(badge)
	if len(ladder) > 1 {
		err = tx.lockBadge(ctx, key, ladder[0])
	}
	return climb{tx, badge, steps}, err
}

// LockSteps keeps other transactions from changing awards of the ladder that a
// badge stands in, until this one ends. One that changes awards in several steps
// begins with it: else two of them could wait for each other.
func (tx *Tx) LockSteps(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) error {
	_, err := tx.climb(ctx, key, badge)
	return err
}

// covered reports whether a learner's award of a higher step leaves nothing to
// award of this one: by its rule, or by hand.
func (c climb) covered(ctx context.Context, key badges.CourseKey, user badges.UserID, byHand bool) (bool, error) {
	above := c.steps.Above(c.badge)
	if len(above) == 0 {
		return false, nil
	}
	lower, err := c.tx.Badge(ctx, key, c.badge)
	if err != nil {
		return false, err
	}
	held, err := c.tx.HoldingsOf(ctx, key, above, user)
	if err != nil {
		return false, err
	}
	for _, h := range held {
		if byHand && h.Stands(c.tx.now) || !byHand && h.Covers(&lower, c.tx.now) {
			return true, nil
		}
	}
	return false, nil
}

// replaceBelow has an award take the place of the learner's awards of lower
// steps, as far as it does.
func (c climb) replaceBelow(ctx context.Context, a badges.Assertion) error {
	for _, id := range c.steps.Below(c.badge) {
		chain, err := c.tx.Chain(ctx, a.Course, id, a.User)
		if err != nil {
			return err
		}
		for _, lower := range chain {
			if err := c.replace(ctx, lower, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// replace has a take the place of lower, if it does.
func (c climb) replace(ctx context.Context, lower, a badges.Assertion) error {
	if !a.Replaces(lower, c.tx.now) {
		return nil
	}
	if err := c.move(ctx, lower, lower.ReplacedWith(a.ID, c.tx.now)); err != nil {
		return err
	}
	return c.tx.audit(ctx, badges.AuditEntry{Course: a.Course, Actor: "rule", Action: badges.AwardReplaced, Object: string(lower.ID)})
}

// restoreBelow gives back what an award took the place of, now that it was taken
// back or declined, unless another of a higher step takes it. Who was never told
// is told.
func (c climb) restoreBelow(ctx context.Context, a badges.Assertion) error {
	rows, err := c.tx.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and user_id = $3 and replaced_by = $4 and state = 'replaced' order by awarded_at, id`,
		a.Course.Platform, a.Course.Context, a.User, a.ID)
	list, err := all(rows, err, onlyAssertion)
	if err != nil {
		return fmt.Errorf("read replaced: %w", err)
	}
	for _, lower := range list {
		if err := c.restore(ctx, lower); err != nil {
			return err
		}
	}
	return nil
}

func (c climb) restore(ctx context.Context, lower badges.Assertion) error {
	restored := lower.Restored()
	if err := c.move(ctx, lower, restored); err != nil {
		return err
	}
	err := c.tx.audit(ctx, badges.AuditEntry{Course: lower.Course, Actor: "rule", Action: badges.AwardRestored, Object: string(lower.ID)})
	if err != nil {
		return err
	}
	above := c.steps.Above(lower.Badge)
	for i := range above { // the highest first: that is what the learner is told of
		chain, err := c.tx.Chain(ctx, lower.Course, above[len(above)-1-i], lower.User)
		if err != nil {
			return err
		}
		for _, higher := range chain {
			if higher.Replaces(restored, c.tx.now) {
				return c.replace(ctx, restored, higher)
			}
		}
	}
	return c.tx.tellAgain(ctx, restored)
}

// move writes what replacing or restoring changes; fault.Conflict if the award
// moved meanwhile.
func (c climb) move(ctx context.Context, before, after badges.Assertion) error {
	result, err := c.tx.q.ExecContext(ctx, `update assertions set state = $2, replaced_by = $3, replaced_at = $4, replaced_from = $5 where id = $1 and state = $6`,
		after.ID, after.State, after.ReplacedBy, moment(after.ReplacedAt), after.ReplacedFrom, before.State)
	err = one(result, err, "assertion")
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return fault.Wrap(err, fault.Conflict, "problem.conflict")
	}
	return err
}

// tellAgain has the notices of an award that is pending again sent, if its
// learner was told over no channel: they were dropped when it was replaced.
func (tx *Tx) tellAgain(ctx context.Context, a badges.Assertion) error {
	if a.State != badges.Pending {
		return nil
	}
	_, err := tx.q.ExecContext(ctx, `update notices set queued = false where assertion_id = $1 and about = 'award'
		and not exists (select 1 from notices n where n.assertion_id = $1 and n.about = 'award' and n.sent_at is not null)`, a.ID)
	if err != nil {
		return fmt.Errorf("queue notices: %w", err)
	}
	return nil
}

// holding is one award as holding a badge looks at it.
type holding struct {
	id   badges.AssertionID
	user badges.UserID
	badges.Tenure
	by badges.AssertionID // what took its place
}

// tenures sums up awards of a badge and of its higher steps, the oldest first: a
// replaced award lasts as long as what took its place.
func tenures(list []holding) map[badges.UserID]badges.Tenure {
	byID := map[badges.AssertionID]holding{}
	for _, h := range list {
		byID[h.id] = h
	}
	found := make(map[badges.UserID]badges.Tenure, len(list))
	for _, h := range list {
		for by := h.by; by != ""; by = byID[by].by { // upwards, so that it ends
			h.Ended = byID[by].Ended
		}
		before, held := found[h.user]
		if !held || before.Ended.Before(h.Ended) || h.Ended.IsZero() && !before.Ended.IsZero() {
			found[h.user] = h.Tenure
		}
	}
	return found
}
