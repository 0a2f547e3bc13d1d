package openbadges

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/insigne-badges/insigne/vc"
)

// Credential returns the unsigned 3.0 credential of an award as JSON, or an
// *InputError. The same input gives the same bytes.
func Credential(a Award) ([]byte, error) {
	document, err := newCredential(a)
	if err != nil {
		return nil, err
	}
	return json.Marshal(document)
}

// Embedded returns the credential of an award with an embedded proof by an
// Ed25519 key, made at created. The same input gives the same bytes. Errors: an
// *InputError, and those of vc.Sign.
func Embedded(a Award, key vc.Key, created time.Time) ([]byte, error) {
	return embedded(a, key, created, vc.Sign)
}

// Signer makes credentials with embedded proofs faster than Embedded, with the
// same bytes. It remembers what awards of one badge have in common, and may be
// used by many goroutines.
type Signer struct{ vc *vc.Signer }

// NewSigner returns a Signer that has seen no badge.
func NewSigner() *Signer { return &Signer{vc: vc.NewSigner()} }

// Embedded does what the function Embedded does.
func (s *Signer) Embedded(a Award, key vc.Key, created time.Time) ([]byte, error) {
	return embedded(a, key, created, s.vc.Sign)
}

type sign func(document []byte, key vc.Key, created time.Time) ([]byte, error)

func embedded(a Award, key vc.Key, created time.Time, by sign) ([]byte, error) {
	document, err := Credential(a)
	if err != nil {
		return nil, err
	}
	signed, err := by(document, key, created)
	if err != nil {
		return nil, fmt.Errorf("sign credential: %w", err)
	}
	return signed, nil
}

// JWT returns the credential of an award as a compact JWT, by an RSA or P-256
// key. Its payload is the credential itself. Errors: an *InputError, and those of
// vc.SignJWT.
func JWT(a Award, key vc.Key) (string, error) {
	document, err := newCredential(a)
	if err != nil {
		return "", err
	}
	payload := struct {
		credential
		claims
	}{document, claims{Issuer: document.Issuer.ID, ID: document.ID, NotBefore: instant(a.IssuedOn).Unix()}}
	if !a.Expires.IsZero() {
		payload.Expires = instant(a.Expires).Unix()
	}
	return signedJWT(payload, key)
}

// claims are the registered claims of a credential (Open Badges 3.0, section
// 8.2.4.1). There is no sub, since our subjects have no id.
type claims struct {
	Issuer    string `json:"iss"`
	ID        string `json:"jti"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp,omitempty"`
}

func signedJWT(payload any, key vc.Key) (string, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return "", fmt.Errorf("write credential: %w", err)
	}
	token, err := vc.SignJWT(body, key)
	if err != nil {
		return "", fmt.Errorf("sign credential: %w", err)
	}
	return token, nil
}

func newCredential(a Award) (credential, error) {
	if err := a.Check(); err != nil {
		return credential{}, err
	}
	b := a.Badge
	document := credential{
		Context: []string{ContextVC, Context3, contextExt},
		ID:      a.Address, Type: []string{"VerifiableCredential", "OpenBadgeCredential"},
		Name: b.Name, Image: newImage(b.Image), Issuer: newProfile(b.Organisation),
		ValidFrom: stamp(a.IssuedOn), ValidTo: stamp(a.Expires), Subject: newSubject(a), Status: newStatus(a.Status),
		Schema: []schema{{ID: schema3, Type: "1EdTechJsonSchemaValidator2019"}},
	}
	for _, e := range a.Evidence {
		document.Evidence = append(document.Evidence, evidence3{ID: uri(e.Address), Type: []string{"Evidence"}, Name: e.Name, Narrative: e.Narrative})
	}
	for _, e := range a.Endorsements {
		document.Endorsed = append(document.Endorsed, e)
	}
	return document, nil
}

// stamp returns a time as documents contain it, or "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return instant(t).Format(time.RFC3339)
}

func newSubject(a Award) subject {
	r := a.Recipient
	s := subject{
		Type: []string{"AchievementSubject"}, Credits: hundredths(a.Badge.Credits), Achievement: newAchievement(a.Badge, a.Results),
		Identifier: []identifier{{
			Type: "IdentityObject", Hashed: true, Identity: HashEmail(r.Email, r.Salt), Kind: "emailAddress", Salt: r.Salt,
		}},
	}
	if r.Name != "" {
		s.Identifier = append(s.Identifier, identifier{Type: "IdentityObject", Identity: r.Name, Kind: "name"})
	}
	for _, grade := range a.Results {
		s.Result = append(s.Result, result{Type: []string{"Result"}, Description: resultID(a.Badge, grade), Value: percent(grade)})
	}
	return s
}

// newStatus returns the entry for revocation, with references to the places in
// other lists. The schema of Open Badges 3.0 allows one entry only, and some
// verifiers take any bit that is set for a revocation: see
// docs/decisions/one-status-entry.md.
func newStatus(entries []StatusEntry) *status {
	var entry *status
	var others OneOrMore
	for _, e := range entries {
		place := e.List + "#" + strconv.Itoa(e.Index)
		if e.Purpose != Revocation || entry != nil {
			others = append(others, place)
			continue
		}
		entry = &status{
			ID: place, Type: "BitstringStatusListEntry", Purpose: string(e.Purpose),
			Index: strconv.Itoa(e.Index), List: e.List,
		}
	}
	if entry != nil {
		entry.Reference = others
	}
	return entry
}
