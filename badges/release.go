package badges

import (
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// UndoWindow is how long a release can be undone. It takes effect afterwards:
// until then the award stays withheld, and nobody but the teacher can see that it was
// released.
const UndoWindow = 10 * time.Minute

// Release is the teacher's decision to give a to the learner. It fails with
// fault.Conflict unless a is withheld and not released yet.
func (a Assertion) Release(now time.Time) (Assertion, error) {
	if a.State != Withheld || !a.ReleasedAt.IsZero() {
		return a, fault.New(fault.Conflict, "problem.conflict")
	}
	a.ReleasedAt = now
	return a, nil
}

// AsLearner returns a as its learner may see it. The policy withdrew what is withheld
// under an id that the learner knows: to them it is withdrawn still.
func (a Assertion) AsLearner() Assertion {
	if !a.VisibleToLearner() {
		a.State, a.ReplacedFrom, a.ReplacedBy, a.ExpiresAt, a.Facts = Withdrawn, "", "", time.Time{}, nil
	}
	return a
}

// UndoRelease takes a release back. It fails with fault.Conflict unless the undo
// window is open.
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
