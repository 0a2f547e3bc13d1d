package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

// holdingColumns are the columns of an award a and, if the learner cannot see
// a, of the award p before it.
const (
	holdingColumns = `a.id, a.state, a.awarded_at, a.expires_at, a.evidence_until, a.fell_at, a.replaced_from,
		p.id, p.state, p.awarded_at, p.expires_at, p.evidence_until, p.fell_at, p.replaced_from`
	holdingSource = ` from assertions a left join assertions p on (a.state = 'withheld' or a.replaced_from = 'withheld') and p.id = a.previous_id`
)

// scanHolding scans before, then holdingColumns.
func scanHolding(row row, before ...any) (badges.Holding, error) {
	var last, previous holdingRow
	if err := row.Scan(append(append(before, last.fields()...), previous.fields()...)...); err != nil {
		return badges.Holding{}, err
	}
	h := last.holding()
	if previous.id.Valid {
		p := previous.holding()
		h.Previous = &p
	}
	return h, nil
}

// holdingRow is an award that may be missing.
type holdingRow struct {
	id, state, replacedFrom       sql.NullString
	awarded, expires, until, fell instant
}

func (r *holdingRow) fields() []any {
	return []any{&r.id, &r.state, &r.awarded, &r.expires, &r.until, &r.fell, &r.replacedFrom}
}

func (r *holdingRow) holding() badges.Holding {
	h := badges.Holding{
		Assertion: badges.AssertionID(r.id.String), State: badges.AssertionState(r.state.String),
		AwardedAt: r.awarded.Time, ExpiresAt: r.expires.Time, EvidenceUntil: r.until.Time, EvidenceLostAt: r.fell.Time,
		NeverShown: badges.AssertionState(r.replacedFrom.String) == badges.Withheld,
	}
	if h.EvidenceUntil.IsZero() { // awarded before this column existed
		h.EvidenceUntil = h.AwardedAt
	}
	return h
}

// Holders returns the newest award of a badge, in any state, for each learner
// who ever got one.
func (r reads) Holders(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) (map[badges.UserID]badges.Holding, error) {
	holders := map[badges.UserID]badges.Holding{}
	rows, err := r.q.QueryContext(ctx, `select a.user_id, `+holdingColumns+holdingSource+`
		where a.platform_id = $1 and a.context_id = $2 and a.badge_id = $3 and a.next_id = '' and a.state <> 'erased'`, key.Platform, key.Context, badge)
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

// Holding returns the newest award of a badge to a learner, in any state;
// fault.NotFound if there is none.
func (r reads) Holding(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, user badges.UserID) (badges.Holding, error) {
	h, err := scanHolding(r.q.QueryRowContext(ctx, `select `+holdingColumns+holdingSource+`
		where a.platform_id = $1 and a.context_id = $2 and a.badge_id = $3 and a.user_id = $4 and a.next_id = ''`, key.Platform, key.Context, badge, user))
	return h, notFound(err, "assertion")
}

// Chain lists the awards of a badge to a learner in any state, the newest
// first.
func (r reads) Chain(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, user badges.UserID) ([]badges.Assertion, error) {
	rows, err := r.q.QueryContext(ctx, `select `+assertionColumns+` from assertions
		where platform_id = $1 and context_id = $2 and badge_id = $3 and user_id = $4
		order by case when next_id = '' then 0 else 1 end, awarded_at desc, id`, key.Platform, key.Context, badge, user)
	return all(rows, err, onlyAssertion)
}
