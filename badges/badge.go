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
	Language    string // the language the texts are written in: a code of Languages
	Picture     PictureHash
	Issuer      IssuerID
	Rule        Rule
	ValidMonths int // how long an award is valid; 0: without end

	Caption      string // what the picture shows, for people who cannot see it; empty: the name
	Tags         []string
	Alignments   []Alignment
	Credits      float64       // ECTS; 0: none
	Level        int           // European Qualifications Framework, 1 to 8; 0: none
	Hours        int           // workload; 0: none
	Translations []Translation // the texts in other languages
}

// Limits of a badge's texts, in characters.
const (
	MaxName        = 120
	MaxDescription = 1000
	MaxCriteria    = 4000
	MaxCaption     = 300
)

// Validate trims the texts and reports the first thing wrong, as fault.Invalid. Lists
// without an element become nil.
func (c *Content) Validate() error {
	for _, check := range []func() error{
		c.validateTexts, c.validateChoices, c.validateMonths, c.Rule.Validate,
		c.validateTags, c.validateAlignments, c.validateWorkload, c.validateTranslations,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Content) validateTexts() error {
	c.Name, c.Description = strings.TrimSpace(c.Name), strings.TrimSpace(c.Description)
	c.Criteria, c.Caption = strings.TrimSpace(c.Criteria), strings.TrimSpace(c.Caption)
	for _, text := range []text{
		{key: "badge.name_", value: c.Name, most: MaxName, required: true, line: true},
		{key: "badge.description_", value: c.Description, most: MaxDescription, required: true},
		{key: "badge.criteria_", value: c.Criteria, most: MaxCriteria},
		{key: "badge.caption_", value: c.Caption, most: MaxCaption, line: true},
	} {
		if err := text.check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Content) validateChoices() error {
	if c.Picture == "" {
		return fault.New(fault.Invalid, "badge.picture_missing")
	}
	if c.Issuer == "" {
		return fault.New(fault.Invalid, "badge.issuer_missing")
	}
	return nil
}

// Counts is the number of learners whose newest assertion of a badge is in each
// state.
type Counts struct {
	Pending, Claimed, Private, Declined, Revoked, Replaced int
}

// Accepted is the number of learners who claimed it and have it, public or not.
func (c Counts) Accepted() int { return c.Claimed + c.Private }
