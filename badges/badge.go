package badges

import (
	"strings"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// BadgeState says whether a badge can be awarded.
type BadgeState string

// The states of a badge. It starts as a draft. A badge that is switched off
// keeps its awards.
const (
	Draft BadgeState = "draft"
	On    BadgeState = "on"
	Off   BadgeState = "off"
)

// Badge is something that learners of one course can earn. Its texts, picture
// and rule are in its versions; Current is the newest.
type Badge struct {
	ID                BadgeID
	Course            CourseKey
	State             BadgeState
	Current           Version
	CreatedAt         time.Time
	SwitchedAt        time.Time   // last switched on or off; zero for a draft
	Policy            Policy      // what happens to awards whose evidence is gone
	Retroactive       Retroactive // what learners get who met the rule before it was switched on
	RetroactiveDoneAt time.Time   // when they got it; zero until then
	Jury              bool        // awards by rule are withheld until a teacher releases them
	Endorsed          bool        // a second teacher must confirm awards by hand
	StepAfter         BadgeID     // the next lower step, whose awards this badge's awards replace; empty: none
}

// FirstState returns the state of a new award by rule.
func (b *Badge) FirstState() AssertionState {
	if b.Jury {
		return Withheld
	}
	return Pending
}

// Version is one state of a badge's content. After the first assertion of a
// version, the version never changes; an edit makes the next one.
type Version struct {
	ID        VersionID
	Badge     BadgeID
	Number    int // from 1
	CreatedAt time.Time
	Content
}

// Content is what the teacher fills in for a badge.
type Content struct {
	Name        string
	Description string
	Criteria    string // criteria in the teacher's words, beside the rule; may be empty
	Language    string // "fr" or "en": the language the texts are written in
	Picture     PictureHash
	Issuer      IssuerID
	Rule        Rule
	ValidMonths int // how long an award is valid; 0: without end
}

// Limits of a badge's texts, in characters.
const (
	MaxName        = 120
	MaxDescription = 1000
	MaxCriteria    = 4000
)

// Validate trims the texts and reports the first thing wrong, as fault.Invalid.
func (c *Content) Validate() error {
	c.Name = strings.TrimSpace(c.Name)
	c.Description = strings.TrimSpace(c.Description)
	c.Criteria = strings.TrimSpace(c.Criteria)
	for _, text := range []struct {
		field, value string
		most         int
		required     bool
	}{
		{"name", c.Name, MaxName, true},
		{"description", c.Description, MaxDescription, true},
		{"criteria", c.Criteria, MaxCriteria, false},
	} {
		if key := checkText(text.value, text.most, text.required); key != "" {
			return fault.New(fault.Invalid, "badge."+text.field+"_"+key).With("Most", text.most)
		}
	}
	if c.Picture == "" {
		return fault.New(fault.Invalid, "badge.picture_missing")
	}
	if c.Issuer == "" {
		return fault.New(fault.Invalid, "badge.issuer_missing")
	}
	if err := c.validateMonths(); err != nil {
		return err
	}
	return c.Rule.Validate()
}

// Counts is the number of learners whose newest assertion of a badge is in each
// state.
type Counts struct {
	Pending, Claimed, Declined, Revoked, Replaced int
}
