package badges

import (
	"strings"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Limits of the evidence of an award by hand.
const (
	MaxEvidenceText  = 2000 // characters
	MaxEvidenceLinks = 5
	MaxEvidenceLink  = MaxWebAddress
)

// GivenEvidence is the evidence that a teacher gives with an award by hand.
// Both parts may be empty.
type GivenEvidence struct {
	Text  string
	Links []string // absolute web addresses
}

// IsZero reports whether nothing was given.
func (e GivenEvidence) IsZero() bool { return e.Text == "" && len(e.Links) == 0 }

// Validate trims the text, drops empty links and reports the first thing wrong,
// as fault.Invalid.
func (e *GivenEvidence) Validate() error {
	e.Text = strings.TrimSpace(e.Text)
	if key := checkText(e.Text, MaxEvidenceText, false); key != "" {
		return fault.New(fault.Invalid, "byhand.text_"+key).With("Most", MaxEvidenceText)
	}
	var links []string
	for _, link := range e.Links {
		if link = strings.TrimSpace(link); link == "" {
			continue
		}
		address, ok := webAddress(link)
		if !ok {
			return fault.New(fault.Invalid, "byhand.link_invalid")
		}
		links = append(links, address)
	}
	if len(links) > MaxEvidenceLinks {
		return fault.New(fault.Invalid, "byhand.links_too_many").With("Most", MaxEvidenceLinks)
	}
	e.Links = links
	return nil
}

// HandAward is a teacher's request to award a badge to learners of a course.
type HandAward struct {
	Course CourseKey
	Badge  BadgeID
	By     UserID
	To     []HandRecipient
}

// HandRecipient is one learner of a HandAward, with the evidence for them.
type HandRecipient struct {
	User  UserID
	Given GivenEvidence
}

// HandOutcome is the result of one award by hand.
type HandOutcome string

// The outcomes.
const (
	HandAwarded  HandOutcome = "awarded"
	HandProposed HandOutcome = "proposed" // a second teacher has to confirm it
	HandLeftOut  HandOutcome = "left_out"
)

// HandResult is the result for one learner of a HandAward.
type HandResult struct {
	User    UserID
	Outcome HandOutcome
	Why     string // catalogue key of the reason, for HandLeftOut
}

// Proposal is an award by hand that waits for a second teacher.
type Proposal struct {
	ID         AssertionID // the assertion gets the same id
	Course     CourseKey
	Badge      BadgeID
	User       UserID
	ProposedBy UserID
	ProposedAt time.Time
	Given      GivenEvidence
}

// Decidable returns fault.Forbidden if by proposed p: another teacher of the
// course has to confirm or refuse it.
func (p Proposal) Decidable(by UserID) error {
	if by == p.ProposedBy {
		return fault.New(fault.Forbidden, "byhand.own_proposal")
	}
	return nil
}

// Fact returns the fact that p leaves in its assertion. confirmed is the second
// teacher; empty if none was needed.
func (p Proposal) Fact(confirmed UserID) Fact {
	f := Fact{Kind: ByHand, By: p.ProposedBy, ConfirmedBy: confirmed, At: p.ProposedAt, Source: SourceTeacher}
	if given := p.Given; !given.IsZero() {
		f.Given = &given
	}
	return f
}

// OpenByHand returns fault.Conflict unless b is switched on: then it can be
// awarded by hand, whatever its rule.
func (b Badge) OpenByHand() error {
	if b.State != On {
		return fault.New(fault.Conflict, "byhand.switched_off")
	}
	return nil
}

// ByHand returns the fact of an award by hand; false if a rule awarded a.
func (a Assertion) ByHand() (Fact, bool) {
	for _, f := range a.Facts {
		if f.Kind == ByHand {
			return f, true
		}
	}
	return Fact{}, false
}

// Given returns the evidence that a teacher gave for a; empty if there is none.
func (a Assertion) Given() GivenEvidence {
	if f, byHand := a.ByHand(); byHand && f.Given != nil {
		return *f.Given
	}
	return GivenEvidence{}
}

// PublicGiven returns the evidence that a teacher gave for a, if the learner
// agreed to show the facts. A revoked award shows none.
func (a Assertion) PublicGiven() GivenEvidence {
	if a.ShowFacts && a.State != Revoked {
		return a.Given()
	}
	return GivenEvidence{}
}

// AwardedBy returns the actor of a's audit entry: the teacher who awarded or
// confirmed it, or ByRule.
func (a Assertion) AwardedBy() string {
	f, byHand := a.ByHand()
	switch {
	case !byHand:
		return ByRule
	case f.ConfirmedBy != "":
		return string(f.ConfirmedBy)
	}
	return string(f.By)
}
