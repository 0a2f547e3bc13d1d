package vc_test

import (
	"bytes"
	"crypto/elliptic"
	"os"
	"testing"

	"github.com/insigne-badges/insigne/vc"
)

// Whatever a stranger sends: no panic, and what is accepted has one meaning only.
func FuzzCanonicalise(f *testing.F) {
	badge, err := os.ReadFile("testdata/badge.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(badge)
	f.Add(with(`"name":"a"`))
	f.Add([]byte(`{"@context":{"x":{"@id":"https://x.example/x","@container":"@list"}},"@id":"_:b0","x":[1,true,{"x":[]}]}`))
	f.Add([]byte(`{"@context":{"x":{"@id":"https://x.example/x","@type":"@json"}},"x":{"a":[1,"b"]}}`))
	f.Add([]byte(`{"@context":{"r":{"@reverse":"https://x.example/r"}},"@id":"urn:uuid:1","r":{"@id":"urn:uuid:2"}}`))
	f.Add([]byte(`{"@context":{"@vocab":"https://x.example/"},"a":{"@graph":[{"b":"c"}]},"@type":["T","T"]}`))
	signer := vc.NewSigner()
	f.Fuzz(func(t *testing.T, document []byte) {
		canonical, err := vc.Canonicalise(document)
		quick, quickErr := signer.Canonicalise(document)
		if (err == nil) != (quickErr == nil) || !bytes.Equal(canonical, quick) {
			t.Fatalf("Canonicalise: %q, %v\nSigner: %q, %v", canonical, err, quick, quickErr)
		}
		if err != nil {
			return
		}
		again, err := vc.CanonicalStatements(string(canonical))
		if err != nil || !bytes.Equal(again, canonical) {
			t.Fatalf("canonical statements changed from\n%s\nto\n%s\n%v", canonical, again, err)
		}
	})
}

func FuzzVerifyProof(f *testing.F) {
	for _, name := range []string{"signedDataInt.json", "proof-sets/signedProofSet2.json", "proof-sets/signedProofChain2.json"} {
		f.Add(vector(f, name))
	}
	key := publicKey(f)
	f.Fuzz(func(t *testing.T, document []byte) {
		if err := vc.VerifyProof(document, key); err == nil {
			if proofs, err := vc.Proofs(document); err != nil || len(proofs) == 0 {
				t.Fatalf("a valid document with %d proofs, %v", len(proofs), err)
			}
		}
	})
}

func FuzzVerifyJWT(f *testing.F) {
	key := curveKey(f, elliptic.P256())
	token, err := vc.SignJWT([]byte(payload), vc.Key{ID: "k", Private: key})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		read, err := vc.VerifyJWT(token, key.Public())
		if err == nil && string(read) != payload {
			t.Fatalf("the key never signed %q", read)
		}
	})
}

func FuzzDecodeStatusList(f *testing.F) {
	f.Add(publishedEmptyList)
	f.Add("uH4sIAAAAAAAA_wMAAAAAAAAAAAA")
	f.Add("u")
	f.Fuzz(func(t *testing.T, encoded string) {
		bits, err := vc.DecodeStatusList(encoded)
		if err != nil {
			return
		}
		again, err := vc.EncodeStatusList(bits)
		if err != nil {
			t.Fatal(err)
		}
		read, err := vc.DecodeStatusList(again)
		if err != nil || !bytes.Equal(read, bits) {
			t.Fatalf("a list changes when it is written and read again: %v", err)
		}
	})
}

func FuzzDIDDocumentURL(f *testing.F) {
	f.Add("did:web:x.example%3A8443:issuers:1")
	f.Add("did:web:x.example:..")
	f.Fuzz(func(t *testing.T, did string) {
		address, err := vc.DIDDocumentURL(did)
		if err == nil && (len(address) < len("https://a/did.json") || address[:8] != "https://") {
			t.Fatalf("%q became %q", did, address)
		}
	})
}
