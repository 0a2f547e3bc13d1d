package badges

import "time"

// Standing is where a learner stands with a badge.
type Standing string

// The standings of the preview. Whoever already holds the badge is Holds, and
// whoever has or would get a higher step is Above.
const (
	Holds     Standing = "holds"
	Earns     Standing = "earns"
	Close     Standing = "close"
	NotYet    Standing = "not_yet"
	Cannot    Standing = "cannot"
	Undecided Standing = "undecided" // something could not be read
	Above     Standing = "above"     // has a higher step, or gets that one instead
)

// closeFrom is the progress from which a learner counts as close.
const closeFrom = 0.5

// Decision is where one learner stands, and why.
type Decision struct {
	Member      Member
	Standing    Standing
	Why         string // for Cannot: catalogue key of the reason
	Explanation Explanation
}

// Decide says whether m earns a badge of rule r on evidence e. It never says
// Earns for somebody who teaches, is not active, or cannot be told and
// identified for want of an e-mail address (Open Badges 2.0, IdentityObject).
func Decide(r *Rule, m Member, e Evidence, now time.Time) Decision {
	d := Decision{Member: m, Explanation: r.Evaluate(e)}
	if d.Why = barred(m); d.Why != "" {
		d.Standing = Cannot
		return d
	}
	switch {
	case d.Explanation.Verdict == Met:
		d.Standing = Earns
	case d.Explanation.Verdict == Unknown:
		d.Standing = Undecided
	case d.Explanation.Lost(now):
		d.Standing, d.Why = Cannot, "cannot.too_late"
	case d.Explanation.Progress() >= closeFrom:
		d.Standing = Close
	default:
		d.Standing = NotYet
	}
	return d
}

func barred(m Member) string {
	switch {
	case m.Teaches:
		return "cannot.teaches"
	case !m.Active:
		return "cannot.suspended"
	case m.Email == "":
		return "cannot.no_email"
	}
	return ""
}
