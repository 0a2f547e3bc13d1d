package badges

import (
	"slices"
	"time"
)

// Holding is a summary of the newest award of a badge to a learner: it decides
// whether another award may follow. The zero value means that there is no
// award.
type Holding struct {
	Assertion      AssertionID
	State          AssertionState
	AwardedAt      time.Time
	ExpiresAt      time.Time // zero: never
	EvidenceUntil  time.Time // the evidence of the next award must be later
	EvidenceLostAt time.Time // when a reading found that its evidence is gone; zero while it is there, and after a teacher took the award back
	NeverShown     bool      // it was withdrawn or replaced while it was withheld: the learner never saw it
	Previous       *Holding  // the award before one that the learner cannot see; nil if there is none
}

// visible returns the newest award that the learner can see; the zero value if
// there is none.
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
// when h is renewable or has expired. A teacher may also award again after a
// withdrawal or revocation, and after the validity of a declined award has
// ended.
func (h Holding) again(by Giver, now time.Time) bool {
	switch h.State {
	case "", Replaced: // the caller has checked already whether the higher step is in force
		return true
	case Pending, Claimed, Private:
		from := RenewableFrom(h.AwardedAt, h.ExpiresAt)
		return !from.IsZero() && !now.Before(from)
	case Declined:
		return by == ATeacher && h.Expired(now)
	case Withdrawn, Revoked:
		return by == ATeacher
	case Withheld, Erased:
	}
	return false
}

// why returns the reason why no other award may follow h.
func (h Holding) why() Reason {
	switch h.State {
	case Declined:
		return WhyDeclined
	case Withdrawn, Revoked:
		if !h.EvidenceLostAt.IsZero() {
			return WhyEvidenceLost
		}
		return WhyTakenBack
	case Withheld, Pending, Claimed, Private, Replaced, Erased:
	}
	return WhyHas
}

// inForce reports whether the learner has the badge now: h is pending, claimed
// or private, and has not expired.
func (h Holding) inForce(now time.Time) bool {
	return h.State.InForce() && !h.Expired(now)
}

// inForceOrWithheld reports whether the learner has the badge, or will have it
// when a teacher releases it.
func (h Holding) inForceOrWithheld(now time.Time) bool { return h.State == Withheld || h.inForce(now) }

// covers reports whether h, an award of a higher step, makes an award of a
// lower step unnecessary. A withheld award does so only for awards that would
// be withheld too, so that no learner loses by it; and it does not keep a
// teacher from awarding the lower step.
func (h Holding) covers(lower *Badge, by Giver, now time.Time) bool {
	return h.visible().inForce(now) || h.State == Withheld && by == TheRule && lower.Jury
}

// declined reports whether the learner declined h while its validity has not
// ended.
func (h Holding) declined(now time.Time) bool { return h.State == Declined && !h.Expired(now) }

// usedUp returns the time until which h, an award of a higher step, uses
// evidence up: after h has expired, its evidence does not earn a lower step.
// The zero time means that it uses up nothing.
func (h Holding) usedUp(now time.Time) time.Time {
	h = h.visible()
	if (h.State.InForce() || h.State == Replaced) && h.Expired(now) {
		return h.EvidenceUntil
	}
	return time.Time{}
}

// Higher are a learner's newest awards of the steps above a badge, one for each
// step.
type Higher []Holding

func (held Higher) cover(lower *Badge, by Giver, now time.Time) bool {
	return slices.ContainsFunc(held, func(h Holding) bool { return h.covers(lower, by, now) })
}

func (held Higher) declined(now time.Time) bool {
	return slices.ContainsFunc(held, func(h Holding) bool { return h.declined(now) })
}

// usedUp returns the latest time until which one of the awards uses evidence
// up.
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
