package badges

import (
	"net/url"
	"strings"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Limits of the evidence of an award by hand.
const (
	MaxEvidenceText  = 2000 // characters
	MaxEvidenceLinks = 5
	MaxEvidenceLink  = 2000 // bytes of one address
)

// GivenEvidence is what a teacher gives as evidence of an award by hand. Both
// parts may be empty.
type GivenEvidence struct {
	Text  string
	Links []string // absolute addresses of the web
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
		if !isWebAddress(link) {
			return fault.New(fault.Invalid, "byhand.link_invalid")
		}
		links = append(links, link)
	}
	if len(links) > MaxEvidenceLinks {
		return fault.New(fault.Invalid, "byhand.links_too_many").With("Most", MaxEvidenceLinks)
	}
	e.Links = links
	return nil
}

// isWebAddress reports whether link can be published: absolute, of the web, and
// without a name and password.
func isWebAddress(link string) bool {
	if len(link) > MaxEvidenceLink || checkText(link, MaxEvidenceLink, true) != "" || strings.ContainsAny(link, " \t\r\n<>\"\\") {
		return false
	}
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

// HandAward is what a teacher asks for: learners of a course get a badge.
type HandAward struct {
	Course CourseKey
	Badge  BadgeID
	By     UserID
	To     []HandRecipient
}

// HandRecipient is one learner of a HandAward, with the evidence.
type HandRecipient struct {
	User  UserID
	Given GivenEvidence
}

// HandOutcome is what became of one award by hand.
type HandOutcome string

// The outcomes.
const (
	HandAwarded  HandOutcome = "awarded"
	HandProposed HandOutcome = "proposed" // a second teacher has to confirm it
	HandLeftOut  HandOutcome = "left_out"
)

// HandResult says what became of the award to one learner.
type HandResult struct {
	User    UserID
	Outcome HandOutcome
	Why     string // for HandLeftOut: catalogue key of the reason
}

// Proposal is an award by hand that waits for a second teacher.
type Proposal struct {
	ID         AssertionID // also of the assertion it becomes
	Course     CourseKey
	Badge      BadgeID
	User       UserID
	ProposedBy UserID
	ProposedAt time.Time
	Given      GivenEvidence
}

// Decidable reports fault.Forbidden when by is who proposed p: of those who
// teach the course, another has to confirm or refuse it.
func (p Proposal) Decidable(by UserID) error {
	if by == p.ProposedBy {
		return fault.New(fault.Forbidden, "byhand.own_proposal")
	}
	return nil
}

// Fact freezes an award by hand. confirmed is the second teacher, if one was
// asked for.
func (p Proposal) Fact(confirmed UserID) Fact {
	f := Fact{Kind: ByHand, By: p.ProposedBy, ConfirmedBy: confirmed, At: p.ProposedAt, Source: SourceTeacher}
	if given := p.Given; !given.IsZero() {
		f.Given = &given
	}
	return f
}

// OpenByHand reports fault.Conflict unless b can be awarded by hand: any badge
// that is switched on can, whatever its rule.
func (b Badge) OpenByHand() error {
	if b.State != On {
		return fault.New(fault.Conflict, "byhand.switched_off")
	}
	return nil
}

// ByHand returns the fact of an award by hand; false when a rule awarded a.
func (a Assertion) ByHand() (Fact, bool) {
	for _, f := range a.Facts {
		if f.Kind == ByHand {
			return f, true
		}
	}
	return Fact{}, false
}

// Given returns the evidence that a teacher gave for a; empty without any.
func (a Assertion) Given() GivenEvidence {
	if f, byHand := a.ByHand(); byHand && f.Given != nil {
		return *f.Given
	}
	return GivenEvidence{}
}

// PublicGiven returns what a teacher gave as evidence, if the learner agreed to
// show what earned the badge. A revoked award shows none.
func (a Assertion) PublicGiven() GivenEvidence {
	if a.ShowFacts && a.State != Revoked {
		return a.Given()
	}
	return GivenEvidence{}
}

// AwardedBy is who the audit log names: the teacher whose act made a, or "rule".
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
