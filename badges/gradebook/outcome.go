package gradebook

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// fullScore is the score for an award, and the maximum of a column that Insigne
// makes.
const fullScore = 100

// outcome returns the award that decides a learner's score, and the points.
// awards are all awards of the badge to the learner, the newest first. The
// newest award that counts gives the full score, even if it has expired. If all
// were taken back, the newest that the learner can see gives zero. ok is false
// if the learner can see none.
func outcome(awards []badges.Assertion) (award badges.Assertion, points float64, ok bool) {
	for _, a := range awards {
		if counts(a) {
			return a, fullScore, true
		}
	}
	for _, a := range awards {
		if a.VisibleToLearner() {
			return a, 0, true
		}
	}
	return badges.Assertion{}, 0, false
}

// counts reports whether an award gives the full score: the learner can see it,
// and nobody took it back.
func counts(a badges.Assertion) bool {
	switch a.State {
	case badges.Pending, badges.Claimed, badges.Private, badges.Declined:
		return true
	case badges.Replaced:
		return a.VisibleToLearner() // the learner earned it, and a higher step too
	case badges.Withheld, badges.Withdrawn, badges.Revoked, badges.Erased:
	}
	return false
}

// enqueueScores enqueues a score for each learner with an award of a badge that
// counts.
func enqueueScores(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID) error {
	awards, err := tx.AssertionsOfBadge(ctx, course, badge)
	if err != nil {
		return err
	}
	sent := map[badges.UserID]bool{}
	for _, a := range awards {
		if sent[a.User] || !counts(a) {
			continue
		}
		sent[a.User] = true
		if err := tx.Enqueue(ctx, badges.SendScore{Assertion: a.ID}); err != nil {
			return err
		}
	}
	return nil
}
