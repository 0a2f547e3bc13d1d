package vc_test

import (
	"testing"

	"github.com/insigne-badges/insigne/vc"
)

func TestSignerGivesTheSameBytes(t *testing.T) {
	key := vc.Key{ID: "did:web:badges.example.org:issuers:7#key-1", Private: vectorKey(t)}
	signer := vc.NewSigner()
	for _, document := range badges(t, 20) {
		want, err := vc.Sign(document, key, signedAt)
		if err != nil {
			t.Fatal(err)
		}
		got, err := signer.Sign(document, key, signedAt)
		if err != nil {
			t.Fatal(err)
		}
		assertEqual(t, string(got), string(want))
	}
}
