package gradebook

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

// fullScore is what an award counts for, and the maximum of a column that Insigne
// makes.
const fullScore = 100

// outcome picks the award that a learner's score is about, and its points. The
// awards are all that the learner has of a badge, the newest first. The newest
// award that counts gives the full score, also when its time is over. When all
// were taken back, the newest that the learner may know of gives zero. ok is false
// when the learner may know of none.
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

// counts reports whether an award gives its learner the full score: the learner
// may know of it, and nobody took it back.
func counts(a badges.Assertion) bool {
	switch a.State {
	case badges.Pending, badges.Claimed, badges.Declined:
		return true
	case badges.Replaced:
		return a.VisibleToLearner() // and earned, as the higher step is
	case badges.Withheld, badges.Withdrawn, badges.Revoked:
	}
	return false
}

// enqueueScores enqueues the score of each learner one of whose awards of a badge
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
