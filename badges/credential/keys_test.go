package credential_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/vc"
)

// keys are those of one organisation.
type keys map[badges.IssuerID]credential.IssuerKeys

func (k keys) IssuerKeys(_ context.Context, id badges.IssuerID) (credential.IssuerKeys, error) {
	return found(k, id)
}

// twoRSA makes two RSA keys once, because that takes long.
var twoRSA = sync.OnceValues(func() (list [2]*rsa.PrivateKey, err error) {
	for i := range list {
		if list[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			break
		}
	}
	return list, err
})

// testKeys returns the keys of the sample's organisation: of each kind one that
// signed for a year, and one that has signed since.
func testKeys(t testing.TB) keys {
	t.Helper()
	pair, err := twoRSA()
	if err != nil {
		t.Fatal(err)
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key := func(id string, private crypto.Signer) credential.SigningKey {
		k := credential.SigningKey{ID: id, Private: private, SignsFrom: day.AddDate(-2, 0, 0), Current: !strings.HasPrefix(id, "old-")}
		if k.Current {
			k.SignsFrom = day.AddDate(-1, 0, 0)
		}
		return k
	}
	return keys{"issuer-1": {
		Ed25519: []credential.SigningKey{key("old-ed", edKey("old")), key("ed", edKey("current"))},
		RSA:     []credential.SigningKey{key("old-rsa", pair[0]), key("rsa", pair[1])},
		P256:    []credential.SigningKey{key("p256", p256)},
	}}
}

// edKey returns the same key for the same name, so that signed documents can be
// compared with files.
func edKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// TestSignedByCurrentKey checks that documents are signed by the current key, at
// the time of the claim or when the key began to sign, and verify with it alone.
func TestSignedByCurrentKey(t *testing.T) {
	d, award := documents(t), with("fr", shown)
	for claimed, want := range map[string]string{"2026-03-02": "2026-03-02T09:30:00Z", "2024-01-01": "2025-03-01T09:30:00Z"} {
		award.Assertion.DecidedAt = day
		if claimed == "2026-03-02" {
			award.Assertion.DecidedAt = day.AddDate(0, 0, 1)
		} else {
			award.Assertion.DecidedAt = day.AddDate(-3, 0, 0)
		}
		document, err := d.Credential(t.Context(), award)
		if err != nil {
			t.Fatal(err)
		}
		proofs, err := vc.Proofs(document)
		if err != nil || len(proofs) != 1 || proofs[0].VerificationMethod != "did:web:badges.example.org:issuers:issuer-1#ed" {
			t.Fatalf("%+v, %v", proofs, err)
		}
		if !strings.Contains(string(document), `"created":"`+want+`"`) {
			t.Errorf("claimed %s: want the signature at %s: %s", claimed, want, document)
		}
		if err := vc.VerifyProof(document, edKey("current").Public()); err != nil {
			t.Errorf("with the current key: %v", err)
		}
		if err := vc.VerifyProof(document, edKey("old").Public()); err == nil {
			t.Error("the old key verifies it too")
		}
	}
	token, err := d.JWT(t.Context(), award)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := twoRSA()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vc.VerifyJWT(token, pair[1].Public()); err != nil {
		t.Errorf("the JWT: %v", err)
	}
	if _, err := vc.VerifyJWT(token, pair[0].Public()); err == nil {
		t.Error("the old key verifies the JWT too")
	}
}

// TestPublishedKeys checks that every key of an organisation stays published, in
// the DID document and at an address of its own.
func TestPublishedKeys(t *testing.T) {
	d, issuer := documents(t), sample("fr").Issuer
	body, err := d.DIDDocument(t.Context(), issuer, d.Links)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		ID                 string
		VerificationMethod []struct{ ID, Type, Controller string }
		AssertionMethod    []string
	}
	if err := json.Unmarshal(body, &document); err != nil {
		t.Fatal(err)
	}
	const did = "did:web:badges.example.org:issuers:issuer-1"
	want := []string{did + "#rsa", did + "#ed", did + "#p256", did + "#old-rsa", did + "#old-ed"}
	if document.ID != did || !slices.Equal(document.AssertionMethod, want) || len(document.VerificationMethod) != len(want) {
		t.Errorf("%s", body)
	}
	for _, m := range document.VerificationMethod {
		if m.Controller != did {
			t.Errorf("%s is controlled by %s", m.ID, m.Controller)
		}
	}
	class, err := d.Issuer(t.Context(), issuer, d.Links)
	if err != nil || !slices.Equal(class.PublicKey, []string{base + "/issuers/issuer-1/keys/old-rsa"}) {
		t.Errorf("keys of the 2.0 profile: %v, %v", class.PublicKey, err)
	}
	for id, rsaKey := range map[string]bool{"old-rsa": true, "rsa": true, "ed": false, "p256": false, "unknown": false} {
		jwk, err := d.JWK(t.Context(), issuer, id)
		if (err == nil) == (id == "unknown") || id != "unknown" && !strings.Contains(string(jwk), `"kid":"`+id+`"`) || strings.Contains(string(jwk), `"d":`) {
			t.Errorf("JWK of %s: %s, %v", id, jwk, err)
		}
		key, err := d.CryptographicKey(t.Context(), issuer, id, d.Links)
		if (err == nil) != rsaKey || rsaKey && (key.ID != base+"/issuers/issuer-1/keys/"+id || !strings.HasPrefix(key.PublicKeyPEM, "-----BEGIN PUBLIC KEY-----")) {
			t.Errorf("2.0 key %s: %+v, %v", id, key, err)
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			t.Errorf("2.0 key %s: %v, want not found", id, err)
		}
	}
}

// TestWithoutKeys checks that nothing is signed while the keys are not made, and
// that the hosted document needs none.
func TestWithoutKeys(t *testing.T) {
	d, award := documents(t), sample("fr")
	d = credential.NewDocuments(d.Links, d.Words, keys{"issuer-1": {}})
	if _, err := d.Assertion(award); err != nil {
		t.Errorf("hosted: %v", err)
	}
	for name, err := range map[string]error{
		"signed":     second(d.Signed(t.Context(), award)),
		"credential": second(d.Credential(t.Context(), award)),
		"JWT":        second(d.JWT(t.Context(), award)),
		"PNG":        second(d.PNG(t.Context(), award, dot(t))),
		"list":       second(d.StatusList(t.Context(), badges.StatusList{ID: "l", Issuer: "issuer-1", BaseURL: base, Purpose: badges.ForRevocation, ChangedAt: day}, nil)),
	} {
		if fault.KindOf(err) != fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
