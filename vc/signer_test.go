package vc_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/vc"
)

func TestSignerGivesTheSameBytes(t *testing.T) {
	key, signer := badgeKey(t), vc.NewSigner()
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
	// One shape for the badge, one for the proof.
	if shapes, usable := signer.Remembers(); shapes != 2 || usable != 2 {
		t.Errorf("the signer remembers %d shapes, %d usable, want 2 and 2", shapes, usable)
	}
}

func TestSignerForManyGoroutines(t *testing.T) {
	key, signer := badgeKey(t), vc.NewSigner()
	documents := badges(t, 8)
	want, err := vc.Sign(documents[3], key, signedAt)
	if err != nil {
		t.Fatal(err)
	}
	results := make([]string, len(documents))
	var all sync.WaitGroup
	for i := range documents {
		all.Go(func() {
			sign := signer.Sign
			if i%2 == 0 {
				sign = vc.Sign // reads the same contexts at the same time
			}
			signed, err := sign(documents[i], key, signedAt)
			results[i] = fmt.Sprint(string(signed), err)
		})
	}
	all.Wait()
	assertEqual(t, results[3], fmt.Sprint(string(want), nil))
}

func TestSignerRemembersABoundedNumberOfShapes(t *testing.T) {
	signer := vc.NewSigner()
	for i := range vc.MaxShapes + 10 {
		// The number of a document is part of its shape.
		if _, err := signer.Canonicalise(fmt.Appendf(nil, `{"@context":"https://w3id.org/security/multikey/v1","id":"urn:uuid:1","https://x.example/n":%d}`, i)); err != nil {
			t.Fatal(err)
		}
	}
	if shapes, _ := signer.Remembers(); shapes > vc.MaxShapes {
		t.Errorf("the signer remembers %d shapes", shapes)
	}
}
