package openbadges

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Context2 is the JSON-LD context of Open Badges 2.0. It stays a plain string:
// passports compare it for equality.
const Context2 = "https://w3id.org/openbadges/v2"

// Assertion is an Open Badges 2.0 assertion.
type Assertion struct {
	Context      string              `json:"@context"`
	Type         string              `json:"type"`
	ID           string              `json:"id"`
	Recipient    Identity            `json:"recipient"`
	Badge        string              `json:"badge"`
	Verification Verification        `json:"verification"`
	IssuedOn     time.Time           `json:"issuedOn"` // with a zone, as the standard demands
	Image        string              `json:"image,omitempty"`
	Expires      *time.Time          `json:"expires,omitempty"`
	Evidence     []AssertionEvidence `json:"evidence,omitempty"`
}

// AssertionEvidence is one piece of evidence in a 2.0 assertion.
type AssertionEvidence struct {
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
	Type    string `json:"type"`
	Creator string `json:"creator,omitempty"` // address of the key, if it is signed
}

// Hosted returns the assertion that is served at the award's address, or an
// *InputError.
func Hosted(a Award) (Assertion, error) {
	return assertion(a, a.Address, Verification{Type: "HostedBadge"})
}

// assertion returns an assertion of the award. Passports read a narrative of the
// assertion instead of its evidence, so it has none.
func assertion(a Award, id string, v Verification) (Assertion, error) {
	var c checker
	a.check(&c)
	if c.err != nil {
		return Assertion{}, c.err
	}
	document := Assertion{
		Context: Context2, Type: "Assertion", ID: id, Badge: a.Badge.Address, Image: a.Badge.Image.Address,
		Recipient:    Identity{Type: "email", Hashed: true, Salt: a.Recipient.Salt, Identity: HashEmail(a.Recipient.Email, a.Recipient.Salt)},
		Verification: v,
		IssuedOn:     instant(a.IssuedOn),
	}
	if !a.Expires.IsZero() {
		expires := instant(a.Expires)
		document.Expires = &expires
	}
	for _, e := range a.Evidence {
		document.Evidence = append(document.Evidence, AssertionEvidence{Type: "Evidence", ID: uri(e.Address), Name: e.Name, Narrative: e.Narrative})
	}
	return document, nil
}

// instant returns t as documents contain it: UTC, in whole seconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// HashEmail returns the hash of an address with a salt. Validators hash the
// address exactly as it is given; the standard does not define any folding of
// case.
func HashEmail(email, salt string) string {
	sum := sha256.Sum256([]byte(email + salt))
	return "sha256$" + hex.EncodeToString(sum[:])
}
