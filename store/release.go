package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// SetJury sets whether awards by rule are withheld until a teacher releases
// them.
func (tx *Tx) SetJury(ctx context.Context, key badges.CourseKey, id badges.BadgeID, on bool, by badges.UserID) error {
	b, err := tx.lockedBadge(ctx, key, id)
	if err != nil || b.Jury == on {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update badges set jury = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, id, on)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{
		Course: key, Actor: string(by), Action: badges.JuryChanged, Object: string(id), Old: onOff(b.Jury), New: onOff(on),
	})
}

// Withheld lists up to most awards that a teacher has to release, by name.
func (r reads) Withheld(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, most int) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and state = 'withheld' and released_at is null order by name, id limit $4`,
		key.Platform, key.Context, badge, most)
	return all(rows, err, onlyAssertion)
}

// Releases lists up to most withheld awards of a badge that were released less
// than within ago, by id.
func (r reads) Releases(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, within time.Duration, most int) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and state = 'withheld' and released_at > $4 order by id limit $5`,
		key.Platform, key.Context, badge, moment(r.clock().Add(-within)), most)
	return all(rows, err, onlyAssertion)
}

// CountReleases counts what Releases lists.
func (r reads) CountReleases(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, within time.Duration) (int, error) {
	var n int
	err := r.q.QueryRowContext(ctx, `select count(*) from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and state = 'withheld' and released_at > $4`,
		key.Platform, key.Context, badge, moment(r.clock().Add(-within))).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count releases: %w", err)
	}
	return n, nil
}

// AnyReleases reports whether OldReleases would list anything.
func (r reads) AnyReleases(ctx context.Context, age time.Duration) (bool, error) {
	var some bool
	err := r.q.QueryRowContext(ctx, `select exists (select 1 from assertions where state = 'withheld' and released_at <= $1)`, moment(r.clock().Add(-age))).Scan(&some)
	if err != nil {
		return false, fmt.Errorf("look for releases: %w", err)
	}
	return some, nil
}

// OldReleases lists up to most withheld awards that were released at least age
// ago, by id. All are awards of one badge: the one with the oldest release.
func (r reads) OldReleases(ctx context.Context, age time.Duration, most int) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where state = 'withheld' and released_at <= $1 and badge_id = (
			select badge_id from assertions where state = 'withheld' and released_at <= $1 order by released_at, id limit 1)
		order by id limit $2`, moment(r.clock().Add(-age)), most)
	return all(rows, err, onlyAssertion)
}
