package vc_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/vc"
)

func TestSignKeepsTheDocumentAndAddsAProof(t *testing.T) {
	document := []byte("{ \"@context\" : \"https://www.w3.org/ns/credentials/v2\",\n  \"id\": \"urn:uuid:1\", \"name\": \"<é>\" \n }\n")
	signed, err := vc.Sign(document, badgeKey(t), time.Date(2026, 11, 30, 10, 15, 0, 999, time.FixedZone("", 3600)))
	if err != nil {
		t.Fatal(err)
	}
	kept, member, _ := strings.Cut(string(signed), `,"proof":`)
	assertEqual(t, kept, strings.TrimRight(string(document), "} \n"))
	var got map[string]string
	if err := json.Unmarshal([]byte(strings.TrimSuffix(member, "}")), &got); err != nil {
		t.Fatal(err)
	}
	got["proofValue"] = got["proofValue"][:1]
	assertEqual(t, got, map[string]string{
		"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-11-30T09:15:00Z",
		"verificationMethod": issuerDID + "#key-1", "proofPurpose": "assertionMethod", "proofValue": "z",
	})
	again, err := vc.Sign(document, badgeKey(t), signedAt)
	if err != nil || !bytes.Equal(again, signed) {
		t.Errorf("a second signature differs: %s, %v", again, err)
	}
}

// The vectors of appendix B.2 come with their statements and hashes: the citizenship
// vocabulary that they use is none of ours.
func TestPublishedStatementsGiveThePublishedSignature(t *testing.T) {
	for _, folder := range []string{"", "employ/"} {
		var hashes []byte
		for _, name := range []string{"proofCanonDataInt.txt", "canonDocDataInt.txt"} {
			statements := bytes.TrimSpace(vector(t, folder+name))
			canonical, err := vc.CanonicalStatements(string(statements))
			if err != nil {
				t.Fatal(err)
			}
			assertEqual(t, string(bytes.TrimSpace(canonical)), string(statements))
			sum := sha256.Sum256(canonical)
			hashes = append(hashes, sum[:]...)
		}
		assertEqual(t, hex.EncodeToString(hashes), strings.TrimSpace(string(vector(t, folder+"combinedHashDataInt.txt"))))
		signature := ed25519.Sign(vectorKey(t), hashes)
		assertEqual(t, hex.EncodeToString(signature), strings.TrimSpace(string(vector(t, folder+"sigHexDataInt.txt"))))
	}
}

// Proof sets and chains of the published vectors: each proof of a set covers the
// document; a proof that follows others does not count.
func TestVerifyProofSets(t *testing.T) {
	var pairs map[string]struct{ PublicKeyMultibase string }
	if err := json.Unmarshal(vector(t, "proof-sets/multiKeyPairs.json"), &pairs); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, file, key string
		want            error
	}{
		{"a set of one", "signedProofSet1.json", "keyPair1", nil},
		{"first of a set", "signedProofSet2.json", "keyPair1", nil},
		{"second of a set", "signedProofSet2.json", "keyPair2", nil},
		{"a stranger to the set", "signedProofSet2.json", "keyPair3", vc.ErrSignature},
		{"a chain of one: a proof before it", "signedProofChain1.json", "keyPair1", nil},
		{"a chain of one: its proof", "signedProofChain1.json", "keyPair3", vc.ErrSignature},
		{"a set with a chain: a proof of the set", "signedProofChain2.json", "keyPair2", nil},
		{"a set with a chain: a proof of the chain", "signedProofChain2.json", "keyPair4", vc.ErrSignature},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			key, err := vc.DecodeMultikey(pairs[test.key].PublicKeyMultibase)
			if err != nil {
				t.Fatal(err)
			}
			if err := vc.VerifyProof(vector(t, "proof-sets/"+test.file), key); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func TestProofsOfADocument(t *testing.T) {
	proofs, err := vc.Proofs(vector(t, "proof-sets/signedProofSet2.json"))
	if err != nil || len(proofs) != 2 {
		t.Fatalf("%d proofs, %v", len(proofs), err)
	}
	const method = "did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E#z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E"
	assertEqual(t, proofs[1], vc.Proof{
		Type: "DataIntegrityProof", Cryptosuite: "eddsa-rdfc-2022", VerificationMethod: method,
		Purpose: "assertionMethod", Created: "2023-02-24T23:36:38Z",
	})
	if proofs, err := vc.Proofs(with("")); err != nil || len(proofs) != 0 {
		t.Errorf("%d proofs of an unsigned document, %v", len(proofs), err)
	}
}

// Each byte of a signed document counts: another one makes it false, unreadable or
// unverifiable, and never valid. White space means nothing.
func TestVerifyProofDetectsFlippedBytes(t *testing.T) {
	tests := []struct {
		name     string
		document []byte
		step     int
	}{
		{"every byte of a small document", with(`"name":"a"`), 1},
		{"some bytes of a badge", badges(t, 1)[0], 61},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			signed, err := vc.Sign(test.document, badgeKey(t), signedAt)
			if err != nil {
				t.Fatal(err)
			}
			step := test.step
			if testing.Short() {
				step *= 7
			}
			for i := 0; i < len(signed); i += step {
				if strings.ContainsRune(" \n", rune(signed[i])) {
					continue
				}
				flipped := bytes.Clone(signed)
				flipped[i] ^= 1
				if err := vc.VerifyProof(flipped, publicKey(t)); err == nil {
					t.Fatalf("byte %d of %q can be flipped", i, signed[max(0, i-20):min(len(signed), i+20)])
				}
			}
		})
	}
}

func TestVerifyProofRefuses(t *testing.T) {
	signed, err := vc.Sign(with(`"name":"a"`), badgeKey(t), signedAt)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, replacement string) []byte {
		changed := bytes.Replace(signed, []byte(old), []byte(replacement), 1)
		if bytes.Equal(changed, signed) {
			t.Fatalf("%q is not in the document", old)
		}
		return changed
	}
	tests := []struct {
		name     string
		document []byte
		key      any
		want     error
	}{
		{"another key", signed, other, vc.ErrSignature},
		{"a key of another kind", signed, curve.Public(), vc.ErrKey},
		{"no proof", with(`"name":"a"`), publicKey(t), vc.ErrMalformed},
		{"another text", change(`"name":"a"`, `"name":"b"`), publicKey(t), vc.ErrSignature},
		{"another date of the proof", change("2026-11-30T09:15:00Z", "2026-11-30T09:15:01Z"), publicKey(t), vc.ErrSignature},
		{"another method", change("#key-1", "#key-2"), publicKey(t), vc.ErrSignature},
		{"another purpose", change("assertionMethod", "authentication"), publicKey(t), vc.ErrMalformed},
		{"another suite", change("eddsa-rdfc-2022", "ecdsa-sd-2023"), publicKey(t), vc.ErrUnsupported},
		{"another type of proof", change("DataIntegrityProof", "Ed25519Signature2020"), publicKey(t), vc.ErrUnsupported},
		{"a chain", change(`"proofPurpose"`, `"previousProof":"urn:uuid:9","proofPurpose"`), publicKey(t), vc.ErrUnsupported},
		{"no base58", change(`"proofValue":"z`, `"proofValue":"u`), publicKey(t), vc.ErrMalformed},
		{"a short signature", change(`"proofValue":"z`, `"proofValue":"z2","x":"`), publicKey(t), vc.ErrMalformed},
		{"a proof that is text", []byte(strings.Replace(minimal, "%s", `,"proof":"a"`, 1)), publicKey(t), vc.ErrMalformed},
		{"a list of text", []byte(strings.Replace(minimal, "%s", `,"proof":["a"]`, 1)), publicKey(t), vc.ErrMalformed},
		{"an empty list", []byte(strings.Replace(minimal, "%s", `,"proof":[]`, 1)), publicKey(t), vc.ErrMalformed},
		{"17 proofs", []byte(strings.Replace(minimal, "%s", `,"proof":[{}`+strings.Repeat(",{}", 16)+`]`, 1)), publicKey(t), vc.ErrMalformed},
		{"a context after signing", change(`"https://www.w3.org/ns/credentials/v2"`, `["https://www.w3.org/ns/credentials/v2","https://x.example/unknown"]`), publicKey(t), vc.ErrUnsupported},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := vc.VerifyProof(test.document, test.key); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

// A proof may bring the context; the document's own must begin with it (section 3.2.2).
func TestVerifyProofWithAContextOfItsOwn(t *testing.T) {
	signed, err := vc.Sign(with(`"name":"a"`), badgeKey(t), signedAt)
	if err != nil {
		t.Fatal(err)
	}
	withContext := bytes.Replace(signed, []byte(`"proof":{`), []byte(`"proof":{"@context":"https://www.w3.org/ns/credentials/v2",`), 1)
	if err := vc.VerifyProof(withContext, publicKey(t)); err != nil {
		t.Errorf("the context of the document: %v", err)
	}
	foreign := bytes.Replace(signed, []byte(`"proof":{`), []byte(`"proof":{"@context":"https://www.w3.org/2018/credentials/v1",`), 1)
	if err := vc.VerifyProof(foreign, publicKey(t)); !errors.Is(err, vc.ErrSignature) {
		t.Errorf("another context: error %v, want ErrSignature", err)
	}
}

func TestSignNeedsAnEd25519Key(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vc.Sign(with(""), vc.Key{ID: issuerDID + "#p", Private: key}, signedAt); !errors.Is(err, vc.ErrKey) {
		t.Errorf("error %v, want ErrKey", err)
	}
	if _, err := vc.Sign(with(""), vc.Key{ID: issuerDID + "#none"}, signedAt); !errors.Is(err, vc.ErrKey) {
		t.Errorf("no key: error %v, want ErrKey", err)
	}
	if _, err := vc.Sign(with(""), vc.Key{ID: "key-1", Private: vectorKey(t)}, signedAt); !errors.Is(err, vc.ErrMalformed) {
		t.Errorf("a key without address: error %v, want ErrMalformed", err)
	}
}
