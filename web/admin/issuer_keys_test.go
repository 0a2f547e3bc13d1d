package admin_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/webtest"
)

// keyPath returns the path of the form that changes the keys of an organisation.
func keyPath(s *site, issuer badges.IssuerID) string {
	return s.path("/issuers/" + string(issuer) + "/keys")
}

func (s *site) keys(t *testing.T, issuer badges.IssuerID) []keyring.Key {
	t.Helper()
	keys, err := s.orgKeys.Keys(t.Context(), string(issuer))
	must(t, err)
	return keys
}

// TestKeysOfSavedIssuer makes the keys of an organisation when it is saved, once. A
// page that is only read makes none.
func TestKeysOfSavedIssuer(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	a := b.Get(s.path(""))
	shows(t, a, http.StatusOK, "did:web:badges.lutece.example:issuers:"+string(s.World.Issuer), "The keys are being made.")
	if keys := s.keys(t, s.World.Issuer); len(keys) > 0 || a.Shows("Change to the next keys now") {
		t.Fatalf("a page made %d keys, or lets change to keys that are not there", len(keys))
	}
	form := url.Values{"id": {string(s.World.Issuer)}, "name": {"Université"}, "url": {"https://u.example"}, "email": {"u@u.example"}}
	var first []keyring.Key
	for range 2 {
		leadsTo(t, b.Post(s.path("/issuers"), form), s.path("#issuers"))
		keys := s.keys(t, s.World.Issuer)
		if first == nil {
			first = keys
		}
		if len(keys) != 6 || keys[1].ID != first[1].ID {
			t.Errorf("%d keys, want the same six", len(keys))
		}
	}
	a = b.Get(s.path(""))
	shows(t, a, http.StatusOK, "Open Badges 3.0 with an embedded proof (Ed25519) 1 March 2026 1 March 2027 0", "Open Badges 3.0 as JWTs (RSA); its first key also signs Open Badges 2.0 1 March 2026 1 March 2027 0")
	if strings.Contains(a.Body, "PRIVATE") {
		t.Error("the page has a private key")
	}
}

// TestUseNextIssuerKeys changes to the keys that are published already. Those of other
// organisations stay.
func TestUseNextIssuerKeys(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	var other badges.IssuerID
	s.tx(t, func(ctx context.Context, tx *store.Tx) (err error) {
		other, err = tx.SaveIssuer(ctx, badges.Issuer{Platform: s.World.Course.Platform, Name: "Faculté", URL: "https://f.example", Email: "f@f.example"})
		return err
	})
	for _, id := range []badges.IssuerID{s.World.Issuer, other} {
		must(t, s.orgKeys.Rotate(t.Context(), string(id)))
	}
	before, others := s.keys(t, s.World.Issuer), s.keys(t, other)
	leadsTo(t, b.Post(keyPath(s, s.World.Issuer), nil), s.path("#issuers"))
	after := s.keys(t, s.World.Issuer)
	for i := range 3 {
		next, current, previous := after[3*i], after[3*i+1], after[3*i+2]
		if current.ID != before[2*i].ID || current.State != keyring.Current || previous.ID != before[2*i+1].ID || next.State != keyring.Next {
			t.Errorf("keys %+v, before %+v", after[3*i:3*i+3], before[2*i:2*i+2])
		}
	}
	if diff := cmp.Diff(ids(others), ids(s.keys(t, other))); diff != "" {
		t.Errorf("keys of another organisation: %s", diff)
	}
	shows(t, b.Get(s.path("")), http.StatusOK, "(P-256) 1 March 2026 1 March 2027 1", "the first RSA key of an organisation always signs them", "Earlier keys stay published for ever")
	if acts := s.acts(t, ""); !slices.Contains(acts, "admin key_promoted") || !slices.Contains(acts, "admin key_retired") {
		t.Errorf("audit log %v", acts)
	}
}

func ids(keys []keyring.Key) (ids []string) {
	for _, k := range keys {
		ids = append(ids, k.ID+" "+string(k.State))
	}
	return ids
}

// TestForeignIssuerKeys refuses to change keys of an organisation of another platform.
func TestForeignIssuerKeys(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	other := s.another(t, "https://other.example")
	var foreign badges.IssuerID
	s.tx(t, func(ctx context.Context, tx *store.Tx) (err error) {
		foreign, err = tx.SaveIssuer(ctx, badges.Issuer{Platform: other, Name: "Other", URL: "https://o.example", Email: "o@o.example"})
		return err
	})
	must(t, s.orgKeys.Rotate(t.Context(), string(foreign)))
	before := ids(s.keys(t, foreign))
	for _, id := range []badges.IssuerID{foreign, webtest.ID} {
		shows(t, b.Post(keyPath(s, id), nil), http.StatusNotFound, "There is nothing at this address.")
	}
	if diff := cmp.Diff(before, ids(s.keys(t, foreign))); diff != "" {
		t.Errorf("keys changed: %s", diff)
	}
	if keys := s.keys(t, webtest.ID); len(keys) > 0 {
		t.Errorf("an organisation that does not exist has %d keys", len(keys))
	}
}
