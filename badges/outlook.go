package badges

import (
	"slices"
	"time"
)

// Standing says in a word where a learner stands towards a badge.
type Standing string

// The standings.
const (
	Holds     Standing = "holds" // has it, or gets it once a teacher releases it
	Earns     Standing = "earns"
	Close     Standing = "close"
	NotYet    Standing = "not_yet"
	Cannot    Standing = "cannot"
	Undecided Standing = "undecided" // something could not be read
	Above     Standing = "above"     // has a higher step, or gets that one instead
)

// closeFrom is the progress from which a learner counts as close.
const closeFrom = 0.5

// Outlook is where one learner stands towards one badge, and why.
type Outlook struct {
	Member        Member
	Standing      Standing
	Why           Reason      // why nothing can be earned; empty when something can
	Last          Holding     // the newest award; zero without one
	Explanation   Explanation // of the badge's rule; zero where the rule decides nothing
	EvidenceAfter time.Time   // only what happened later counts; zero: everything
	Retroactive   Retroactive // for Earns, how it is awarded; NoEarlier for somebody who has to be passed over now
}

// Outlook returns where the learner stands at now. It says Earns only if the badge
// would be awarded by its rule.
func (c Case) Outlook(now time.Time) Outlook {
	o := Outlook{Member: c.Member, Standing: Cannot, Last: c.Last, EvidenceAfter: c.evidenceAfter(now), Retroactive: RetroactiveNotify}
	o.Why = c.Blocked(TheRule, now)
	if o.Why == "" || o.Why == c.Member.barred() {
		o.Explanation = c.Badge.Current.Rule.Evaluate(c.Evidence.after(o.EvidenceAfter))
	}
	switch o.Why {
	case "":
		c.judge(&o, now)
	case WhyHasHigher:
		o.Standing = Above
	default:
	}
	if o.Standing != Earns && c.Last.inForceOrWithheld(now) {
		o.Standing = Holds
	}
	return o
}

// judge decides by the evidence.
func (c Case) judge(o *Outlook, now time.Time) {
	switch x := &o.Explanation; {
	case x.Verdict == Met && c.earnsHigher(now):
		o.Standing = Above
	case x.Verdict == Met:
		o.Standing, o.Retroactive = Earns, c.retroactive(x)
		if o.Retroactive == RetroactiveNone {
			o.Standing, o.Why = Cannot, WhyPassedOver
		}
	case x.Verdict == Unknown:
		o.Standing = Undecided
	case x.Lost(now):
		o.Standing, o.Why = Cannot, WhyTooLate
	case x.Progress() >= closeFrom:
		o.Standing = Close
	default:
		o.Standing = NotYet
	}
}

// earnsHigher reports whether the learner earns a higher step now whose award
// takes the place of this one.
func (c Case) earnsHigher(now time.Time) bool {
	return slices.ContainsFunc(c.Above, func(higher Case) bool {
		award := Holding{State: higher.Badge.FirstState(), AwardedAt: now}
		return award.covers(c.Badge, TheRule, now) && higher.Outlook(now).Standing == Earns
	})
}

// retroactive returns how the learner, who meets the rule, gets the badge: as the
// teacher chose, if they met it before the badge was switched on and were never
// awarded it.
func (c Case) retroactive(x *Explanation) Retroactive {
	b := c.Badge
	if b.State != On || c.Last != (Holding{}) || b.Retroactive != RetroactiveSilent && b.Retroactive != RetroactiveNone {
		return RetroactiveNotify
	}
	met := *x // a copy: Facts would move every outlook to the heap
	if b.RetroactiveDoneAt.IsZero() || earnedBefore(met.Facts(), b.SwitchedAt) {
		return b.Retroactive
	}
	return RetroactiveNotify
}

// Progress says how far the learner is, from 0 to 1; 0 where the rule decides
// nothing.
func (o *Outlook) Progress() float64 {
	if o.Explanation.Rule == nil {
		return 0
	}
	return o.Explanation.Progress()
}
