package badges

import (
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Retroactive says what becomes of learners who met a badge's rule before it was
// switched on: no mail ought to surprise anybody.
type Retroactive string

// The choices when a badge is switched on.
const (
	RetroactiveNotify Retroactive = "notify" // they get it, and are told
	RetroactiveSilent Retroactive = "silent" // they get it, and find it on their page in the course
	RetroactiveNone   Retroactive = "none"   // they do not get it by the rule
)

// ParseRetroactive reads a choice; fault.Invalid for anything else.
func ParseRetroactive(text string) (Retroactive, error) {
	switch e := Retroactive(text); e {
	case RetroactiveNotify, RetroactiveSilent, RetroactiveNone:
		return e, nil
	}
	return "", fault.New(fault.Invalid, "problem.form_unreadable")
}

// earnedBefore reports whether everything that earned a badge happened before a
// time; false where the LMS does not say when. LMSs tell whole seconds, some
// reports whole minutes, rounded down.
func earnedBefore(facts []Fact, at time.Time) bool {
	at = at.Truncate(time.Minute)
	for _, f := range facts {
		if f.At.IsZero() || !f.At.Before(at) {
			return false
		}
	}
	return len(facts) > 0
}

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
