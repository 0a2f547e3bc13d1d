package vc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
)

// Method is a public key of a DID document.
type Method struct {
	ID     string // such as did:web:example.org:issuers:1#abc
	Public crypto.PublicKey
}

// didDocument has its members in the order in which they are written.
type didDocument struct {
	Context            []string `json:"@context"`
	ID                 string   `json:"id"`
	VerificationMethod []method `json:"verificationMethod"`
	AssertionMethod    []string `json:"assertionMethod"`
}

type method struct {
	ID                 string `json:"id"`
	Type               string `json:"type"`
	Controller         string `json:"controller"`
	PublicKeyMultibase string `json:"publicKeyMultibase,omitempty"`
	PublicKeyJwk       *jwk   `json:"publicKeyJwk,omitempty"`
}

type jwk struct {
	KeyType   string `json:"kty"`
	Curve     string `json:"crv,omitempty"`
	X         string `json:"x,omitempty"`
	Y         string `json:"y,omitempty"`
	Modulus   string `json:"n,omitempty"`
	Exponent  string `json:"e,omitempty"`
	Algorithm string `json:"alg"`
}

// NewDIDDocument returns the did.json of a DID with its keys, in the order given:
// Ed25519 as Multikey, RSA and P-256 as JsonWebKey. Each may sign credentials
// (assertionMethod).
func NewDIDDocument(did string, methods []Method) ([]byte, error) {
	document := didDocument{
		Context: []string{
			"https://www.w3.org/ns/did/v1",
			"https://w3id.org/security/multikey/v1",
			"https://w3id.org/security/jwk/v1",
		},
		ID:                 did,
		VerificationMethod: []method{},
		AssertionMethod:    []string{},
	}
	for _, m := range methods {
		entry, err := newMethod(did, m)
		if err != nil {
			return nil, err
		}
		document.VerificationMethod = append(document.VerificationMethod, entry)
		document.AssertionMethod = append(document.AssertionMethod, m.ID)
	}
	return json.Marshal(document)
}

func newMethod(did string, m Method) (method, error) {
	entry := method{ID: m.ID, Controller: did}
	var err error
	if _, ok := m.Public.(ed25519.PublicKey); ok {
		entry.Type = "Multikey"
		entry.PublicKeyMultibase, err = EncodeMultikey(m.Public)
		return entry, err
	}
	entry.Type = "JsonWebKey"
	entry.PublicKeyJwk, err = newJWK(m.Public)
	return entry, err
}

// JWK returns a public key as a JSON Web Key (RFC 7517) with its id, for a key
// that is served at an address of its own.
func JWK(id string, public crypto.PublicKey) ([]byte, error) {
	key, err := newJWK(public)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		*jwk

		ID string `json:"kid"`
	}{key, id})
}

func newJWK(public crypto.PublicKey) (*jwk, error) {
	if public, ok := public.(ed25519.PublicKey); ok { // RFC 8037, section 2
		return &jwk{KeyType: "OKP", Curve: "Ed25519", X: base64url(public), Algorithm: "EdDSA"}, nil
	}
	algorithm, err := algorithmOf(public)
	if err != nil {
		return nil, err
	}
	switch public := public.(type) {
	case *rsa.PublicKey:
		exponent := big.NewInt(int64(public.E)).Bytes()
		return &jwk{KeyType: "RSA", Modulus: base64url(public.N.Bytes()), Exponent: base64url(exponent), Algorithm: algorithm.String()}, nil
	case *ecdsa.PublicKey:
		point, err := public.Bytes() // 4, x, y
		if err != nil {
			return nil, keyError("%v", err)
		}
		half := 1 + (len(point)-1)/2
		return &jwk{KeyType: "EC", Curve: "P-256", X: base64url(point[1:half]), Y: base64url(point[half:]), Algorithm: algorithm.String()}, nil
	default:
		return nil, keyError("%T cannot be a JsonWebKey", public)
	}
}

func base64url(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
