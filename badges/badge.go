package badges

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/insigne-badges/insigne/internal/fault"
)

// BadgeState says whether a badge awards by itself.
type BadgeState string

// A badge starts as a draft; switched off, it keeps what it awarded.
const (
	Draft BadgeState = "draft"
	On    BadgeState = "on"
	Off   BadgeState = "off"
)

// Badge is something learners of one course can earn. What it says stands in
// its versions; Current is the newest.
type Badge struct {
	ID                BadgeID
	Course            CourseKey
	State             BadgeState
	Current           Version
	CreatedAt         time.Time
	SwitchedAt        time.Time   // last switched on or off; zero for a draft
	Fallen            Policy      // for awards whose evidence falls away
	Retroactive       Retroactive // for who met the rule before it was switched on
	RetroactiveDoneAt time.Time   // when that was done; zero until then
	Jury              bool        // awards wait until a teacher releases them
	Endorsed          bool        // a second teacher must confirm awards by hand
	StepAfter         BadgeID     // the badge of the course whose awards those of this one replace; empty: of none
}

// FirstState returns the state in which b's awards by rule begin.
func (b *Badge) FirstState() AssertionState {
	if b.Jury {
		return Withheld
	}
	return Pending
}

// Version is what a badge says. Once an assertion was issued from it, it never
// changes; an edit makes the next one.
type Version struct {
	ID        VersionID
	Badge     BadgeID
	Number    int // from 1
	CreatedAt time.Time
	Content
}

// Content is what the teacher writes and picks.
type Content struct {
	Name        string
	Description string
	Criteria    string // the teacher's own words beside the rule; may be empty
	Language    string // "fr" or "en": the language the texts are written in
	Picture     PictureHash
	Issuer      IssuerID
	Rule        Rule
	ValidMonths int // how long its awards are valid; 0: without end
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

// checkText returns "missing", "too_long" or "unreadable", empty when fine.
// Control characters are refused because JSON-LD signing cannot carry them.
func checkText(s string, most int, required bool) string {
	switch {
	case required && s == "":
		return "missing"
	case utf8.RuneCountInString(s) > most:
		return "too_long"
	case !utf8.ValidString(s) || strings.ContainsFunc(s, isControl):
		return "unreadable"
	}
	return ""
}

func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// Counts is how many learners' newest assertions of a badge are in each state.
type Counts struct {
	Pending, Claimed, Declined, Revoked, Replaced int
}
