package badges

import (
	"slices"
	"time"
)

// Holding is the newest award of a badge to a learner, as far as it decides
// whether another may follow. The zero value: there is none.
type Holding struct {
	Assertion     AssertionID
	State         AssertionState
	AwardedAt     time.Time
	ExpiresAt     time.Time // zero: never
	EvidenceUntil time.Time // the evidence of the next award must be newer
	FellAt        time.Time // when its evidence was found fallen away; zero while it stands, and once a teacher took it back
	NeverShown    bool      // withdrawn or replaced while it was withheld: the learner never knew of it
	Previous      *Holding  // of a withheld or unknown award: the one before it, which is all that the learner knows; nil without one
}

// visible returns the newest award that the learner may know of; the zero value
// without one.
func (h Holding) visible() Holding {
	switch {
	case h.State != Withheld && !h.NeverShown:
		return h
	case h.Previous == nil:
		return Holding{}
	}
	return *h.Previous
}

// Expired reports whether the validity of the award has ended at now.
func (h Holding) Expired(now time.Time) bool { return expired(h.ExpiresAt, now) }

// again reports whether another award may follow h. The rule may award again
// towards the end of an award and after it, and a teacher also what was taken
// back, and what was declined once its validity has ended.
func (h Holding) again(by Giver, now time.Time) bool {
	switch h.State {
	case "", Replaced: // whether the higher step still counts was asked before
		return true
	case Pending, Claimed:
		from := RenewableFrom(h.AwardedAt, h.ExpiresAt)
		return !from.IsZero() && !now.Before(from)
	case Declined:
		return by == ATeacher && h.Expired(now)
	case Withdrawn, Revoked:
		return by == ATeacher
	case Withheld:
	}
	return false
}

// why returns the reason why no award may follow h.
func (h Holding) why() Reason {
	switch h.State {
	case Declined:
		return WhyDeclined
	case Withdrawn, Revoked:
		if !h.FellAt.IsZero() {
			return WhyFell
		}
		return WhyTakenBack
	case Withheld, Pending, Claimed, Replaced:
	}
	return WhyHas
}

// inForce reports whether the learner has the badge, claimed or to be claimed.
func (h Holding) inForce(now time.Time) bool {
	return (h.State == Pending || h.State == Claimed) && !h.Expired(now)
}

// inForceOrWithheld reports whether the learner has the badge, or gets it once a teacher
// releases it.
func (h Holding) inForceOrWithheld(now time.Time) bool { return h.State == Withheld || h.inForce(now) }

// covers reports whether h, of a higher step, stands for a lower one too. An award
// that waits for the teacher stands only for what would wait too, so that nobody
// loses by it, and keeps no teacher from awarding the lower one.
func (h Holding) covers(lower *Badge, by Giver, now time.Time) bool {
	return h.visible().inForce(now) || h.State == Withheld && by == TheRule && lower.Jury
}

// declined reports whether the learner declined h, and it would still be valid.
func (h Holding) declined(now time.Time) bool { return h.State == Declined && !h.Expired(now) }

// usedUp returns the time until which h, of a higher step, used up what happened:
// once h has expired, what earned it does not earn a lower step. Zero: it used up
// nothing.
func (h Holding) usedUp(now time.Time) time.Time {
	h = h.visible()
	if (h.State == Pending || h.State == Claimed || h.State == Replaced) && h.Expired(now) {
		return h.EvidenceUntil
	}
	return time.Time{}
}

// Higher are a learner's newest awards of the steps above a badge.
type Higher []Holding

func (held Higher) cover(lower *Badge, by Giver, now time.Time) bool {
	return slices.ContainsFunc(held, func(h Holding) bool { return h.covers(lower, by, now) })
}

func (held Higher) declined(now time.Time) bool {
	return slices.ContainsFunc(held, func(h Holding) bool { return h.declined(now) })
}

// usedUp returns the latest time until which one of them used up what happened.
func (held Higher) usedUp(now time.Time) time.Time {
	var until time.Time
	for _, h := range held {
		until = later(until, h.usedUp(now))
	}
	return until
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
