package openbadges

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/vc"
)

// StatusList is the list of the credentials of one organisation to which one
// statement applies, such as "revoked".
type StatusList struct {
	Address string // also in the entries of credentials
	DID     string // of the organisation
	Purpose StatusPurpose
	Bits    []byte        // as vc.EncodeStatusList takes them
	Changed time.Time     // when a bit changed last
	TTL     time.Duration // how long a verifier may keep the list
}

// statusCredential is a BitstringStatusListCredential.
type statusCredential struct {
	Context   []string      `json:"@context"`
	ID        string        `json:"id"`
	Type      []string      `json:"type"`
	Issuer    string        `json:"issuer"`
	ValidFrom string        `json:"validFrom"`
	Subject   statusSubject `json:"credentialSubject"`
}

type statusSubject struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	List    string `json:"encodedList"`
	TTL     int64  `json:"ttl,omitempty"` // milliseconds
}

// Embedded returns the list as a credential with an embedded proof by an Ed25519
// key, made at created. Errors: an *InputError, and those of package vc.
func (l StatusList) Embedded(key vc.Key, created time.Time) ([]byte, error) {
	document, err := l.credential()
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	signed, err := vc.Sign(body, key, created)
	if err != nil {
		return nil, fmt.Errorf("sign status list: %w", err)
	}
	return signed, nil
}

// JWT returns the list as a compact JWT by an RSA or P-256 key. Errors: an
// *InputError, and those of package vc.
func (l StatusList) JWT(key vc.Key) (string, error) {
	document, err := l.credential()
	if err != nil {
		return "", err
	}
	return signedJWT(struct {
		statusCredential
		claims
	}{document, claims{Issuer: l.DID, ID: l.Address, NotBefore: instant(l.Changed).Unix()}}, key)
}

func (l StatusList) credential() (statusCredential, error) {
	var c checker
	c.address("status list", l.Address)
	c.did("organisation id", l.DID)
	c.date("date of the list", l.Changed)
	if l.Purpose != Revocation && l.Purpose != Message {
		c.refuse("purpose", WrongPurpose)
	}
	if c.err != nil {
		return statusCredential{}, c.err
	}
	encoded, err := vc.EncodeStatusList(l.Bits)
	if err != nil {
		return statusCredential{}, err
	}
	return statusCredential{
		Context: []string{ContextVC}, ID: l.Address, Type: []string{"VerifiableCredential", "BitstringStatusListCredential"},
		Issuer: l.DID, ValidFrom: stamp(l.Changed),
		Subject: statusSubject{
			ID: l.Address + "#list", Type: "BitstringStatusList", Purpose: string(l.Purpose), List: encoded, TTL: l.TTL.Milliseconds(),
		},
	}, nil
}
