package store

import (
	"context"
	"iter"

	"github.com/insigne-badges/insigne/badges"
)

const (
	awardsOfBadge   = ` from assertions where platform_id = $1 and context_id = $2 and badge_id = $3 and next_id = ''`
	mayLoseEvidence = `(state in ('pending', 'claimed') and kept_at is null and (expires_at is null or expires_at > $4))`
	// withdrawnByRule keeps the time its evidence fell; a teacher's decision clears it.
	withdrawnByRule = `(state = 'withdrawn' and fell_at is not null)`
)

// Reviewable goes through the awards of a badge whose evidence may still fall
// away: pending and claimed ones that the teacher did not decide to keep, and that
// are the newest of their learner and not over. With them come those that the
// policy withdrew, whose evidence may be back. One at a time is in memory.
func (r reads) Reviewable(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) iter.Seq2[badges.Assertion, error] {
	return func(yield func(badges.Assertion, error) bool) {
		rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+awardsOfBadge+` and (`+mayLoseEvidence+` or `+withdrawnByRule+`) order by awarded_at, id`, key.Platform, key.Context, badge, moment(r.clock()))
		each(rows, err, onlyAssertion)(yield)
	}
}

// Fallen lists the awards whose evidence fell away and about which the teacher
// has to decide, the newest first, at most so many.
func (r reads) Fallen(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, most int) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+awardsOfBadge+` and `+mayLoseEvidence+` and fell_at is not null order by fell_at desc, name, id limit $5`,
		key.Platform, key.Context, badge, moment(r.clock()), most)
	return all(rows, err, onlyAssertion)
}

// SetPolicy says what happens when the evidence of a badge's awards falls away.
func (tx *Tx) SetPolicy(ctx context.Context, key badges.CourseKey, id badges.BadgeID, policy badges.Policy, by badges.UserID) error {
	b, err := tx.lockedBadge(ctx, key, id)
	if err != nil || b.Fallen == policy {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update badges set fallen_policy = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, policy)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{
		Course: key, Actor: string(by), Action: badges.PolicyChanged, Object: string(id), Old: string(b.Fallen), New: string(policy),
	})
}
