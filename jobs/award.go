package jobs

import (
	"context"
	"errors"
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

// award writes what a badge's candidates get: who met the rule before it was
// switched on what the teacher chose then, the others an award and a notice.
func (r *run) award(ctx context.Context, badge *badges.Badge) error {
	var told, silent []badges.Member
	var passed []badges.UserID
	for _, m := range r.candidates(badge) {
		_, again := r.holders[badge.ID][m.User]
		before := !again && (badge.SettledAt.IsZero() || badges.EarnedBefore(r.assertion(badge, m).Facts, badge.SwitchedAt))
		switch {
		case before && badge.Earlier == badges.NoEarlier:
			passed = append(passed, m.User)
		case before && badge.Earlier == badges.SilentEarlier:
			silent = append(silent, m)
		default:
			told = append(told, m)
		}
	}
	if len(told)+len(silent) > 0 {
		r.state.ChangedAt = r.began
	}
	if err := r.writeAll(ctx, badge, silent, r.Awards.AwardSilently); err != nil {
		return err
	}
	if err := r.writeAll(ctx, badge, told, r.Awards.Award); err != nil {
		return err
	}
	if len(passed) == 0 && !badge.SettledAt.IsZero() {
		return nil
	}
	return r.write(ctx, badge, func(tx *store.Tx) error {
		return errors.Join(tx.PassOver(ctx, *badge, passed), tx.Settle(ctx, badge.Course, badge.ID))
	})
}

// writeAll makes and writes assertions in batches: all of a large course at once
// would take much memory.
func (r *run) writeAll(ctx context.Context, badge *badges.Badge, earned []badges.Member, award func(context.Context, *store.Tx, []badges.Assertion) (int, error)) error {
	left := len(earned)
	for members := range slices.Chunk(earned, awardBatch) {
		batch := make([]badges.Assertion, len(members))
		for i, m := range members {
			batch[i] = r.assertion(badge, m)
		}
		written := 0
		err := r.write(ctx, badge, func(tx *store.Tx) (err error) {
			written, err = award(ctx, tx, batch)
			return err
		})
		if err != nil {
			r.log.Failed += left
			return err
		}
		r.noteDecided(badge, batch)
		r.log.Awarded += written
		left -= len(batch)
	}
	return nil
}

// assertion is what a learner who earns a badge gets, after the one they held.
func (r *run) assertion(badge *badges.Badge, m badges.Member) badges.Assertion {
	held := r.holders[badge.ID][m.User]
	a := r.assertionBy(badge, r.decide(badge, m))
	a.Previous, a.EvidenceAfter = held.Assertion, r.evidenceAfter(badge, m.User)
	return a
}

func (r *run) assertionBy(badge *badges.Badge, d badges.Decision) badges.Assertion {
	state := badges.Pending
	if badge.Jury {
		state = badges.Held
	}
	return badges.Assertion{
		ID: badges.AssertionID(uuid.NewString()), Course: badge.Course, Badge: badge.ID, Version: badge.Current.ID,
		User: d.Member.User, State: state, Salt: uuid.NewString(), Facts: d.Explanation.Facts(),
		Recipient: badges.Recipient{Name: d.Member.Name, Email: d.Member.Email, Language: d.Member.Language},
	}
}

// write runs a transaction, unless the teacher switched the badge off or changed
// it, or its policy, since the run began: the next run decides anew.
func (r *run) write(ctx context.Context, badge *badges.Badge, f func(*store.Tx) error) error {
	return r.Store.Tx(ctx, func(tx *store.Tx) error {
		now, err := tx.Badge(ctx, badge.Course, badge.ID)
		if err != nil {
			return err
		}
		if now.State != badges.On || now.Current.ID != badge.Current.ID || !now.SwitchedAt.Equal(badge.SwitchedAt) || now.Fallen != badge.Fallen {
			return nil
		}
		return f(tx)
	})
}
