package certificate

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"
	"unicode/utf8"
)

// Certificate is what stands on the page and in the file. All texts are worded by the
// caller, in one language.
type Certificate struct {
	Size        Size
	Language    string // BCP 47
	RightToLeft bool   // direction of the page
	Title       string // of the document, as a window or a tab shows it

	Picture     []byte // of the badge: PNG, at most MaxPixels on a side; empty: none
	PictureText string // what it shows
	Issuer      string // name of the organisation
	Logo        []byte // of the organisation: PNG; empty: none

	Badge       string
	Recipient   string // empty if the recipient did not agree to show the name
	Description string
	Criteria    string // plain text; a line feed begins a paragraph
	Details     []Detail
	Address     string // of the public page, http or https
	Labels      Labels

	Credential []byte // Open Badges 3.0, a JSON object; empty: none
	Assertion  string // Open Badges 2.0: address, hosted JSON or JWS; empty: none
	Created    time.Time
}

// Detail is a line such as a date or a level. The value may be of any script.
type Detail struct{ Label, Value string }

// Labels are the page's own words. An empty one is left out.
type Labels struct {
	AwardedTo  string // before the name of the recipient
	Criteria   string // above the criteria
	Verify     string // beside the QR code: what to do with it
	Shortened  string // after a text that was shortened: where the whole text is
	Credential string // says that the credential is inside the file; shown if it is
	Code       string // what the QR code is, for people who cannot see it
}

// Size is the size of the page.
type Size uint8

// The sizes.
const (
	A4 Size = iota
	Letter
)

// Limits of what Render takes.
const (
	MaxPixels     = 1024    // of a picture, on each side
	MaxImage      = 2 << 20 // bytes of a picture
	MaxCredential = 1 << 20 // bytes
	MaxAssertion  = 1 << 18 // bytes
	MaxAddress    = 1024    // bytes, so that the QR code can be scanned
	MaxDetails    = 9
	maxTitle      = 1000 // bytes kept of the document's title
)

// ErrInvalid marks an error about a value of the Certificate.
var ErrInvalid = errors.New("invalid certificate")

func invalid(field, reason string) error {
	return fmt.Errorf("%w: %s: %s", ErrInvalid, field, reason)
}

func (c Certificate) check() error {
	switch {
	case c.Size > Letter:
		return invalid("size", "unknown")
	case len(c.Details) > MaxDetails:
		return invalid("details", fmt.Sprintf("%d lines, and %d have room", len(c.Details), MaxDetails))
	case len(c.Credential) > MaxCredential:
		return invalid("credential", "too large")
	case len(c.Credential) > 0 && !json.Valid(c.Credential):
		return invalid("credential", "not JSON")
	case len(c.Assertion) > MaxAssertion:
		return invalid("assertion", "too large")
	case !utf8.ValidString(c.Assertion) || hasControls(c.Assertion):
		return invalid("assertion", "not printable text")
	case c.Created.Year() < 1 || c.Created.Year() > 9999:
		return invalid("created", "a year has one to four digits")
	}
	return checkAddress(c.Address)
}

func checkAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return invalid("address", "not an address")
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return invalid("address", "not an address of the web")
	case len(address) > MaxAddress:
		return invalid("address", "too long for a QR code")
	}
	for i := range len(address) {
		if address[i] <= ' ' || address[i] > '~' {
			return invalid("address", "a character outside printable ASCII: write it with %")
		}
	}
	return nil
}

// hasControls reports whether XML could not carry s.
func hasControls(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return true
		}
	}
	return false
}
