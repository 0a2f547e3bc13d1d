package jobs

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// awardBatch bounds a transaction, so that page views never wait long for the
// single writer of SQLite.
const awardBatch = 250

// awardAll writes the assertions of everybody who earns a badge now.
func (r *run) awardAll(ctx context.Context) error {
	for i := range r.active {
		if err := r.award(ctx, &r.active[i]); err != nil {
			return fmt.Errorf("award badge %s: %w", r.active[i].ID, err)
		}
	}
	return nil
}

func (r *run) award(ctx context.Context, badge *badges.Badge) error {
	var earned []badges.Assertion
	for _, m := range r.candidates(badge) {
		d := badges.Decide(&badge.Current.Rule, m, r.known.Findings[m.User], r.began)
		earned = append(earned, newAssertion(badge, &d))
	}
	if len(earned) > 0 {
		r.state.ChangedAt = r.began
	}
	for batch := range slices.Chunk(earned, awardBatch) {
		n, err := r.write(ctx, badge, batch)
		r.log.Awarded += n
		if err != nil {
			r.log.Failed = len(earned) - r.log.Awarded
			return err
		}
	}
	return nil
}

func newAssertion(badge *badges.Badge, d *badges.Decision) badges.Assertion {
	return badges.Assertion{
		ID: badges.AssertionID(uuid.NewString()), Course: badge.Course, Badge: badge.ID, Version: badge.Current.ID,
		User: d.Member.User, State: badges.Pending, Salt: uuid.NewString(), Facts: d.Explanation.Facts(),
		Recipient: badges.Recipient{Name: d.Member.Name, Email: d.Member.Email, Language: d.Member.Language},
	}
}

// write stores a batch, unless the teacher switched the badge off or changed
// it since the run began: the next run decides by the new rule.
func (r *run) write(ctx context.Context, badge *badges.Badge, batch []badges.Assertion) (written int, err error) {
	err = r.Store.Tx(ctx, func(tx *store.Tx) error {
		now, err := tx.Badge(ctx, badge.Course, badge.ID)
		if err != nil {
			return err
		}
		if now.State != badges.On || now.Current.ID != badge.Current.ID {
			return nil
		}
		written, err = tx.Award(ctx, batch)
		return err
	})
	if err != nil {
		return 0, err
	}
	return written, nil
}
