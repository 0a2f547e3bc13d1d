package badges

import (
	"slices"
	"time"
)

// Case is everything that decides where one learner stands towards one badge.
type Case struct {
	Badge      *Badge // the rule that counts is that of its current version; a preview passes a copy with an edited one
	Member     Member
	Evidence   Evidence // all that was observed, whenever it happened
	Last       Holding  // the learner's newest award of the badge; zero without one
	Higher     Higher   // their newest awards of the steps above
	Above      []Case   // the steps above that may be awarded at the same time: someone who earns one gets that one alone
	PassedOver bool     // met the rule before the badge was switched on, and is not to get it
}

// Giver is who awards a badge.
type Giver string

// The givers.
const (
	TheRule  Giver = "rule"
	ATeacher Giver = "teacher" // by hand
)

// Reason says why a learner does not get a badge, whatever they do now.
type Reason string

// The reasons: those of the learner's awards, those of the learner, and that of the
// rule.
const (
	WhyHas            Reason = "has"        // or gets it once a teacher releases it
	WhyHasHigher      Reason = "has_higher" // has a higher step of it
	WhyDeclined       Reason = "declined"
	WhyDeclinedHigher Reason = "declined_higher"
	WhyTakenBack      Reason = "taken_back" // by a teacher
	WhyFell           Reason = "fell"       // withdrawn by the policy, until the evidence is back
	WhyTeaches        Reason = "teaches"
	WhySuspended      Reason = "suspended"
	WhyNoEmail        Reason = "no_email" // Open Badges 2.0, IdentityObject
	WhyPassedOver     Reason = "passed_over"
	WhyTooLate        Reason = "too_late"
)

// Key returns the catalogue key of r, as teachers read it; empty for no reason.
func (r Reason) Key() string {
	if r == "" {
		return ""
	}
	return "cannot." + string(r)
}

// BlockedByAwards returns the reason why the learner's awards leave nothing to award; empty
// when they do not. It needs no member: a transaction that writes an award asks it
// once more.
func (c Case) BlockedByAwards(by Giver, now time.Time) Reason {
	switch {
	case c.Higher.cover(c.Badge, by, now):
		return WhyHasHigher
	case !c.Last.again(by, now):
		return c.Last.why()
	case by == TheRule && c.Higher.declined(now): // declining it declines the lower ones too
		return WhyDeclinedHigher
	}
	return ""
}

// Blocked returns the reason why the rule, or a teacher, cannot award the badge to
// the learner whatever the evidence; empty when they can.
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

// Again reports whether the learner had the badge and can earn it once more, by
// what they do from now on.
func (c Case) Again(now time.Time) bool {
	return c.Last.State != "" && c.Badge.State == On && c.Blocked(TheRule, now) == "" && c.Badge.Current.Rule.open(now)
}

// Anew returns c as if a, the newest award, which the policy withdrew, had never
// been made: what earned it may earn it again.
func (c Case) Anew(a Assertion) Case {
	c.Last = Holding{Assertion: a.ID, EvidenceUntil: a.EvidenceAfter}
	return c
}

// AsLearner returns c as the learner may see it: without what a teacher still
// withholds.
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

// evidenceAfter returns the time after which things must happen to earn the
// badge. What earned an earlier award of it, or of a higher step that is over, does
// not count again. Zero: everything counts.
func (c Case) evidenceAfter(now time.Time) time.Time {
	return later(c.Last.EvidenceUntil, c.Higher.usedUp(now))
}

// barred returns the reason why m can be awarded nothing; empty when they can.
func (m Member) barred() Reason {
	switch {
	case m.Teaches:
		return WhyTeaches
	case !m.Active:
		return WhySuspended
	case m.Email == "":
		return WhyNoEmail
	}
	return ""
}
