package badges

import (
	"strings"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Policy says what happens when the evidence of an award is gone: a grade was
// corrected, or a completion was removed.
type Policy string

// The policies of a badge.
const (
	KeepAwards Policy = "keep"      // nothing happens; the evidence is not read again
	AskTeacher Policy = "ask"       // the teacher is informed and decides
	TakeBack   Policy = "take_back" // a pending award is withdrawn; for a claimed one the teacher decides
)

// ParsePolicy returns the policy that text names; fault.Invalid if there is
// none.
func ParsePolicy(text string) (Policy, error) {
	switch p := Policy(text); p {
	case KeepAwards, AskTeacher, TakeBack:
		return p, nil
	}
	return "", fault.New(fault.Invalid, "problem.form_unreadable")
}

// StillEarned reports whether e, which was read now, still earns a by r: Met,
// it does; Unmet, it does not; Unknown, that is not decided.
func (a Assertion) StillEarned(r *Rule, e Evidence) Verdict {
	if _, byHand := a.ByHand(); byHand {
		return Met // the award is a teacher's decision and needs no evidence
	}
	return a.Explain(r, e).Verdict
}

// Explain evaluates r, the rule that awarded a, on evidence that was read now.
func (a Assertion) Explain(r *Rule, e Evidence) Explanation {
	return r.Evaluate(e.after(a.EvidenceAfter).heldAt(a.AwardedAt))
}

// massFrom is the number of lost awards from which Mass may be true. A course
// that was reset loses all its evidence at once; that is no reason to withdraw
// anything, so the teacher is asked.
const massFrom = 5

// Mass reports whether this looks like a course that was reset: so many of the
// reviewed awards have lost their evidence.
func Mass(fallen, reviewed int) bool { return fallen >= massFrom && fallen*2 > reviewed }

// reviewable reports whether a can still lose its evidence: the learner has it,
// and the teacher has not decided to keep it.
func (a Assertion) reviewable() bool {
	return a.State.InForce() && a.KeptAt.IsZero()
}

// LoseEvidence returns a as having lost its evidence; false if that changes
// nothing, because it was noted before or a decision came first.
func (a Assertion) LoseEvidence(now time.Time) (Assertion, bool) {
	if !a.reviewable() || !a.EvidenceLostAt.IsZero() {
		return a, false
	}
	a.EvidenceLostAt = now
	return a, true
}

// RegainEvidence returns a as having its evidence again; false if that changes
// nothing.
func (a Assertion) RegainEvidence() (Assertion, bool) {
	if !a.reviewable() || a.EvidenceLostAt.IsZero() {
		return a, false
	}
	a.EvidenceLostAt = time.Time{}
	return a, true
}

// Keep returns a as kept by the teacher without its evidence; nobody is asked
// again. It fails with fault.Conflict unless a is pending, claimed or private.
func (a Assertion) Keep(now time.Time) (Assertion, error) {
	if !a.State.InForce() {
		return a, fault.New(fault.Conflict, "problem.conflict")
	}
	if a.KeptAt.IsZero() || !a.EvidenceLostAt.IsZero() {
		a.KeptAt, a.EvidenceLostAt = now, time.Time{}
	}
	return a, nil
}

// MaxReason is the longest reason for taking an award back, in characters.
const MaxReason = 500

// WithdrawnByPolicy reports whether the policy withdrew a because its evidence
// was gone. Such an award is made again when the evidence is back; an award
// that a teacher took back is not.
func (a Assertion) WithdrawnByPolicy() bool {
	return a.State == Withdrawn && !a.EvidenceLostAt.IsZero()
}

// TakenBack returns a as taken back by a teacher: an award that was claimed is
// revoked, with a reason that everybody can read if the award is public; any
// other is withdrawn. It fails with fault.Conflict if a was taken back already
// or is erased, and with fault.Invalid if the reason is missing or unreadable.
func (a Assertion) TakenBack(now time.Time, reason string) (Assertion, error) {
	reason = strings.TrimSpace(reason)
	if key := checkText(reason, MaxReason, true); key != "" {
		return a, fault.New(fault.Invalid, "recipient.reason_"+key).With("Most", MaxReason)
	}
	switch a.State {
	case Withheld:
		a.State, a.ReplacedFrom = Withdrawn, Withheld // the learner never saw it
	case Pending, Declined:
		a.State = Withdrawn
	case Claimed:
		a.State = Revoked
	case Private:
		a.State, a.ReplacedFrom = Revoked, Private // it stays hidden
	case Replaced:
		if a.State = Withdrawn; a.ReplacedFrom.Accepted() {
			a.State = Revoked
		}
	case Withdrawn, Revoked, Erased:
		return a, fault.New(fault.Conflict, "recipient.taken_back")
	}
	a.RevokedAt, a.Reason, a.EvidenceLostAt, a.ReleasedAt = now, reason, time.Time{}, time.Time{}
	return a, nil
}

// TakenBackByPolicy returns a as withdrawn by the policy because its evidence
// is gone. It fails with fault.Conflict unless a is pending and has lost its
// evidence: a policy changes no decision of the learner or a teacher, and
// revokes nothing.
func (a Assertion) TakenBackByPolicy(now time.Time, reason string) (Assertion, error) {
	if a.State != Pending || a.EvidenceLostAt.IsZero() {
		return a, fault.New(fault.Conflict, "problem.conflict")
	}
	fell := a.EvidenceLostAt
	a, err := a.TakenBack(now, reason)
	a.EvidenceLostAt = fell
	return a, err
}

// AwardedAgain returns a, which the policy withdrew, with the content of now:
// the award that the learner earns today. It fails with fault.Conflict if the
// policy did not withdraw a, or another award followed.
func (a Assertion) AwardedAgain(now Assertion) (Assertion, error) {
	if !a.WithdrawnByPolicy() || a.Next != "" {
		return a, fault.New(fault.Conflict, "problem.conflict")
	}
	a.State, a.Version, a.Recipient, a.Facts = now.State, now.Version, now.Recipient, now.Facts
	a.AwardedAt, a.ExpiresAt, a.RemindAt, a.EvidenceUsed = now.AwardedAt, now.ExpiresAt, now.RemindAt, now.EvidenceUsed
	a.RevokedAt, a.Reason, a.EvidenceLostAt, a.ReplacedFrom = time.Time{}, "", time.Time{}, ""
	return a, nil
}
