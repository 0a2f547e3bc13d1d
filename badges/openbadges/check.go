package openbadges

import (
	"encoding/json"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/vc"
)

// Refusal is why a value cannot be in a document.
type Refusal string

// The refusals.
const (
	Missing      Refusal = "is missing"
	NotText      Refusal = "has a character that not every format can carry"
	TooLong      Refusal = "is too long"
	NotAddress   Refusal = "is not an absolute web address"
	NotDID       Refusal = "is not a did:web identifier"
	NotDate      Refusal = "is a date before 1970 or after 9999"
	NotAmount    Refusal = "is outside the range that is allowed"
	NotLanguage  Refusal = "is not a language tag"
	NotUUID      Refusal = "is not a UUID"
	NotJSON      Refusal = "is not a JSON object"
	WrongKey     Refusal = "is a key that cannot sign this"
	WrongPurpose Refusal = "is an unknown purpose"
)

// InputError says which value cannot be in a document, and why. It is about the
// values, so trying again changes nothing.
type InputError struct {
	Field   string
	Refusal Refusal
}

// Error returns a sentence for a log.
func (e *InputError) Error() string { return "open badge: " + e.Field + " " + string(e.Refusal) }

// checker keeps the first refusal.
type checker struct{ err error }

func (c *checker) refuse(field string, why Refusal) {
	if c.err == nil {
		c.err = &InputError{Field: field, Refusal: why}
	}
}

// value is a text that may have to be there.
type value struct {
	text   string
	needed bool
}

func required(text string) value { return value{text, true} }
func optional(text string) value { return value{text, false} }

// line checks a short text, such as a name. text checks a long one.
func (c *checker) line(field string, v value) { c.characters(field, v, maxLine) }
func (c *checker) text(field string, v value) { c.characters(field, v, maxText) }

func (c *checker) characters(field string, v value, most int) {
	switch {
	case v.text == "" && v.needed:
		c.refuse(field, Missing)
	case !isText(v.text):
		c.refuse(field, NotText)
	case utf8.RuneCountInString(v.text) > most:
		c.refuse(field, TooLong)
	}
}

// isText reports whether every format carries a text unchanged. JSON does; XML
// has no control characters but line breaks and tabs, and libraries write the
// others differently when they canonicalise, which would break the proof.
// Emoji, marks of writing direction and zero-width characters are text.
func isText(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		switch {
		case r == '\t', r == '\n', r == '\r':
		case unicode.IsControl(r), r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF: // the last two: not characters (Unicode, section 23.7)
			return false
		}
	}
	return true
}

// address checks an absolute web address.
func (c *checker) address(field, address string) {
	if address == "" {
		c.refuse(field, Missing)
	} else if !isAddress(address) {
		c.refuse(field, NotAddress)
	}
}

func (c *checker) did(field, did string) {
	if did == "" {
		c.refuse(field, Missing)
	} else if _, err := vc.DIDDocumentURL(did); err != nil {
		c.refuse(field, NotDID)
	}
}

// date checks that a date has four digits and is not before the epoch: a
// signature counts its seconds.
func (c *checker) date(field string, t time.Time) {
	if t.IsZero() {
		c.refuse(field, Missing)
	} else if t = t.UTC(); t.Year() < 1970 || t.Year() > 9999 {
		c.refuse(field, NotDate)
	}
}

// amount checks a number from 0 to most. Numbers are rounded when they are
// written, so that none needs an exponent.
func (c *checker) amount(field string, n, most float64) {
	if math.IsNaN(n) || n < 0 || n > most {
		c.refuse(field, NotAmount)
	}
}

// hundredths returns n in at most two decimals.
func hundredths(n float64) float64 { return math.Round(n*100) / 100 }

func (c *checker) list(field string, n int) {
	if n > maxList {
		c.refuse(field, TooLong)
	}
}

// language checks a language tag in the form that Open Badges 3.0 allows: a
// language, perhaps a script, perhaps a region.
func (c *checker) language(field, tag string) {
	if tag == "" {
		return
	}
	parts := strings.Split(tag, "-")
	ok := matches(parts[0], unicode.IsLower, 2, 4)
	rest := parts[1:]
	if len(rest) > 0 && len(rest[0]) == 4 {
		ok = ok && unicode.IsUpper(rune(rest[0][0])) && matches(rest[0][1:], unicode.IsLower, 3, 3)
		rest = rest[1:]
	}
	if len(rest) > 0 {
		ok = ok && (matches(rest[0], unicode.IsUpper, 2, 2) || matches(rest[0], unicode.IsDigit, 3, 3))
		rest = rest[1:]
	}
	if !ok || len(rest) > 0 {
		c.refuse(field, NotLanguage)
	}
}

// matches reports whether a text has from least to most ASCII characters of a
// class.
func matches(text string, class func(rune) bool, least, most int) bool {
	for _, r := range text {
		if r >= utf8.RuneSelf || !class(r) {
			return false
		}
	}
	return len(text) >= least && len(text) <= most
}

// uuid checks a UUID in its usual form.
func (c *checker) uuid(field, id string) {
	if u, err := uuid.Parse(id); err != nil || u.String() != id {
		c.refuse(field, NotUUID)
	}
}

// object checks a JSON object.
func (c *checker) object(field string, raw json.RawMessage) {
	switch {
	case len(raw) > maxPayload:
		c.refuse(field, TooLong)
	case !isJSON(raw) || !json.Valid(raw):
		c.refuse(field, NotJSON)
	case !isText(string(raw)):
		c.refuse(field, NotText)
	}
}
