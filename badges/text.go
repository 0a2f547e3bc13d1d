package badges

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/insigne-badges/insigne/internal/fault"
)

// text is a text that a person typed, with what is asked of it.
type text struct {
	key      string // beginning of the catalogue keys, such as badge.name_
	value    string
	most     int  // characters
	required bool // it has to show something
	line     bool // without line breaks
}

// check returns the first thing wrong with t as fault.Invalid, whose key ends in
// missing, too_long or unreadable; nil if nothing is wrong.
func (t text) check() *fault.Error {
	key := checkText(t.value, t.most, t.required)
	if key == "" && t.line && strings.ContainsFunc(t.value, isLineBreak) {
		key = "unreadable"
	}
	if key == "" {
		return nil
	}
	return fault.New(fault.Invalid, t.key+key).With("Most", t.most).With("Character", t.unusable())
}

// unusable returns the number of the first character that cannot be used, such as
// U+202E. A person may not see it otherwise.
func (t text) unusable() string {
	for _, r := range t.value {
		if isUnusable(r) || t.line && isLineBreak(r) {
			return fmt.Sprintf("U+%04X", r)
		}
	}
	return fmt.Sprintf("U+%04X", utf8.RuneError) // broken UTF-8
}

// checkText returns what is wrong with s: "missing", "too_long" or "unreadable"; empty
// if nothing is. A required text of which nothing can be seen is missing.
func checkText(s string, most int, required bool) string {
	switch {
	case required && !strings.ContainsFunc(s, isVisible):
		return "missing"
	case utf8.RuneCountInString(s) > most:
		return "too_long"
	case !utf8.ValidString(s) || strings.ContainsFunc(s, isUnusable):
		return "unreadable"
	}
	return ""
}

// Carried returns s with U+FFFD in place of what no text may have. It is for texts that
// an LMS gives: nobody is there who could correct them.
func Carried(s string) string {
	return strings.Map(func(r rune) rune {
		if isUnusable(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// MaxLMSName is the most characters that are kept of a name that an LMS gives. The
// database has names of learners in an index, of which PostgreSQL allows 2,700 bytes.
const MaxLMSName = 500

// CarriedName returns a name that an LMS gives as one line that every database, page,
// mail and document carries: Carried, spaces for line breaks, at most MaxLMSName
// characters. A longer name ends with an ellipsis.
func CarriedName(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if isLineBreak(r) {
			return ' '
		}
		return r
	}, Carried(s)))
	if utf8.RuneCountInString(s) <= MaxLMSName {
		return s
	}
	return string([]rune(s)[:MaxLMSName-1]) + "…"
}

// isUnusable reports whether no text may have r, because documents cannot carry it or
// people are deceived by it:
//   - control characters: signed JSON-LD and XML cannot carry them
//   - noncharacters (Unicode 16, section 23.7): XML cannot carry U+FFFE and U+FFFF
//   - marks that embed, override or isolate a direction (Unicode Bidirectional
//     Algorithm, section 2): "exe.gpj" can look like "jpg.exe"
//
// Zero-width joiners, which Persian and emoji need, and the marks LRM, RLM and ALM, which
// Arabic and Hebrew need, are carried unchanged.
func isUnusable(r rune) bool {
	return isControl(r) ||
		r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF ||
		r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

func isLineBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029'
}

// isVisible reports whether r leaves ink; broken UTF-8 does too.
func isVisible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r) || unicode.IsControl(r) && !unicode.IsSpace(r)
}
