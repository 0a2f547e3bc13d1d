package store

import (
	"context"
	"iter"

	"github.com/insigne-badges/insigne/badges"
)

const (
	awardsOfBadge   = ` from assertions where platform_id = $1 and context_id = $2 and badge_id = $3 and next_id = ''`
	mayLoseEvidence = `(state in ('pending', 'claimed', 'private') and kept_at is null and (expires_at is null or expires_at > $4))`
	// The policy withdrew it: fell_at is set. A teacher's decision removes
	// fell_at.
	withdrawnByRule = `(state = 'withdrawn' and fell_at is not null)`
)

// Reviewable returns the awards of a badge whose evidence has to be checked:
// newest awards that are pending, claimed or private, have not expired and were
// not kept by the teacher; and those that the policy withdrew, whose evidence may be
// back. It holds one award at a time in memory.
func (r reads) Reviewable(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) iter.Seq2[badges.Assertion, error] {
	return func(yield func(badges.Assertion, error) bool) {
		rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+awardsOfBadge+` and (`+mayLoseEvidence+` or `+withdrawnByRule+`) order by awarded_at, id`, key.Platform, key.Context, badge, moment(r.clock()))
		each(rows, err, onlyAssertion)(yield)
	}
}

// WithLostEvidence lists up to most awards that have lost their evidence and about which
// the teacher has to decide, the newest first.
func (r reads) WithLostEvidence(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, most int) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+awardsOfBadge+` and `+mayLoseEvidence+` and fell_at is not null order by fell_at desc, name, id limit $5`,
		key.Platform, key.Context, badge, moment(r.clock()), most)
	return all(rows, err, onlyAssertion)
}

// SetPolicy sets what happens when awards of a badge lose their evidence.
func (tx *Tx) SetPolicy(ctx context.Context, key badges.CourseKey, id badges.BadgeID, policy badges.Policy, by badges.UserID) error {
	b, err := tx.lockedBadge(ctx, key, id)
	if err != nil || b.Policy == policy {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update badges set fallen_policy = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, policy)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{
		Course: key, Actor: string(by), Action: badges.PolicyChanged, Object: string(id), Old: string(b.Policy), New: string(policy),
	})
}
