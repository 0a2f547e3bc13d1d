package badges

import (
	"strings"
	"time"

	"github.com/insigne-badges/insigne/fault"
)

// Policy says what happens when the evidence of an award falls away: a grade
// was corrected, a completion taken back.
type Policy string

// The policies of a badge.
const (
	KeepAwards Policy = "keep"      // nothing happens, and nobody looks
	AskTeacher Policy = "ask"       // the teacher is shown it, and decides
	TakeBack   Policy = "take_back" // what nobody claimed yet is withdrawn; about the rest the teacher is asked
)

// ParsePolicy reads a policy; fault.Invalid for anything else.
func ParsePolicy(text string) (Policy, error) {
	switch p := Policy(text); p {
	case KeepAwards, AskTeacher, TakeBack:
		return p, nil
	}
	return "", fault.New(fault.Invalid, "problem.form_unreadable")
}

// Reviewed is an award whose evidence is looked at again.
type Reviewed struct {
	Assertion

	FellAt time.Time // when its evidence was found fallen away; zero while it stands
}

// Stands says what evidence read now means for an award by r: Met, it stands;
// Unmet, it fell away; Unknown decides nothing.
func (a *Reviewed) Stands(r *Rule, e Evidence) Verdict {
	if _, byHand := a.ByHand(); byHand {
		return Met // a teacher's decision needs no evidence
	}
	x := r.Evaluate(e.After(a.EvidenceAfter).heldAt(a.AwardedAt))
	return x.Verdict
}

// A reset course loses all its evidence at once. That is no reason to withdraw
// anything: from so many on, when it is more than half, the teacher is asked.
const massFrom = 5

// Mass reports whether so many fallen awards of so many look like a reset.
func Mass(fallen, reviewed int) bool { return fallen >= massFrom && fallen*2 > reviewed }

// MaxReason bounds why an award was taken back, in characters.
const MaxReason = 500

// TakenBack is the teacher's, or the policy's, act: what is public is revoked,
// with a reason that everybody reads, what is not is withdrawn. It fails with
// fault.Conflict for what was taken back already, and fault.Invalid for a
// missing or unreadable reason.
func (a Assertion) TakenBack(now time.Time, reason string) (Assertion, error) {
	reason = strings.TrimSpace(reason)
	if key := checkText(reason, MaxReason, true); key != "" {
		return a, fault.New(fault.Invalid, "recipient.reason_"+key).With("Most", MaxReason)
	}
	switch a.State {
	case Held, Pending, Declined:
		a.State = Withdrawn
	case Claimed:
		a.State = Revoked
	case Replaced:
		if a.State = Withdrawn; a.ReplacedFrom == Claimed {
			a.State = Revoked
		}
	case Withdrawn, Revoked:
		return a, fault.New(fault.Conflict, "recipient.taken_back")
	}
	a.RevokedAt, a.Reason = now, reason
	return a, nil
}
