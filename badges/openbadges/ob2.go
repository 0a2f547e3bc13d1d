package openbadges

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// Context2 is the JSON-LD context of Open Badges 2.0. It stays a plain string:
// passports compare it for equality.
const Context2 = "https://w3id.org/openbadges/v2"

// Assertion is an Open Badges 2.0 hosted assertion.
type Assertion struct {
	Context      string       `json:"@context"`
	Type         string       `json:"type"`
	ID           string       `json:"id"`
	Recipient    Identity     `json:"recipient"`
	Badge        string       `json:"badge"`
	Verification Verification `json:"verification"`
	IssuedOn     time.Time    `json:"issuedOn"` // with a zone, as the standard demands
	Image        string       `json:"image,omitempty"`
	Expires      *time.Time   `json:"expires,omitempty"`
	Narrative    string       `json:"narrative,omitempty"`
	Evidence     []Evidence   `json:"evidence,omitempty"`
}

// Evidence is one piece of evidence: an address or a text.
type Evidence struct {
	Type      string `json:"type"`
	ID        string `json:"id,omitempty"`
	Name      string `json:"name,omitempty"`
	Narrative string `json:"narrative,omitempty"`
}

// Identity is a hashed e-mail address (IdentityObject).
type Identity struct {
	Type     string `json:"type"`
	Hashed   bool   `json:"hashed"`
	Salt     string `json:"salt"`
	Identity string `json:"identity"`
}

// Verification is how an assertion is verified.
type Verification struct {
	Type string `json:"type"`
}

// BadgeClass is an Open Badges 2.0 badge definition.
type BadgeClass struct {
	Context     string   `json:"@context"`
	Type        string   `json:"type"`
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Image       string   `json:"image"`
	Criteria    Criteria `json:"criteria"`
	Issuer      string   `json:"issuer"`
	Tags        []string `json:"tags,omitempty"`
	Language    string   `json:"@language,omitempty"`
}

// Criteria is what a learner has to do to earn a badge.
type Criteria struct {
	Narrative string `json:"narrative"`
}

// Issuer is an Open Badges 2.0 issuer profile.
type Issuer struct {
	Context     string `json:"@context"`
	Type        string `json:"type"`
	ID          string `json:"id"`
	Name        string `json:"name"`
	URL         string `json:"url"`
	Email       string `json:"email"`
	Description string `json:"description,omitempty"`
}

// RevokedAssertion is the document at the address of a revoked assertion.
type RevokedAssertion struct {
	Context          string `json:"@context"`
	Type             string `json:"type"`
	ID               string `json:"id"`
	Revoked          bool   `json:"revoked"`
	RevocationReason string `json:"revocationReason,omitempty"`
}

// HashEmail returns the hash of an address with a salt. Validators hash the
// address exactly as it is given; the standard does not define any folding of
// case.
func HashEmail(email, salt string) string {
	sum := sha256.Sum256([]byte(email + salt))
	return "sha256$" + hex.EncodeToString(sum[:])
}

// NewAssertion returns a hosted assertion. id, badge and image are absolute
// addresses.
func NewAssertion(id, badge, image, email, salt string, issuedOn time.Time) (Assertion, error) {
	a := Assertion{
		Context: Context2, Type: "Assertion", ID: id, Badge: badge, Image: image,
		Recipient:    Identity{Type: "email", Hashed: true, Salt: salt, Identity: HashEmail(email, salt)},
		Verification: Verification{Type: "HostedBadge"},
		IssuedOn:     issuedOn.UTC().Truncate(time.Second),
	}
	if email == "" || salt == "" {
		return Assertion{}, errors.New("assertion: no recipient or no salt")
	}
	if issuedOn.IsZero() {
		return Assertion{}, errors.New("assertion: no issue date")
	}
	return a, absolute("assertion", id, badge, image)
}

// Instant returns t as documents contain it: UTC, in whole seconds.
func Instant(t time.Time) *time.Time {
	t = t.UTC().Truncate(time.Second)
	return &t
}

// NewEvidence returns evidence as a text: what was asked for, which may be
// empty, and what was found.
func NewEvidence(name, narrative string) Evidence {
	return Evidence{Type: "Evidence", Name: name, Narrative: narrative}
}

// NewLinkedEvidence returns evidence at a web address.
func NewLinkedEvidence(address string) Evidence { return Evidence{Type: "Evidence", ID: address} }

// NewBadgeClass returns a badge definition; id, image and issuer are absolute
// addresses.
func NewBadgeClass(c BadgeClass) (BadgeClass, error) {
	c.Context, c.Type = Context2, "BadgeClass"
	if c.Name == "" || c.Description == "" || c.Criteria.Narrative == "" {
		return BadgeClass{}, errors.New("badge class: name, description or criteria missing")
	}
	return c, absolute("badge class", c.ID, c.Image, c.Issuer)
}

// NewIssuer returns an issuer profile; id and url are absolute addresses.
func NewIssuer(i Issuer) (Issuer, error) {
	i.Context, i.Type = Context2, "Issuer"
	if i.Name == "" || i.Email == "" {
		return Issuer{}, errors.New("issuer: name or e-mail missing")
	}
	return i, absolute("issuer", i.ID, i.URL)
}

// NewRevoked returns the document of a revoked assertion, which is served with
// HTTP 410.
func NewRevoked(id, reason string) RevokedAssertion {
	return RevokedAssertion{Context: Context2, Type: "Assertion", ID: id, Revoked: true, RevocationReason: reason}
}

func absolute(what string, addresses ...string) error {
	for _, a := range addresses {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			return fmt.Errorf("%s: %q is no absolute web address", what, a)
		}
	}
	return nil
}
