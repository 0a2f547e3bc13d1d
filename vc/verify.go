package vc

import (
	"crypto"
	"crypto/ed25519"
	"fmt"
	"maps"
	"reflect"
	"strings"

	"github.com/mr-tron/base58"
)

// maxProofs bounds the proofs of one document.
const maxProofs = 16

// Proof describes a proof of a document. It says nothing about whether it is right.
type Proof struct {
	Type               string
	Cryptosuite        string
	VerificationMethod string // address of the key
	Purpose            string
	Created, Expires   string // as written; may be empty
}

// Proofs returns the proofs of a document in their order, so that a caller can find
// their keys. A document without proof has none.
func Proofs(document []byte) ([]Proof, error) {
	parsed, err := parseDocument(document)
	if err != nil {
		return nil, err
	}
	members, err := proofsOf(parsed)
	if err != nil {
		return nil, err
	}
	proofs := make([]Proof, len(members))
	for i, p := range members {
		proofs[i] = Proof{
			Type: str(p["type"]), Cryptosuite: str(p["cryptosuite"]), VerificationMethod: str(p["verificationMethod"]),
			Purpose: str(p["proofPurpose"]), Created: str(p["created"]), Expires: str(p["expires"]),
		}
	}
	return proofs, nil
}

// VerifyProof checks that a document has an eddsa-rdfc-2022 proof by the key public.
// If the document has several proofs (a proof set), one by this key is enough: each
// covers the whole document without its proofs. A proof that follows another one (a
// proof chain) is not supported. The caller has found the key where the proof's
// verification method says, and checks dates and status.
//
// The result is ErrSignature if no proof is by this key or the document was changed,
// ErrUnsupported if no proof can be checked here, ErrMalformed if the document is refused.
func VerifyProof(document []byte, public crypto.PublicKey) error {
	key, ok := public.(ed25519.PublicKey)
	if !ok || len(key) != ed25519.PublicKeySize {
		return keyError("%s needs an Ed25519 key", suite)
	}
	parsed, err := parseDocument(document)
	if err != nil {
		return err
	}
	proofs, err := proofsOf(parsed)
	if err != nil {
		return err
	}
	if len(proofs) == 0 {
		return malformed("the document has no proof")
	}
	delete(parsed, proofMember)
	return verifyAny(parsed, proofs, key)
}

// verifyAny returns nil if one proof is right, and otherwise the most telling reason:
// a wrong signature before one that cannot be checked.
func verifyAny(document map[string]any, proofs []map[string]any, key ed25519.PublicKey) error {
	unchecked := unsupported("the document has no proof that can be checked")
	var wrong error
	for _, p := range proofs {
		if err := supported(p); err != nil {
			unchecked = err
			continue
		}
		err := verifyOne(document, p, key)
		if err == nil {
			return nil
		}
		wrong = err
	}
	if wrong != nil {
		return wrong
	}
	return unchecked
}

func proofsOf(document map[string]any) ([]map[string]any, error) {
	var proofs []map[string]any
	switch member := document[proofMember].(type) {
	case nil:
	case map[string]any:
		proofs = append(proofs, member)
	case []any:
		if len(member) > maxProofs {
			return nil, malformed("the document has more than %d proofs", maxProofs)
		}
		for _, item := range member {
			p, ok := item.(map[string]any)
			if !ok {
				return nil, malformed("a proof that is not an object")
			}
			proofs = append(proofs, p)
		}
	default:
		return nil, malformed("a proof that is not an object")
	}
	return proofs, nil
}

func supported(p map[string]any) error {
	switch {
	case str(p["type"]) != proofType:
		return unsupported("a proof of type %q", shorten(str(p["type"])))
	case str(p["cryptosuite"]) != suite:
		return unsupported("the cryptosuite %q", shorten(str(p["cryptosuite"])))
	case p["previousProof"] != nil:
		return unsupported("a chain of proofs")
	}
	return nil
}

// verifyOne follows section 3.2.2 of vc-di-eddsa.
func verifyOne(document, p map[string]any, key ed25519.PublicKey) error {
	if str(p["proofPurpose"]) != purpose {
		return malformed("the purpose of the proof is not %s", purpose)
	}
	if str(p["verificationMethod"]) == "" {
		return malformed("the proof names no verification method")
	}
	signature, err := decodeSignature(str(p["proofValue"]))
	if err != nil {
		return err
	}
	document, err = inContext(document, p["@context"])
	if err != nil {
		return err
	}
	canonical, err := canonicalise(document)
	if err != nil {
		return err
	}
	configuration := maps.Clone(p)
	delete(configuration, "proofValue")
	configuration["@context"] = document["@context"]
	canonicalConfiguration, err := canonicalise(configuration)
	if err != nil {
		return err
	}
	if !ed25519.Verify(key, hashData(canonicalConfiguration, canonical), signature) {
		return ErrSignature
	}
	return nil
}

// inContext returns the document with the context of the proof, if the proof has one:
// the document's own must begin with it.
func inContext(document map[string]any, context any) (map[string]any, error) {
	if context == nil {
		return document, nil
	}
	own, signed := list(document["@context"]), list(context)
	if len(own) < len(signed) || !reflect.DeepEqual(own[:len(signed)], signed) {
		return nil, fmt.Errorf("%w: the document has another context than the proof", ErrSignature)
	}
	document = maps.Clone(document)
	document["@context"] = context
	return document, nil
}

func decodeSignature(value string) ([]byte, error) {
	const longest = 128
	encoded, found := strings.CutPrefix(value, "z")
	if !found || len(value) > longest {
		return nil, malformed("a proof value that is not base58 with z in front")
	}
	signature, err := base58.Decode(encoded)
	if err != nil || len(signature) != ed25519.SignatureSize {
		return nil, malformed("a proof value that is not an Ed25519 signature")
	}
	return signature, nil
}

func list(value any) []any {
	if items, ok := value.([]any); ok {
		return items
	}
	return []any{value}
}

// str returns a JSON value that is text, or "".
func str(value any) string {
	s, _ := value.(string)
	return s
}
