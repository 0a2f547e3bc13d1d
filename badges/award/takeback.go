package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// TakeBackAll takes back every award of a badge, also previous ones, those that
// are withheld and those that learners declined, as TakeBack does with one, and
// returns how many. All happens in this transaction. expected is the number that
// the teacher was shown: it changes nothing and fails with fault.Conflict if
// there are more or fewer now, or none. It fails with fault.Invalid if the reason
// is missing.
func (w Awards) TakeBackAll(ctx context.Context, tx *store.Tx, course badges.CourseKey, badge badges.BadgeID, by badges.UserID, reason string, expected int) (int, error) {
	l, err := w.openMany(ctx, tx, course, badge)
	if err != nil {
		return 0, err
	}
	if _, err := (badges.Assertion{State: badges.Pending}).TakenBack(tx.Now(), reason); err != nil {
		return 0, err // before the number: with a missing reason nothing else matters
	}
	ids, err := tx.NotTakenBack(ctx, course, badge)
	if err != nil {
		return 0, err
	}
	n, err := l.each(ctx, ids, func(a badges.Assertion) (Change, error) {
		after, err := a.TakenBack(tx.Now(), reason)
		return takenBack(a, after, by), err
	})
	if err == nil && (n != expected || n == 0) {
		err = fault.New(fault.Conflict, "recipient.number_changed").With("Count", n)
	}
	return n, err
}

// takenBack returns the change of an award that a teacher takes back.
func takenBack(before, after badges.Assertion, by badges.UserID) Change {
	kind := Withdrawn
	switch {
	case after.State == badges.Revoked:
		kind = Revoked
	case !before.VisibleToLearner():
		kind = Discarded
	}
	return Change{Kind: kind, Before: before, After: after, Actor: string(by), Reason: after.Reason}
}
