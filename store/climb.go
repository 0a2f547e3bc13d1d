package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

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
	return c.tx.Audit(ctx, badges.AuditEntry{Course: a.Course, Actor: badges.ByRule, Action: badges.AwardReplaced, Object: string(lower.ID)})
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
	err := c.tx.Audit(ctx, badges.AuditEntry{Course: lower.Course, Actor: badges.ByRule, Action: badges.AwardRestored, Object: string(lower.ID)})
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
