package vc_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mr-tron/base58"

	"github.com/insigne-badges/insigne/vc"
)

// The files in testdata/vc-di-eddsa are the test vectors of "Data Integrity EdDSA
// Cryptosuites v1.0", appendix B.

func vector(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "vc-di-eddsa", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// vectorKey returns the key that signed the vectors.
func vectorKey(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	var pair struct{ PrivateKeyMultibase string }
	if err := json.Unmarshal(vector(t, "keyPair.json"), &pair); err != nil {
		t.Fatal(err)
	}
	return privateKey(t, pair.PrivateKeyMultibase)
}

func privateKey(t testing.TB, multibase string) ed25519.PrivateKey {
	t.Helper()
	data, err := base58.Decode(strings.TrimPrefix(multibase, "z"))
	if err != nil {
		t.Fatal(err)
	}
	return ed25519.NewKeyFromSeed(data[2:])
}

func TestSignGivesThePublishedSignature(t *testing.T) {
	key := vectorKey(t)
	public, err := vc.EncodeMultikey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	signed, err := vc.Sign(vector(t, "unsigned.json"), vc.Key{ID: "did:key:" + public + "#" + public, Private: key},
		time.Date(2023, 2, 24, 23, 36, 38, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(signed, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(vector(t, "signedDataInt.json"), &want); err != nil {
		t.Fatal(err)
	}
	assertEqual(t, got, want)
	if err := vc.VerifyProof(signed, key.Public()); err != nil {
		t.Errorf("VerifyProof of our own signature: %v", err)
	}
}

func TestCanonicaliseGivesThePublishedStatements(t *testing.T) {
	got, err := vc.Canonicalise(vector(t, "unsigned.json"))
	if err != nil {
		t.Fatal(err)
	}
	assertEqual(t, strings.TrimSpace(string(got)), strings.TrimSpace(string(vector(t, "canonDocDataInt.txt"))))
}

func TestVerifyPublishedSignature(t *testing.T) {
	signed := vector(t, "signedDataInt.json")
	public := vectorKey(t).Public()
	if err := vc.VerifyProof(signed, public); err != nil {
		t.Errorf("VerifyProof: %v", err)
	}
	changed := bytes.Replace(signed, []byte("The School of Examples"), []byte("The School of Exemples"), 1)
	if err := vc.VerifyProof(changed, public); err == nil {
		t.Error("VerifyProof accepted a changed document")
	}
}
