package lti_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

// toolKey is one for the tests that need no other beside it: keys are slow to make.
var toolKey = sync.OnceValue(func() lti.SigningKey {
	return lti.SigningKey{ID: rand.Text(), Private: makeKey(2048)}
})

func newSigningKey(t *testing.T) lti.SigningKey {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return lti.SigningKey{ID: rand.Text(), Private: private}
}

func TestPublicKeys(t *testing.T) { // cases 91 and 92
	f := newFixture(t)
	f.store.keys = []lti.SigningKey{newSigningKey(t), newSigningKey(t)}
	raw, err := f.tool.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(raw, &set); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, k := range set.Keys {
		ids = append(ids, k["kid"])
		var names []string
		for name := range k {
			names = append(names, name)
		}
		slices.Sort(names)
		if diff := cmp.Diff([]string{"alg", "e", "kid", "kty", "n", "use"}, names); diff != "" {
			t.Errorf("members of a key: %s", diff)
		}
		if k["alg"] != "RS256" || k["use"] != "sig" || k["kty"] != "RSA" {
			t.Errorf("key is %s for %s with %s, want RSA for sig with RS256", k["kty"], k["use"], k["alg"])
		}
	}
	if diff := cmp.Diff([]string{f.store.keys[0].ID, f.store.keys[1].ID}, ids); diff != "" || ids[0] == ids[1] {
		t.Errorf("key ids: %s", diff)
	}
}
