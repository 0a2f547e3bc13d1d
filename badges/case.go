package badges

import (
	"slices"
	"time"
)

// Case is everything that decides the outlook of one learner for one badge.
type Case struct {
	Badge      *Badge // its current version has the rule that decides; a preview passes a copy with an edited rule
	Member     Member
	Evidence   Evidence // everything that was observed, with no limit of time
	Last       Holding  // the learner's newest award of the badge; zero if there is none
	Higher     Higher   // the learner's newest awards of the higher steps
	Above      []Case   // the cases of the higher steps that may be awarded now: a learner who earns one of them gets only that one
	PassedOver bool     // met the rule before the badge was switched on, and does not get it
	Erased     bool     // had an award of the badge or of a higher step erased, and does not get it by the rule
}

// Giver says who awards a badge: its rule, or a teacher.
type Giver string

// The givers.
const (
	TheRule  Giver = "rule"
	ATeacher Giver = "teacher" // by hand
)

// Reason says why a learner cannot get a badge, whatever they do now.
type Reason string

// The reasons: first from the learner's awards, then from the learner, then
// from the rule.
const (
	WhyHas            Reason = "has"        // or has an award that is withheld
	WhyHasHigher      Reason = "has_higher" // has a higher step of it
	WhyDeclined       Reason = "declined"
	WhyDeclinedHigher Reason = "declined_higher"
	WhyTakenBack      Reason = "taken_back" // by a teacher
	WhyEvidenceLost   Reason = "fell"       // the policy withdrew the award, until the evidence is back
	WhyErased         Reason = "erased"     // the learner had an award erased
	WhyTeaches        Reason = "teaches"
	WhySuspended      Reason = "suspended"
	WhyPassedOver     Reason = "passed_over"
	WhyTooLate        Reason = "too_late"
)

// Key returns the catalogue key of r for teachers; empty for no reason.
func (r Reason) Key() string {
	if r == "" {
		return ""
	}
	return "cannot." + string(r)
}

// BlockedByAwards returns the reason why the learner's awards allow no further
// one; empty if they do. It does not look at Member, so that the transaction
// that writes an award can ask it again.
func (c Case) BlockedByAwards(by Giver, now time.Time) Reason {
	switch {
	case c.Higher.cover(c.Badge, by, now):
		return WhyHasHigher
	case !c.Last.again(by, now):
		return c.Last.why()
	case by == TheRule && c.Higher.declined(now): // declining a step declines the lower ones too
		return WhyDeclinedHigher
	case by == TheRule && c.Erased: // so does having it erased
		return WhyErased
	}
	return ""
}

// Blocked returns the reason why the giver cannot award the badge to the
// learner, whatever the evidence says; empty if they can.
func (c Case) Blocked(by Giver, now time.Time) Reason {
	if why := c.BlockedByAwards(by, now); why != "" {
		return why
	}
	if why := c.Member.barred(); why != "" {
		return why
	}
	if by == TheRule && c.PassedOver {
		return WhyPassedOver
	}
	return ""
}

// Again reports whether the learner had the badge and can earn it again with
// what they do from now on.
func (c Case) Again(now time.Time) bool {
	return c.Last.State != "" && c.Badge.State == On && c.Blocked(TheRule, now) == "" && c.Badge.Current.Rule.open(now)
}

// Anew returns c as if its newest award a, which the policy withdrew, had never
// been made: the same evidence may earn it again.
func (c Case) Anew(a Assertion) Case {
	c.Last = Holding{Assertion: a.ID, EvidenceUntil: a.EvidenceAfter}
	return c
}

// AsLearner returns c without the awards that the learner cannot see.
func (c Case) AsLearner() Case {
	c.Last = c.Last.visible()
	c.Higher = slices.Clone(c.Higher)
	for i := range c.Higher {
		c.Higher[i] = c.Higher[i].visible()
	}
	c.Above = slices.Clone(c.Above)
	for i := range c.Above {
		c.Above[i] = c.Above[i].AsLearner()
	}
	return c
}

// evidenceAfter returns the time after which evidence counts. Evidence that
// earned a previous award of the badge, or an expired one of a higher step,
// does not count again. The zero time means that everything counts.
func (c Case) evidenceAfter(now time.Time) time.Time {
	return later(c.Last.EvidenceUntil, c.Higher.usedUp(now))
}

// barred returns the reason why m cannot be awarded any badge; empty if they
// can.
func (m Member) barred() Reason {
	switch {
	case m.Teaches:
		return WhyTeaches
	case !m.Active:
		return WhySuspended
	}
	return ""
}
