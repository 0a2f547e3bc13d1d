package public_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/vc"
	"github.com/insigne-badges/insigne/web/webtest"
)

// revoked reports what the status list of an award says at its place.
func revoked(t *testing.T, s *webtest.Site, a badges.Assertion, purpose badges.StatusPurpose) bool {
	t.Helper()
	entries, err := s.Store.StatusEntries(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Purpose != purpose {
			continue
		}
		got := getAs(s, "/status/"+string(entry.List), credentialType)
		subject, _ := decode(t, got)["credentialSubject"].(map[string]any)
		encoded, _ := subject["encodedList"].(string)
		bits, err := vc.DecodeStatusList(encoded)
		if err != nil || subject["statusPurpose"] != string(purpose) || subject["ttl"] != 60_000.0 {
			t.Fatalf("%v: %s", err, got.Body)
		}
		set, err := vc.Status(bits, entry.Index)
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	t.Fatalf("no entry for %s", purpose)
	return false
}

// TestStatusList follows the bits of awards: a revocation sets one, a replacement sets
// one of another list, and what a learner hides changes none.
func TestStatusList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for history, want := range map[webtest.History]struct{ revocation, message bool }{
		webtest.Claimed: {false, false}, webtest.Revoked: {true, false}, webtest.Replaced: {false, true},
	} {
		a := s.MakeAward(t, history)
		if got := revoked(t, s, a, badges.ForRevocation); got != want.revocation {
			t.Errorf("%s: revoked %t", history, got)
		}
		if got := revoked(t, s, a, badges.ForMessage); got != want.message {
			t.Errorf("%s: has a message %t", history, got)
		}
	}
}

// TestStatusListIsSignedAnew checks that a list keeps its bytes until a bit changes, and
// that the next request then sees the change.
func TestStatusListIsSignedAnew(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Claimed)
	entries, err := s.Store.StatusEntries(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{credentialType, "application/vc+jwt"} {
		path := "/status/" + string(entries[0].List)
		first := getAs(s, path, form)
		s.Clock.Add(time.Hour)
		if again := getAs(s, path, form); first.Status != http.StatusOK || again.Body != first.Body || again.Header.Get("ETag") != first.Header.Get("ETag") {
			t.Errorf("%s: an unchanged list has other bytes", form)
		}
		s.TakeBack(t, s.MakeAwardFor(t, badges.UserID("revoked after "+form), webtest.Claimed))
		if changed := getAs(s, path, form); changed.Body == first.Body {
			t.Errorf("%s: the revocation is not seen", form)
		}
	}
	for path, want := range map[string]int{
		"/status/" + string(unknownID):                http.StatusNotFound,
		"/issuers/" + string(unknownID) + "/did.json": http.StatusNotFound,
	} {
		if got := s.Anybody().Get(path); got.Status != want {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
}

// rotating are keys that change to the next ones when a test says so.
type rotating struct {
	webtest.Keys

	next    credential.IssuerKeys // without P-256, which signs no list
	rotated atomic.Bool
}

func newRotating(t *testing.T) *rotating {
	t.Helper()
	_, proof, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	token, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &rotating{next: credential.IssuerKeys{
		Ed25519: []credential.SigningKey{{ID: "next-proof", Private: proof, SignsFrom: webtest.Day, Current: true}},
		RSA:     []credential.SigningKey{{ID: "next-token", Private: token, SignsFrom: webtest.Day, Current: true}},
	}}
}

// IssuerKeys implements credential.Keys.
func (k *rotating) IssuerKeys(ctx context.Context, issuer badges.IssuerID) (credential.IssuerKeys, error) {
	if k.rotated.Load() {
		return k.next, nil
	}
	return k.Keys.IssuerKeys(ctx, issuer)
}

// TestStatusListAfterRotation checks that an unchanged list is signed by the new key at
// once. Some verifiers check it with the first key of the DID document only, which is
// the new one.
func TestStatusListAfterRotation(t *testing.T) {
	t.Parallel()
	keys := newRotating(t)
	s := newSiteWith(t, keys)
	entries, err := s.Store.StatusEntries(t.Context(), s.MakeAward(t, webtest.Claimed).ID)
	if err != nil {
		t.Fatal(err)
	}
	path := "/status/" + string(entries[0].List)
	for _, form := range []string{"", credentialType} {
		if got := getAs(s, path, form); got.Status != http.StatusOK {
			t.Fatalf("%q: %d %s", form, got.Status, got.Body)
		}
	}
	keys.rotated.Store(true)
	if _, err := vc.VerifyJWT(getAs(s, path, "").Body, keys.next.RSA[0].Private.Public()); err != nil {
		t.Errorf("the JWT by the new key: %v", err)
	}
	if err := vc.VerifyProof([]byte(getAs(s, path, credentialType).Body), keys.next.Ed25519[0].Private.Public()); err != nil {
		t.Errorf("the proof by the new key: %v", err)
	}
}

// TestRevocationList reads the 2.0 list of an organisation. It names revoked and replaced
// awards by both of their ids, and tells no reason of one that is hidden.
func TestRevocationList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	want := map[string]string{}
	for history, reason := range map[webtest.History]string{
		webtest.Claimed: "", webtest.Revoked: webtest.Reason, webtest.Replaced: "Replaced by the next step", webtest.RevokedPrivate: "hidden",
	} {
		a := s.MakeAward(t, history)
		if history != webtest.Claimed {
			want[s.Links.Page(a.ID)], want["urn:uuid:"+string(a.ID)] = reason, reason
		}
	}
	list, _ := decode(t, s.Anybody().Get("/issuers/"+string(s.World.Issuer)+"/revocations.json"))["revokedAssertions"].([]any)
	if len(list) != len(want) {
		t.Errorf("%d entries, want %d: %v", len(list), len(want), list)
	}
	for _, entry := range list {
		e, _ := entry.(map[string]any)
		id, _ := e["id"].(string)
		reason, has := e["revocationReason"].(string)
		if expected, known := want[id]; !known || has == (expected == "hidden") || has && reason != expected {
			t.Errorf("%s: %q, want %q", id, reason, expected)
		}
	}
}
