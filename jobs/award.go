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

// awardBatch is the largest number of awards in one transaction: a page that
// writes must not wait long for the single writer of SQLite.
const awardBatch = 250

// awards counts what a run awarded.
type awards struct {
	awarded, failed int
	news            bool // somebody earned a badge
}

func (a awards) plus(b awards) awards {
	return awards{a.awarded + b.awarded, a.failed + b.failed, a.news || b.news}
}

// awardAll writes the assertions of all learners who earn a badge now. It
// returns the counts with an error too.
func (r run) awardAll(ctx context.Context, open []candidates, found findings) (awards, error) {
	var made awards
	for _, c := range open {
		some, err := r.award(ctx, c, found)
		made = made.plus(some)
		if err != nil {
			return made, fmt.Errorf("award badge %s: %w", c.Badge.ID, err)
		}
	}
	return made, nil
}

// award writes the awards of the learners who meet a badge's rule. Learners who
// met it before the badge was switched on get what the teacher chose; all
// others get an award and a notice.
func (r run) award(ctx context.Context, c candidates, found findings) (awards, error) {
	e := r.earners(c, found)
	made, err := r.writeAll(ctx, c, e.silent, found, r.Awards.AwardSilently)
	if err == nil {
		var told awards
		told, err = r.writeAll(ctx, c, e.told, found, r.Awards.Award)
		made = made.plus(told)
	}
	made.news = len(e.told)+len(e.silent) > 0
	if err != nil || len(e.passedOver) == 0 && !c.Badge.RetroactiveDoneAt.IsZero() {
		return made, err
	}
	return made, r.write(ctx, c.Badge, func(tx *store.Tx) error {
		return errors.Join(tx.PassOver(ctx, *c.Badge, e.passedOver), tx.RetroactiveDone(ctx, c.Badge.Course, c.Badge.ID))
	})
}

// earners are the learners who meet a badge's rule, by what they get: an award
// with a notice, an award without one, or nothing.
type earners struct {
	told, silent []*badges.Member
	passedOver   []badges.UserID
}

func (r run) earners(c candidates, found findings) earners {
	var e earners
	for _, m := range c.members {
		switch o := r.outlook(c, m, found); {
		case o.Retroactive == badges.RetroactiveNone:
			e.passedOver = append(e.passedOver, m.User)
		case o.Standing != badges.Earns:
		case o.Retroactive == badges.RetroactiveSilent:
			e.silent = append(e.silent, m)
		default:
			e.told = append(e.told, m)
		}
	}
	return e
}

// writeAll makes and writes assertions in batches: those of a large course
// would need much memory at once.
func (r run) writeAll(ctx context.Context, c candidates, earned []*badges.Member, found findings, award func(context.Context, *store.Tx, []badges.Assertion) (int, error)) (awards, error) {
	var made awards
	left := len(earned)
	for members := range slices.Chunk(earned, awardBatch) {
		batch := make([]badges.Assertion, len(members))
		for i, m := range members {
			batch[i] = assertionOf(c.Badge, r.outlook(c, m, found))
		}
		written := 0
		err := r.write(ctx, c.Badge, func(tx *store.Tx) (err error) {
			written, err = award(ctx, tx, batch)
			return err
		})
		if err != nil {
			made.failed = left
			return made, err
		}
		made.awarded += written
		left -= len(batch)
	}
	return made, nil
}

// assertionOf returns the new assertion of a learner who earns a badge, as the
// next one after their newest.
func assertionOf(badge *badges.Badge, o badges.Outlook) badges.Assertion {
	return badges.Assertion{
		ID: badges.AssertionID(uuid.NewString()), Course: badge.Course, Badge: badge.ID, Version: badge.Current.ID,
		User: o.Member.User, State: badge.FirstState(), Salt: uuid.NewString(), Facts: o.Explanation.Facts(),
		Recipient: o.Member.Recipient(), Previous: o.Last.Assertion, EvidenceAfter: o.EvidenceAfter,
	}
}

// write runs f in a transaction, unless a teacher has switched the badge off or
// changed it since the run began: then the next run decides again.
func (r run) write(ctx context.Context, badge *badges.Badge, f func(*store.Tx) error) error {
	return r.Store.Tx(ctx, func(tx *store.Tx) error {
		now, err := tx.Badge(ctx, badge.Course, badge.ID)
		if err != nil {
			return err
		}
		if now.State != badges.On || now.Current.ID != badge.Current.ID || !now.SwitchedAt.Equal(badge.SwitchedAt) || now.Policy != badge.Policy || now.Jury != badge.Jury {
			return nil
		}
		return f(tx)
	})
}
