package badges

import (
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// AssertionState is a step in the life of an assertion:
//
//	withheld → pending (in jury mode, when a release by the teacher takes effect)
//	pending → claimed → revoked
//	pending → declined → claimed (a refusal may be taken back)
//	pending → withdrawn (awarded in error, never published)
//	withdrawn → pending (the policy withdrew it, and the evidence is back)
//	claimed → private → claimed (the learner withdraws it from the public)
//	private → revoked (it stays hidden from the public)
//	withheld, pending, claimed, private → replaced (by a higher step of the badge)
//	replaced → what it was (the higher step was taken back)
//	any state → erased (the learner wanted it; no personal data is left)
//
// Expiry is a date, not a state.
type AssertionState string

// The states. An assertion is public when it is claimed, and when it was revoked
// or replaced while it was claimed.
const (
	Withheld  AssertionState = "withheld" // until the teacher releases it: the learner does not know
	Pending   AssertionState = "pending"
	Claimed   AssertionState = "claimed"
	Private   AssertionState = "private" // claimed, and hidden from the public by the learner
	Declined  AssertionState = "declined"
	Withdrawn AssertionState = "withdrawn"
	Revoked   AssertionState = "revoked"
	Replaced  AssertionState = "replaced" // by a higher step of the badge
	Erased    AssertionState = "erased"   // at the learner's request; only the id and the badge are left
)

// InForce reports whether a learner has the badge by an award in state s, as
// long as it has not expired.
func (s AssertionState) InForce() bool { return s == Pending || s.Accepted() }

// Accepted reports whether s is the state of a claimed award that is still the
// learner's, public or not.
func (s AssertionState) Accepted() bool { return s == Claimed || s == Private }

// Assertion records that one learner earned one badge. It keeps copies of the
// recipient and the facts, so that a changed address or a deleted course does
// not change it.
type Assertion struct {
	ID        AssertionID
	Course    CourseKey
	Badge     BadgeID
	Version   VersionID
	User      UserID // of an erased award its own id, which names nobody
	State     AssertionState
	BaseURL   string // where its documents are, such as https://badges.example.org; the claim freezes it; empty before
	Recipient Recipient
	Salt      string // of the recipient's hash in published documents
	ShowName  bool   // the learner agreed to show the name
	ShowFacts bool   // the learner agreed to show the facts
	Facts     []Fact
	AwardedAt time.Time
	ExpiresAt time.Time // zero: never, or not released yet
	RemindAt  time.Time // when to remind the learner that it will expire; zero: never, or done
	DecidedAt time.Time // when claimed or declined; zero while pending
	RevokedAt time.Time
	Reason    string // why it was revoked, in the teacher's words

	ReleasedAt     time.Time // when the teacher released it, of a withheld one; the release takes effect after UndoWindow
	EvidenceLostAt time.Time // when a reading found that its evidence is gone; zero while the evidence is there
	KeptAt         time.Time // when the teacher decided that it stays without its evidence

	// A learner can earn a badge more than once. These awards form a chain; the
	// newest is the one that counts.
	Previous      AssertionID // the award before this one; empty for the first
	Next          AssertionID // the award after this one; empty for the newest
	EvidenceAfter time.Time   // only evidence after this time earned it; zero for the first
	EvidenceUsed  time.Time   // only evidence after this time earns the next one

	// Set only for a replaced award; ReplacedFrom also for one that was
	// withdrawn while it was withheld, or revoked while it was private.
	ReplacedBy   AssertionID // the award of a higher step
	ReplacedAt   time.Time
	ReplacedFrom AssertionState // the state before, which it gets back if the higher award is taken back
}

// Recipient is the learner's name, address and language on the day of the
// award.
type Recipient struct {
	Name     string
	Email    string // empty if the LMS tells no usable one; of a claimed award, in the spelling that documents hash
	Language string // BCP 47, for the notice; may be empty
}

// Fact is a copy of one observation that earned the badge.
type Fact struct {
	Kind       RuleKind
	Course     ContextID
	CourseName string
	Activity   ActivityID
	LineItem   LineItemID
	Group      GroupID
	Badge      BadgeID
	Name       string  // of the activity, line item, group or badge
	Threshold  float64 // percentage that was asked for
	From       time.Time
	Until      time.Time
	Percent    float64 // percentage that was reached
	Grade      *Grade
	At         time.Time
	Source     string

	// Set only for an award by hand.
	By          UserID // the teacher who awarded or proposed it, at At
	ConfirmedBy UserID // the second teacher; empty if none was needed
	Given       *GivenEvidence
}

// Condition returns the condition that f met.
func (f Fact) Condition() Rule {
	return Rule{
		Kind: f.Kind, Course: f.Course, CourseName: f.CourseName, Activity: f.Activity, LineItem: f.LineItem,
		Group: f.Group, Badge: f.Badge, Name: f.Name, Percent: f.Threshold, From: f.From, Until: f.Until,
	}
}

// Facts returns the conditions that were met, with what was observed.
func (x *Explanation) Facts() []Fact {
	var facts []Fact
	for _, leaf := range x.Leaves() {
		if leaf.Verdict != Met {
			continue
		}
		r, o := leaf.Rule, leaf.Observed
		f := Fact{
			Kind: r.Kind, Course: r.Course, CourseName: r.CourseName, Activity: r.Activity, LineItem: r.LineItem,
			Group: r.Group, Badge: r.Badge, Name: r.Name, Threshold: r.Percent, From: r.From, Until: r.Until,
			Grade: o.Grade, At: o.At, Source: o.Source,
		}
		if f.Grade != nil {
			f.Percent, _ = f.Grade.Percent()
		}
		facts = append(facts, f)
	}
	return facts
}

// Public reports whether anybody besides the learner and the teacher can see a.
// A private award stays hidden when it is revoked or replaced.
func (a Assertion) Public() bool {
	switch a.State {
	case Claimed:
		return true
	case Revoked:
		return a.ReplacedFrom != Private
	case Replaced:
		return a.ReplacedFrom == Claimed
	case Withheld, Pending, Private, Declined, Withdrawn, Erased:
	}
	return false
}

// WasClaimed reports whether the learner claimed a, whatever happened to it
// afterwards; false for an erased award.
func (a Assertion) WasClaimed() bool {
	return a.State.Accepted() || a.State == Revoked || a.State == Replaced && a.ReplacedFrom.Accepted()
}

// Void reports whether a was public and is no longer valid: it was revoked, or
// a higher step replaced it.
func (a Assertion) Void() bool {
	return a.Public() && a.State != Claimed
}

// PublicName returns the recipient's name if the learner agreed to show it.
func (a Assertion) PublicName() string {
	if a.ShowName {
		return a.Recipient.Name
	}
	return ""
}

// PublicFacts returns the facts if the learner agreed to show them. A revoked
// award shows none.
func (a Assertion) PublicFacts() []Fact {
	if a.ShowFacts && a.State != Revoked {
		return a.Facts
	}
	return nil
}

// Begin returns a with a validity from now until ends; a zero ends means
// without end.
func (a Assertion) Begin(now, ends time.Time) Assertion {
	a.ExpiresAt, a.RemindAt = ends, RenewableFrom(now, ends)
	return a
}

// Claim returns a as claimed by the learner. For a claimed award it changes
// only the consent to show the name and the facts, even if the award is private
// or a higher step has replaced it. It fails with fault.Conflict if a was
// withdrawn or revoked, was replaced before the claim, or awaits an address.
func (a Assertion) Claim(now time.Time, showName, showFacts bool) (Assertion, error) {
	switch a.State {
	case Pending, Declined:
		if a.AwaitsAddress() {
			return a, fault.New(fault.Conflict, "claim.no_address")
		}
		a.State, a.DecidedAt = Claimed, now
		a.Recipient.Email = IdentityAddress(a.Recipient.Email)
	case Claimed, Private:
	case Replaced:
		if !a.ReplacedFrom.Accepted() {
			return a, fault.New(fault.Conflict, "claim.replaced")
		}
	default:
		return a, fault.New(fault.Conflict, "claim.not_claimable")
	}
	a.ShowName, a.ShowFacts = showName, showFacts
	return a, nil
}

// Decline returns a as declined by the learner; nothing becomes public. It
// fails with fault.Conflict unless a is pending or already declined.
func (a Assertion) Decline(now time.Time) (Assertion, error) {
	switch a.State {
	case Pending:
		a.State, a.DecidedAt, a.ShowName, a.ShowFacts = Declined, now, false, false
	case Declined:
	default:
		return a, fault.New(fault.Conflict, "claim.not_declinable")
	}
	return a, nil
}
