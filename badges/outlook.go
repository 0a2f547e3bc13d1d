package badges

import (
	"slices"
	"time"
)

// Standing is the position of a learner towards a badge, in one word.
type Standing string

// The standings.
const (
	Holds     Standing = "holds" // has it, or has an award that is withheld
	Earns     Standing = "earns"
	Close     Standing = "close"
	NotYet    Standing = "not_yet"
	Cannot    Standing = "cannot"
	Undecided Standing = "undecided" // something that decides could not be read
	Above     Standing = "above"     // has a higher step, or earns one instead
)

// closeFrom is the progress from which a learner is close to a badge.
const closeFrom = 0.5

// Outlook is the position of one learner towards one badge, with the reasons.
type Outlook struct {
	Member        Member
	Standing      Standing
	Why           Reason      // why the learner cannot earn it; empty if they can
	Last          Holding     // the newest award; zero if there is none
	Explanation   Explanation // of the badge's rule; zero if the rule was not evaluated
	EvidenceAfter time.Time   // only evidence after this time counts; zero: all of it
	Retroactive   Retroactive // how a learner who earns it gets it; RetroactiveNone: they have to be passed over
}

// Outlook returns the outlook at now. The standing is Earns only if the rule
// would award the badge.
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

// judge fills in o by the evidence.
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
	case x.TooLate(now):
		o.Standing, o.Why = Cannot, WhyTooLate
	case x.Progress() >= closeFrom:
		o.Standing = Close
	default:
		o.Standing = NotYet
	}
}

// earnsHigher reports whether the learner now earns a higher step, whose award
// makes this one unnecessary.
func (c Case) earnsHigher(now time.Time) bool {
	return slices.ContainsFunc(c.Above, func(higher Case) bool {
		award := Holding{State: higher.Badge.FirstState(), AwardedAt: now}
		return award.covers(c.Badge, TheRule, now) && higher.Outlook(now).Standing == Earns
	})
}

// retroactive returns how a learner who meets the rule gets the badge: as the
// teacher chose, if they met the rule before the badge was switched on and were
// never awarded it.
func (c Case) retroactive(x *Explanation) Retroactive {
	b := c.Badge
	if b.State != On || c.Last != (Holding{}) || b.Retroactive != RetroactiveSilent && b.Retroactive != RetroactiveNone {
		return RetroactiveNotify
	}
	met := *x // without the copy, Facts would move every outlook to the heap
	if b.RetroactiveDoneAt.IsZero() || earnedBefore(met.Facts(), b.SwitchedAt) {
		return b.Retroactive
	}
	return RetroactiveNotify
}

// Progress returns the learner's progress from 0 to 1; 0 if the rule was not
// evaluated.
func (o *Outlook) Progress() float64 {
	if o.Explanation.Rule == nil {
		return 0
	}
	return o.Explanation.Progress()
}
