package badges

import (
	"strings"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
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

// StillEarned says what evidence read now means for an award by r: Met, it stands;
// Unmet, it fell away; Unknown decides nothing.
func (a Assertion) StillEarned(r *Rule, e Evidence) Verdict {
	if _, byHand := a.ByHand(); byHand {
		return Met // a teacher's decision needs no evidence
	}
	return a.Explain(r, e).Verdict
}

// Explain returns what evidence read now says about r, the rule that a was awarded
// by.
func (a Assertion) Explain(r *Rule, e Evidence) Explanation {
	return r.Evaluate(e.after(a.EvidenceAfter).heldAt(a.AwardedAt))
}

// A reset course loses all its evidence at once. That is no reason to withdraw
// anything: from so many on, when it is more than half, the teacher is asked.
const massFrom = 5

// Mass reports whether so many fallen awards of so many look like a reset.
func Mass(fallen, reviewed int) bool { return fallen >= massFrom && fallen*2 > reviewed }

// reviewable reports whether the evidence of a may still fall away: the learner
// has a, and the teacher did not decide to keep it.
func (a Assertion) reviewable() bool {
	return (a.State == Pending || a.State == Claimed) && a.KeptAt.IsZero()
}

// LoseEvidence notes that the evidence of a fell away. It returns false where
// that changes nothing: it was noted before, or a decision came first.
func (a Assertion) LoseEvidence(now time.Time) (Assertion, bool) {
	if !a.reviewable() || !a.FellAt.IsZero() {
		return a, false
	}
	a.FellAt = now
	return a, true
}

// RegainEvidence notes that the evidence of a is valid again. It returns false
// where that changes nothing.
func (a Assertion) RegainEvidence() (Assertion, bool) {
	if !a.reviewable() || a.FellAt.IsZero() {
		return a, false
	}
	a.FellAt = time.Time{}
	return a, true
}

// Keep is the teacher's decision that a stays without its evidence; nobody is
// asked again. It fails with fault.Conflict for what the learner does not have.
func (a Assertion) Keep(now time.Time) (Assertion, error) {
	if a.State != Pending && a.State != Claimed {
		return a, fault.New(fault.Conflict, "problem.conflict")
	}
	if a.KeptAt.IsZero() || !a.FellAt.IsZero() {
		a.KeptAt, a.FellAt = now, time.Time{}
	}
	return a, nil
}

// MaxReason bounds why an award was taken back, in characters.
const MaxReason = 500

// WithdrawnByPolicy reports whether the policy withdrew a because its evidence
// fell away. It is awarded anew when the evidence is back; what a teacher took
// back is not.
func (a Assertion) WithdrawnByPolicy() bool { return a.State == Withdrawn && !a.FellAt.IsZero() }

// TakenBack is the teacher's act: what is public is revoked, with a reason that
// everybody reads, what is not is withdrawn. It fails with fault.Conflict for what
// was taken back already, and fault.Invalid for a missing or unreadable reason.
func (a Assertion) TakenBack(now time.Time, reason string) (Assertion, error) {
	reason = strings.TrimSpace(reason)
	if key := checkText(reason, MaxReason, true); key != "" {
		return a, fault.New(fault.Invalid, "recipient.reason_"+key).With("Most", MaxReason)
	}
	switch a.State {
	case Withheld:
		a.State, a.ReplacedFrom = Withdrawn, Withheld // the learner never knew of it
	case Pending, Declined:
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
	a.RevokedAt, a.Reason, a.FellAt, a.ReleasedAt = now, reason, time.Time{}, time.Time{}
	return a, nil
}

// Fallen is the policy's act: a pending award whose evidence fell away is
// withdrawn. It fails with fault.Conflict for what the learner or a teacher has
// decided: a policy revokes nothing.
func (a Assertion) Fallen(now time.Time, reason string) (Assertion, error) {
	if a.State != Pending || a.FellAt.IsZero() {
		return a, fault.New(fault.Conflict, "problem.conflict")
	}
	fell := a.FellAt
	a, err := a.TakenBack(now, reason)
	a.FellAt = fell
	return a, err
}

// AwardedAgain returns what the policy withdrew as the award now that its learner
// earns by now's evidence. It fails with fault.Conflict for anything else.
func (a Assertion) AwardedAgain(now Assertion) (Assertion, error) {
	if !a.WithdrawnByPolicy() || a.Next != "" {
		return a, fault.New(fault.Conflict, "problem.conflict")
	}
	a.State, a.Version, a.Recipient, a.Facts = now.State, now.Version, now.Recipient, now.Facts
	a.AwardedAt, a.ExpiresAt, a.RemindAt, a.EvidenceUsed = now.AwardedAt, now.ExpiresAt, now.RemindAt, now.EvidenceUsed
	a.RevokedAt, a.Reason, a.FellAt, a.ReplacedFrom = time.Time{}, "", time.Time{}, ""
	return a, nil
}
