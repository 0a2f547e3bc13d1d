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
//	withheld, pending, claimed → replaced (by a higher step of the badge)
//	replaced → what it was (the higher step was taken back)
//
// Expiry is a date, not a state.
type AssertionState string

// The states. Claimed and Revoked are public, and Replaced if it was claimed.
const (
	Withheld  AssertionState = "withheld" // until the teacher releases it: the learner does not know
	Pending   AssertionState = "pending"
	Claimed   AssertionState = "claimed"
	Declined  AssertionState = "declined"
	Withdrawn AssertionState = "withdrawn"
	Revoked   AssertionState = "revoked"
	Replaced  AssertionState = "replaced" // by a higher step of the badge
)

// Assertion says that one learner earned one badge. It freezes what made it,
// so that a changed address or a deleted course does not break it.
type Assertion struct {
	ID        AssertionID
	Course    CourseKey
	Badge     BadgeID
	Version   VersionID
	User      UserID
	State     AssertionState
	Recipient Recipient
	Salt      string // of the hashed recipient in published documents
	ShowName  bool   // the learner's consent to show the name
	ShowFacts bool   // and to show the facts
	Facts     []Fact
	AwardedAt time.Time
	ExpiresAt time.Time // when its time is over; zero: never, or not released yet
	RemindAt  time.Time // when the learner is told of the end; zero once that was done
	DecidedAt time.Time // when claimed or declined; zero while pending
	RevokedAt time.Time
	Reason    string // why it was revoked, in the teacher's words

	ReleasedAt time.Time // of a withheld one: when the teacher released it; it takes effect after the undo window
	FellAt     time.Time // when its evidence was found fallen away; zero while it stands
	KeptAt     time.Time // when the teacher decided to keep it without its evidence

	// A learner can be awarded a badge again: a chain, of which the newest counts.
	Previous      AssertionID // the award before this one; empty for the first
	Next          AssertionID // the award after this one; empty for the newest
	EvidenceAfter time.Time   // only what happened later earned it; zero for the first
	EvidenceUsed  time.Time   // only what happened later earns the next one

	// Of a replaced award.
	ReplacedBy   AssertionID // the award of a higher step that took its place
	ReplacedAt   time.Time
	ReplacedFrom AssertionState // what it was before, and becomes when that is taken back; Withheld too where it was withdrawn while withheld
}

// Recipient is the learner as known on the day of the award.
type Recipient struct {
	Name, Email string
	Language    string // BCP 47, for the notice; may be empty
}

// Fact is one frozen observation that earned the badge.
type Fact struct {
	Kind       RuleKind
	Course     ContextID
	CourseName string
	Activity   ActivityID
	LineItem   LineItemID
	Group      GroupID
	Badge      BadgeID
	Name       string  // of the activity, line item, group or badge
	Threshold  float64 // percent asked for
	From       time.Time
	Until      time.Time
	Percent    float64 // percent observed
	Grade      *Grade
	At         time.Time
	Source     string

	// Of an award by hand.
	By          UserID // the teacher who awarded or proposed it, at At
	ConfirmedBy UserID // the second teacher, if one was asked for
	Given       *GivenEvidence
}

// Condition is what the fact answered.
func (f Fact) Condition() Rule {
	return Rule{
		Kind: f.Kind, Course: f.Course, CourseName: f.CourseName, Activity: f.Activity, LineItem: f.LineItem,
		Group: f.Group, Badge: f.Badge, Name: f.Name, Percent: f.Threshold, From: f.From, Until: f.Until,
	}
}

// Facts freezes the conditions that were met.
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

// Public reports whether anybody but the learner and the teacher may know of a.
func (a Assertion) Public() bool {
	return a.State == Claimed || a.State == Revoked || a.State == Replaced && a.ReplacedFrom == Claimed
}

// Void reports whether a was public and counts no more: it was revoked, or a
// higher step replaced it.
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

// Begin returns a as an award whose validity begins now: it ends at a time, zero
// for never.
func (a Assertion) Begin(now, ends time.Time) Assertion {
	a.ExpiresAt, a.RemindAt = ends, RenewableFrom(now, ends)
	return a
}

// Claim is the learner's acceptance. Claiming again changes only the consent
// to show the name and the facts, also once a higher step took its place. It
// fails with fault.Conflict for what was withdrawn, revoked, or replaced before.
func (a Assertion) Claim(now time.Time, showName, showFacts bool) (Assertion, error) {
	switch a.State {
	case Pending, Declined:
		a.State, a.DecidedAt = Claimed, now
	case Claimed:
	case Replaced:
		if a.ReplacedFrom != Claimed {
			return a, fault.New(fault.Conflict, "claim.replaced")
		}
	default:
		return a, fault.New(fault.Conflict, "claim.not_claimable")
	}
	a.ShowName, a.ShowFacts = showName, showFacts
	return a, nil
}

// Decline is the learner's refusal; nothing becomes public. It fails with
// fault.Conflict unless a is pending or already declined.
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
