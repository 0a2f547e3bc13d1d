package store

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

const (
	awardsOfBadge = ` from assertions where platform_id = $1 and context_id = $2 and badge_id = $3 and next_id = ''`
	standing      = `(state in ('pending', 'claimed') and kept_at is null and (expires_at is null or expires_at > $4))`
	// withdrawnByPolicy keeps the time its evidence fell; a teacher's decision clears it.
	withdrawnByPolicy = `(state = 'withdrawn' and fell_at is not null)`
)

func scanReviewed(row row) (badges.Reviewed, error) {
	var fell instant
	a, err := scanAssertion(row, &fell)
	return badges.Reviewed{Assertion: a, FellAt: fell.Time}, err
}

// Reviewable goes through the awards of a badge whose evidence may still fall
// away: pending and claimed ones that the teacher did not decide to keep, and that
// are the newest of their learner and not over. With them come those that the
// policy withdrew, whose evidence may be back. One at a time is in memory.
func (r reads) Reviewable(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) iter.Seq2[badges.Reviewed, error] {
	return func(yield func(badges.Reviewed, error) bool) {
		rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+`, fell_at`+awardsOfBadge+` and (`+standing+` or `+withdrawnByPolicy+`) order by awarded_at, id`, key.Platform, key.Context, badge, moment(r.clock()))
		each(rows, err, scanReviewed)(yield)
	}
}

// Fallen lists the awards whose evidence fell away and about which the teacher
// has to decide, the newest first, at most so many.
func (r reads) Fallen(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, most int) ([]badges.Reviewed, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+`, fell_at`+awardsOfBadge+` and `+standing+` and fell_at is not null order by fell_at desc, name, id limit $5`,
		key.Platform, key.Context, badge, moment(r.clock()), most)
	return all(rows, err, scanReviewed)
}

// SetPolicy says what happens when the evidence of a badge's awards falls away.
func (tx *Tx) SetPolicy(ctx context.Context, key badges.CourseKey, id badges.BadgeID, policy badges.Policy, by badges.UserID) error {
	result, err := tx.q.ExecContext(ctx, `update badges set fallen_policy = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, policy)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{Course: key, Actor: string(by), Action: badges.PolicyChanged, Object: string(id)})
}

// EvidenceFell notes that the evidence of an award fell away; once.
func (tx *Tx) EvidenceFell(ctx context.Context, a badges.Assertion) error {
	result, err := tx.q.ExecContext(ctx, `update assertions set fell_at = $2 where id = $1 and fell_at is null`, a.ID, tx.now)
	if err := one(result, err, "assertion"); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil // noted before
		}
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{Course: a.Course, Actor: badges.ByRule, Action: badges.EvidenceFell, Object: string(a.ID)})
}

// EvidenceStands notes that the evidence of an award is back.
func (tx *Tx) EvidenceStands(ctx context.Context, id badges.AssertionID) error {
	_, err := tx.q.ExecContext(ctx, `update assertions set fell_at = null where id = $1`, id)
	if err != nil {
		return fmt.Errorf("write assertion: %w", err)
	}
	return nil
}

// KeepAward is the teacher's decision that an award stands without its
// evidence; nobody is asked again.
func (tx *Tx) KeepAward(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, id badges.AssertionID, by badges.UserID) error {
	result, err := tx.q.ExecContext(ctx, `update assertions set kept_at = $5, fell_at = null where platform_id = $1 and context_id = $2 and badge_id = $3 and id = $4`,
		key.Platform, key.Context, badge, id, tx.now)
	if err := one(result, err, "assertion"); err != nil {
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{Course: key, Actor: string(by), Action: badges.AwardKept, Object: string(id)})
}

// ByPolicy is the actor who withdraws an award because its evidence fell away.
const ByPolicy = "rule"

// TakeBack revokes or withdraws an award of the course, and gives back what it
// took the place of; fault.Conflict if it moved meanwhile. What ByPolicy withdraws
// may be awarded again.
func (tx *Tx) TakeBack(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, id badges.AssertionID, by, reason string) (badges.Assertion, error) {
	before, err := tx.Assertion(ctx, id)
	if err != nil {
		return badges.Assertion{}, err
	}
	if before.Course != key || before.Badge != badge {
		return badges.Assertion{}, fault.New(fault.NotFound, "problem.not_found")
	}
	climb, err := tx.climb(ctx, key, badge)
	if err != nil {
		return badges.Assertion{}, err
	}
	after, err := before.TakenBack(tx.now, reason)
	if err != nil {
		return badges.Assertion{}, err
	}
	result, err := tx.q.ExecContext(ctx, `update assertions set state = $2, revoked_at = $3, reason = $4, fell_at = case when $6 then fell_at end where id = $1 and state = $5`,
		id, after.State, moment(after.RevokedAt), after.Reason, before.State, by == ByPolicy)
	if err := one(result, err, "assertion"); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = fault.Wrap(err, fault.Conflict, "problem.conflict")
		}
		return badges.Assertion{}, err
	}
	if err := tx.score(ctx, after); err != nil {
		return badges.Assertion{}, err
	}
	if err := tx.Audit(ctx, badges.AuditEntry{Course: key, Actor: by, Action: badges.AwardTakenBack, Object: string(id)}); err != nil {
		return badges.Assertion{}, err
	}
	return after, climb.restoreBelow(ctx, after)
}

// WithdrawPending takes back, as ByPolicy, an award that is pending still. What
// its learner or a teacher decided meanwhile stands: a policy revokes nothing.
func (tx *Tx) WithdrawPending(ctx context.Context, a badges.Assertion, reason string) error {
	now, err := tx.Assertion(ctx, a.ID)
	if err != nil || now.State != badges.Pending {
		return err
	}
	if _, err := tx.TakeBack(ctx, a.Course, a.Badge, a.ID, ByPolicy, reason); fault.KindOf(err) != fault.Conflict {
		return err
	}
	return nil
}

// AwardAgain writes an award anew that the policy withdrew: a is what its
// learner earns now, under the id of then. The learner is told if they were
// before. Nothing happens to what was not withdrawn by the policy, and where the
// learner has a higher step.
func (tx *Tx) AwardAgain(ctx context.Context, a badges.Assertion) error {
	facts, err := json.Marshal(a.Facts)
	if err != nil {
		return fmt.Errorf("write facts: %w", err)
	}
	climb, err := tx.climb(ctx, a.Course, a.Badge)
	if err != nil {
		return err
	}
	if covered, err := climb.covered(ctx, a.Course, a.User, false); err != nil || covered {
		return err
	}
	ends := endings{tx: tx}
	if a.State != badges.Held {
		if a.ExpiresAt, err = ends.of(ctx, a.Version); err != nil {
			return err
		}
	}
	result, err := tx.q.ExecContext(ctx, `
		update assertions set state = $5, version_id = $6, name = $7, search_name = $8, email = $9, language = $10, facts = $11, awarded_at = $12,
			expires_at = $13, remind_at = $14, evidence_until = $15, revoked_at = null, reason = '', fell_at = null
		where platform_id = $1 and context_id = $2 and badge_id = $3 and id = $4 and next_id = '' and `+withdrawnByPolicy,
		a.Course.Platform, a.Course.Context, a.Badge, a.ID, a.State, a.Version,
		a.Recipient.Name, searchName(a.Recipient.Name), a.Recipient.Email, a.Recipient.Language, string(facts), tx.now,
		moment(a.ExpiresAt), moment(badges.RenewableFrom(tx.now, a.ExpiresAt)), moment(a.EvidenceUntil(tx.now)))
	if err := one(result, err, "assertion"); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil // a teacher, or another run, was faster
		}
		return err
	}
	if err := tx.Audit(ctx, badges.AuditEntry{Course: a.Course, Actor: a.AwardedBy(), Action: badges.AssertionAwarded, Object: string(a.ID)}); err != nil {
		return err
	}
	result, err = tx.q.ExecContext(ctx, `delete from notices where assertion_id = $1`, a.ID)
	if err != nil {
		return fmt.Errorf("forget notices: %w", err)
	}
	told, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("forget notices: %w", err)
	}
	if a.State == badges.Held {
		return nil
	}
	if err := climb.replaceBelow(ctx, a); err != nil {
		return err
	}
	if told > 0 {
		if err := tx.addNotices(ctx, []badges.AssertionID{a.ID}); err != nil {
			return err
		}
	}
	return tx.score(ctx, a)
}
