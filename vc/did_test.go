package vc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/insigne-badges/insigne/vc"
)

func TestDIDWeb(t *testing.T) {
	tests := []struct {
		name, base string
		path       []string
		did, url   string
	}{
		{"a host", "https://badges.example.org", nil, "did:web:badges.example.org", "https://badges.example.org/.well-known/did.json"},
		{"a path", "https://badges.example.org", []string{"issuers", "1"}, "did:web:badges.example.org:issuers:1", "https://badges.example.org/issuers/1/did.json"},
		{"a port", "https://badges.example.org:8443", []string{"issuers", "1"}, "did:web:badges.example.org%3A8443:issuers:1", "https://badges.example.org:8443/issuers/1/did.json"},
		{"a slash and capitals", "https://Badges.Example.org/", []string{"a_b", "c-d.e"}, "did:web:badges.example.org:a_b:c-d.e", "https://badges.example.org/a_b/c-d.e/did.json"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			did, err := vc.DIDWeb(test.base, test.path...)
			if err != nil {
				t.Fatal(err)
			}
			assertEqual(t, did, test.did)
			address, err := vc.DIDDocumentURL(did)
			if err != nil {
				t.Fatal(err)
			}
			assertEqual(t, address, test.url)
		})
	}
}

func TestDIDWebRefuses(t *testing.T) {
	for _, base := range []string{"", "badges.example.org", "ftp://x.example", "https://", "https://x.example/path", "https://u@x.example", "https://x.example?a", "https://x.example#a", "https://[::1]:80", "://"} {
		if did, err := vc.DIDWeb(base); !errors.Is(err, vc.ErrMalformed) {
			t.Errorf("%q became %q, error %v", base, did, err)
		}
	}
	for _, segment := range []string{"", ".", "..", "a/b", "a:b", "a%2Fb", "é", "a b"} {
		if did, err := vc.DIDWeb("https://x.example", segment); !errors.Is(err, vc.ErrMalformed) {
			t.Errorf("the path %q became %q, error %v", segment, did, err)
		}
	}
}

// The address of a stranger's DID must stay on its host, in the form of an address.
func TestDIDDocumentURLRefuses(t *testing.T) {
	tests := map[string]error{
		"did:key:z6Mk":                       vc.ErrUnsupported,
		"https://x.example":                  vc.ErrUnsupported,
		"did:web:":                           vc.ErrMalformed,
		"did:web:x.example%2F..":             vc.ErrMalformed,
		"did:web:user%40x.example":           vc.ErrMalformed,
		"did:web:x.example%3A":               vc.ErrMalformed,
		"did:web:x.example%3A80%3A90":        vc.ErrMalformed,
		"did:web:x.example%3A123456":         vc.ErrMalformed,
		"did:web:x.example:..:admin":         vc.ErrMalformed,
		"did:web:x.example::a":               vc.ErrMalformed,
		"did:web:x.example:a%2Fb":            vc.ErrMalformed,
		"did:web:x.example/a":                vc.ErrMalformed,
		"did:web:x.example?a":                vc.ErrMalformed,
		"did:web:x..example":                 vc.ErrMalformed,
		"did:web:%zz":                        vc.ErrMalformed,
		"did:web:x.example#key":              vc.ErrMalformed,
		"did:web:" + strings.Repeat("ä", 40): vc.ErrMalformed,
	}
	for did, want := range tests {
		if address, err := vc.DIDDocumentURL(did); !errors.Is(err, want) {
			t.Errorf("%q became %q, error %v, want %v", did, address, err, want)
		}
	}
}

func TestNewDIDDocument(t *testing.T) {
	curve, long := curveKey(t, elliptic.P256()), rsaKey(t, 2048)
	document, err := vc.NewDIDDocument(issuerDID, []vc.Method{
		{ID: issuerDID + "#ed", Public: publicKey(t)},
		{ID: issuerDID + "#rsa", Public: long.Public()},
		{ID: issuerDID + "#p256", Public: curve.Public()},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Context            []string `json:"@context"`
		ID                 string
		AssertionMethod    []string
		VerificationMethod []struct {
			ID, Type, Controller, PublicKeyMultibase string
			PublicKeyJwk                             json.RawMessage
		}
	}
	if err := json.Unmarshal(document, &got); err != nil {
		t.Fatal(err)
	}
	assertEqual(t, got.ID, issuerDID)
	assertEqual(t, got.AssertionMethod, []string{issuerDID + "#ed", issuerDID + "#rsa", issuerDID + "#p256"})
	assertEqual(t, got.Context, []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1", "https://w3id.org/security/jwk/v1"})
	for i, want := range []string{"Multikey", "JsonWebKey", "JsonWebKey"} {
		method := got.VerificationMethod[i]
		assertEqual(t, []string{method.ID, method.Type, method.Controller}, []string{got.AssertionMethod[i], want, issuerDID})
	}
	assertEqual(t, got.VerificationMethod[0].PublicKeyMultibase, "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
	assertJWK(t, got.VerificationMethod[1].PublicKeyJwk, &long.PublicKey)
	assertJWK(t, got.VerificationMethod[2].PublicKeyJwk, &curve.PublicKey)
}

// assertJWK reads a key with a library that did not write it.
func assertJWK(t *testing.T, data []byte, want interface{ Equal(crypto.PublicKey) bool }) {
	t.Helper()
	key, err := jwk.ParseKey(data)
	if err != nil {
		t.Fatal(err)
	}
	var raw any
	if err := key.Raw(&raw); err != nil {
		t.Fatal(err)
	}
	if !want.Equal(raw) {
		t.Errorf("%s is another key", data)
	}
}

func TestNewDIDDocumentRefusesWeakKeys(t *testing.T) {
	for name, public := range map[string]any{"short RSA": shortKey{}.Public(), "P-384": curveKey(t, elliptic.P384()).Public(), "no key": nil} {
		if _, err := vc.NewDIDDocument(issuerDID, []vc.Method{{ID: issuerDID + "#a", Public: public}}); !errors.Is(err, vc.ErrKey) {
			t.Errorf("%s: error %v, want ErrKey", name, err)
		}
	}
}

func TestNewDIDDocumentWithoutKeys(t *testing.T) {
	document, err := vc.NewDIDDocument(issuerDID, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(document), `"verificationMethod":[],"assertionMethod":[]`) {
		t.Errorf("document %s", document)
	}
}

func TestMultikey(t *testing.T) {
	curve := curveKey(t, elliptic.P256())
	text, err := vc.EncodeMultikey(curve.Public())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text, "zDna") {
		t.Errorf("a P-256 key begins with zDna, not %s", text)
	}
	read, err := vc.DecodeMultikey(text)
	if err != nil {
		t.Fatal(err)
	}
	if !curve.PublicKey.Equal(read) {
		t.Error("another key was read than written")
	}
	// The P-256 key of the example in section 2.2.2 of Controlled Identifiers 1.0.
	if key, err := vc.DecodeMultikey("zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"); err != nil {
		t.Error(err)
	} else if _, ok := key.(*ecdsa.PublicKey); !ok {
		t.Errorf("a %T", key)
	}
}

func TestDecodeMultikeyRefuses(t *testing.T) {
	tests := map[string]error{
		"":                      vc.ErrKey,
		"z":                     vc.ErrKey,
		"u7QF":                  vc.ErrKey,
		"z0OIl":                 vc.ErrKey,
		"z6MkrJVnaZkeFzdQyMZu1": vc.ErrUnsupported,
		"z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq": vc.ErrUnsupported, // a private key
		"z" + strings.Repeat("1", 500):                     vc.ErrKey,
	}
	for text, want := range tests {
		if _, err := vc.DecodeMultikey(text); !errors.Is(err, want) {
			t.Errorf("%q: error %v, want %v", text, err, want)
		}
	}
}
