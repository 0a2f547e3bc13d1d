package badges

import (
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// UndoWindow is the time in which a release can be undone. The release takes
// effect when it ends. Until then the award stays withheld, and only teachers
// can see that it was released.
const UndoWindow = 10 * time.Minute

// Release returns a as released by the teacher. It fails with fault.Conflict
// unless a is withheld and not released yet.
func (a Assertion) Release(now time.Time) (Assertion, error) {
	if a.State != Withheld || !a.ReleasedAt.IsZero() {
		return a, fault.New(fault.Conflict, "problem.conflict")
	}
	a.ReleasedAt = now
	return a, nil
}

// AsLearner returns a as its learner sees it. An award that the policy withdrew
// can be withheld later under the same id, which the learner knows: they still
// see it as withdrawn.
func (a Assertion) AsLearner() Assertion {
	if !a.VisibleToLearner() {
		a.State, a.ReplacedFrom, a.ReplacedBy, a.ExpiresAt, a.Facts = Withdrawn, "", "", time.Time{}, nil
	}
	return a
}

// UndoRelease returns a as not released. It fails with fault.Conflict unless a
// is released and the undo window is open.
func (a Assertion) UndoRelease(now time.Time) (Assertion, error) {
	if a.State != Withheld || a.ReleasedAt.IsZero() || !now.Before(a.ReleasedAt.Add(UndoWindow)) {
		return a, fault.New(fault.Conflict, "release.too_late")
	}
	a.ReleasedAt = time.Time{}
	return a, nil
}

// Deliver returns a released award as pending, valid from now until ends. It
// fails with fault.Conflict before the undo window has ended.
func (a Assertion) Deliver(now, ends time.Time) (Assertion, error) {
	if a.State != Withheld || a.ReleasedAt.IsZero() || now.Before(a.ReleasedAt.Add(UndoWindow)) {
		return a, fault.New(fault.Conflict, "problem.conflict")
	}
	a.State = Pending
	return a.Begin(now, ends), nil
}
