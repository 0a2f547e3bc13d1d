package vc_test

import (
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/vc"
)

func ExampleSign() {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) // never such a key
	did, err := vc.DIDWeb("https://badges.example.org", "issuers", "1")
	if err != nil {
		fmt.Println(err)
		return
	}
	credential := fmt.Sprintf(`{"@context":"https://www.w3.org/ns/credentials/v2","type":"VerifiableCredential",`+
		`"issuer":%q,"credentialSubject":{"id":"did:example:zoe"}}`, did)
	signed, err := vc.Sign([]byte(credential), vc.Key{ID: did + "#key-1", Private: key}, time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(vc.VerifyProof(signed, key.Public()))
	signed[len(credential)/2] ^= 1
	fmt.Println(vc.VerifyProof(signed, key.Public()) == nil)
	// Output:
	// <nil>
	// false
}
