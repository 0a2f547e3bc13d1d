package badges

import (
	"net/mail"
	"strings"
	"unicode"

	"github.com/insigne-badges/insigne/internal/fault"
)

// MaxEmailAddress is the largest size of an e-mail address in bytes: a path of 256
// without its angle brackets (RFC 5321, section 4.5.3.1.3).
const MaxEmailAddress = 254

// ParseAddress returns the one e-mail address in text, without the spaces around
// it. It is the only test of whether an address is usable: a badge can be
// claimed with it, and a mail can be sent to it. It fails with fault.Invalid if
// text is empty, too long, has invisible characters, or is not exactly one
// address.
func ParseAddress(text string) (string, error) {
	address := strings.TrimSpace(text)
	switch {
	case address == "":
		return "", fault.New(fault.Invalid, "address.missing")
	case len(address) > MaxEmailAddress:
		return "", fault.New(fault.Invalid, "address.too_long").With("Most", MaxEmailAddress)
	case strings.ContainsFunc(address, invisible):
		return "", fault.New(fault.Invalid, "address.unreadable")
	}
	if a, err := mail.ParseAddress(address); err != nil || a.Address != address {
		return "", fault.New(fault.Invalid, "address.invalid")
	}
	return address, nil
}

// invisible reports whether r changes or hides text and shows nothing itself:
// control characters, marks of direction, zero-width characters, noncharacters.
func invisible(r rune) bool {
	return unicode.IsControl(r) || isUnusable(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar || r == '\u2028' || r == '\u2029'
}

// IdentityAddress returns address in the spelling that documents hash: in lower
// case. Everything else stays as it is.
func IdentityAddress(address string) string { return strings.ToLower(address) }

// HasAddress reports whether r has a usable address.
func (r Recipient) HasAddress() bool {
	address, err := ParseAddress(r.Email)
	return err == nil && address == r.Email
}

// Recipient returns m as the recipient of a new award. An address that is not
// usable is left out.
func (m Member) Recipient() Recipient {
	address, err := ParseAddress(m.Email)
	if err != nil {
		address = ""
	}
	return Recipient{Name: m.Name, Email: address, Language: m.Language}
}

// AwaitsAddress reports whether the learner has to give an address before they
// can claim a. An award that the learner cannot see awaits none.
func (a Assertion) AwaitsAddress() bool {
	return (a.State == Pending || a.State == Declined) && !a.Recipient.HasAddress()
}

// WithAddress returns a with a usable address. It fails with fault.Conflict if a
// has one already, or cannot be claimed any more.
func (a Assertion) WithAddress(address string) (Assertion, error) {
	if !a.AwaitsAddress() && (a.State != Withheld || a.Recipient.HasAddress()) {
		return a, fault.New(fault.Conflict, "address.not_needed")
	}
	address, err := ParseAddress(address)
	if err != nil {
		return a, err
	}
	a.Recipient.Email = address
	return a, nil
}
