package vc

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/mr-tron/base58"
)

// Key is a key that signs for a controller.
type Key struct {
	ID      string        // verification method, such as did:web:example.org:issuers:1#abc
	Private crypto.Signer // ed25519.PrivateKey, *rsa.PrivateKey (2048 bits or more), *ecdsa.PrivateKey (P-256)
}

func (k Key) public() (crypto.PublicKey, error) {
	if k.Private == nil {
		return nil, keyError("no private key")
	}
	return k.Private.Public(), nil
}

const (
	proofType   = "DataIntegrityProof"
	suite       = "eddsa-rdfc-2022"
	purpose     = "assertionMethod"
	proofMember = "proof"
)

// Sign returns a JSON-LD document with an eddsa-rdfc-2022 proof by an Ed25519 key.
// The bytes of the document stay as they are; the proof is its last member. A document
// that has a proof is refused.
func Sign(document []byte, key Key, created time.Time) ([]byte, error) {
	return sign(document, key, created, canonicalise)
}

func sign(document []byte, key Key, created time.Time, canonicalise func(map[string]any) ([]byte, error)) ([]byte, error) {
	parsed, err := parseUnsigned(document)
	if err != nil {
		return nil, err
	}
	canonical, err := canonicalise(parsed)
	if err != nil {
		return nil, err
	}
	options := newProof(key.ID, created)
	configuration, err := canonicalise(options.configuration(parsed["@context"]))
	if err != nil {
		return nil, err
	}
	return seal(document, options, key, hashData(configuration, canonical))
}

func parseUnsigned(document []byte) (map[string]any, error) {
	parsed, err := parseDocument(document)
	if err != nil {
		return nil, err
	}
	if _, found := parsed[proofMember]; found {
		return nil, malformed("the document has a proof already")
	}
	return parsed, nil
}

// proof is a Data Integrity proof as we write it.
type proof struct {
	Type               string `json:"type"`
	Cryptosuite        string `json:"cryptosuite"`
	Created            string `json:"created"`
	VerificationMethod string `json:"verificationMethod"`
	ProofPurpose       string `json:"proofPurpose"`
	ProofValue         string `json:"proofValue"`
}

func newProof(method string, created time.Time) proof {
	return proof{
		Type:               proofType,
		Cryptosuite:        suite,
		Created:            created.UTC().Format(time.RFC3339),
		VerificationMethod: method,
		ProofPurpose:       purpose,
	}
}

// configuration returns the part of a proof that is signed (section 3.2.5 of
// vc-di-eddsa): it has the context of the document.
func (p proof) configuration(context any) map[string]any {
	return map[string]any{
		"@context":           context,
		"type":               p.Type,
		"cryptosuite":        p.Cryptosuite,
		"created":            p.Created,
		"verificationMethod": p.VerificationMethod,
		"proofPurpose":       p.ProofPurpose,
	}
}

// hashData returns what is signed (section 3.2.4): the hash of the proof's
// configuration, then the hash of the document.
func hashData(configuration, document []byte) []byte {
	first, second := sha256.Sum256(configuration), sha256.Sum256(document)
	return append(first[:], second[:]...)
}

// seal signs data and adds the proof to the document.
func seal(document []byte, p proof, key Key, data []byte) ([]byte, error) {
	public, err := key.public()
	if err != nil {
		return nil, err
	}
	if _, ok := public.(ed25519.PublicKey); !ok {
		return nil, keyError("%s needs an Ed25519 key", suite)
	}
	signature, err := key.Private.Sign(nil, data, crypto.Hash(0))
	if err != nil {
		return nil, err
	}
	p.ProofValue = "z" + base58.Encode(signature)
	member, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	body := bytes.TrimRight(bytes.TrimSuffix(bytes.TrimSpace(document), []byte("}")), " \t\r\n")
	return append(append(append(bytes.Clone(body), `,"proof":`...), member...), '}'), nil
}
