package keyring_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// ltiRing returns the ring of LTI keys of a store.
func ltiRing(t *testing.T, s *store.Store, now func() time.Time) *keyring.Ring {
	ring := &keyring.Ring{Policy: keyring.ForLTI(), Rows: s, Secret: storetest.Config(t, "").Secret, Now: now}
	return ring.QuickKeys()
}

// TestAlgorithms makes keys of the size and kind that their use wants.
func TestAlgorithms(t *testing.T) {
	s := storetest.SQLite(t)
	for _, policy := range append(keyring.ForIssuer(), keyring.ForLTI()) {
		ring := &keyring.Ring{Policy: policy, Owner: "o", Rows: s, Secret: storetest.Config(t, "").Secret, Now: time.Now}
		if err := ring.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		keys, err := ring.Keys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			switch private := key.Private.(type) {
			case *rsa.PrivateKey:
				if key.Algorithm != keyring.RS256 || private.N.BitLen() != 2048 {
					t.Errorf("an RSA key of %d bits for %s", private.N.BitLen(), key.Algorithm)
				}
			case ed25519.PrivateKey:
				if key.Algorithm != keyring.EdDSA {
					t.Errorf("an Ed25519 key for %s", key.Algorithm)
				}
			case *ecdsa.PrivateKey:
				if key.Algorithm != keyring.ES256 || private.Curve != elliptic.P256() {
					t.Errorf("a key on %s for %s", private.Curve.Params().Name, key.Algorithm)
				}
			default:
				t.Errorf("the key is %T", private)
			}
		}
	}
}

// diary gives letters to keys, in the order in which it sees them, and
// describes their audit entries.
type diary struct{ ids []string }

func (d *diary) name(id string) string {
	if !slices.Contains(d.ids, id) {
		d.ids = append(d.ids, id)
	}
	return string(rune('a' + slices.Index(d.ids, id)))
}

// keys returns the keys and their states, the first to sign first.
func (d *diary) keys(t *testing.T, r *keyring.Ring) string {
	t.Helper()
	keys, err := r.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, k := range slices.Backward(keys) {
		list = append(list, d.name(k.ID)+" "+string(k.State))
	}
	return strings.Join(list, ", ")
}

// audit returns the audit entries at a time, sorted.
func (d *diary) audit(t *testing.T, s *store.Store, at time.Time) []string {
	t.Helper()
	entries, err := s.AuditLog(t.Context(), badges.CourseKey{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if e.At.Equal(at) {
			list = append(list, d.name(e.Object)+" "+string(e.Action)+" by "+e.Actor+": "+e.Old+">"+e.New)
		}
	}
	slices.Sort(list)
	return list
}

// TestRotate rotates often during the life of a key: each change is made and
// stored once.
func TestRotate(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ring, d := ltiRing(t, s, clock.Now), &diary{}
		for _, step := range []struct {
			day   int
			keys  string
			audit []string
		}{
			{0, "a current, b next", []string{"a key_created by rule: >next", "a key_promoted by rule: next>current", "b key_created by rule: >next"}},
			{89, "a current, b next", nil},
			{90, "a previous, b current, c next", []string{"a key_retired by rule: current>previous", "b key_promoted by rule: next>current", "c key_created by rule: >next"}},
			{97, "a previous, b current, c next", nil},
			{98, "b current, c next", []string{"a key_deleted by rule: previous>"}},
			{1000, "c current, d next", []string{
				"b key_deleted by rule: previous>", "b key_retired by rule: current>previous",
				"c key_promoted by rule: next>current", "d key_created by rule: >next",
			}},
		} {
			clock.Add(onDay(step.day).Sub(clock.Now()))
			for range 3 {
				if err := ring.Rotate(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(step.keys, d.keys(t, ring)); diff != "" {
				t.Errorf("keys on day %d: %s", step.day, diff)
			}
			if diff := cmp.Diff(step.audit, d.audit(t, s, clock.Now())); diff != "" {
				t.Errorf("audit log on day %d: %s", step.day, diff)
			}
		}
	})
}

// TestKeyBeginsByItself reads the keys after a key's time has come, before any
// process rotates.
func TestKeyBeginsByItself(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ring, d := ltiRing(t, s, clock.Now), &diary{}
		if err := ring.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.keys(t, ring)
		clock.Add(onDay(90).Sub(dayZero))
		if diff := cmp.Diff("a previous, b current", d.keys(t, ring)); diff != "" {
			t.Error(diff)
		}
		if audit := d.audit(t, s, clock.Now()); audit != nil {
			t.Errorf("audit log: %q, want nothing before a rotation", audit)
		}
	})
}

func TestUseNext(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ring, d := ltiRing(t, s, clock.Now), &diary{}
		use := func() {
			t.Helper()
			if err := ring.UseNext(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		use() // there is no key yet
		if diff := cmp.Diff("a current, b next", d.keys(t, ring)); diff != "" {
			t.Fatal(diff)
		}
		clock.Add(time.Hour)
		use()
		if diff := cmp.Diff("a previous, b current, c next", d.keys(t, ring)); diff != "" {
			t.Error(diff)
		}
		want := []string{"a key_retired by admin: current>previous", "b key_promoted by admin: next>current", "c key_created by admin: >next"}
		if diff := cmp.Diff(want, d.audit(t, s, clock.Now())); diff != "" {
			t.Error(diff)
		}
		use() // a second time at the same moment
		if diff := cmp.Diff("a previous, b previous, c current, d next", d.keys(t, ring)); diff != "" {
			t.Error(diff)
		}
		clock.Add(8 * 24 * time.Hour)
		if err := ring.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("c current, d next", d.keys(t, ring)); diff != "" {
			t.Errorf("a week after the keys stopped signing: %s", diff)
		}
	})
}

// TestAnotherSecret checks that a database that was made with another secret is
// noticed, and not changed.
func TestAnotherSecret(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ring := ltiRing(t, s, clock.Now)
		if err := ring.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		clock.Add(onDay(90).Sub(dayZero)) // several changes are due
		other, err := secret.New([]byte(strings.Repeat("x", secret.MinLength)), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		wrong := *ring
		wrong.Secret = other
		_, err = wrong.Keys(t.Context())
		for name, err := range map[string]error{"keys": err, "rotate": wrong.Rotate(t.Context()), "use next": wrong.UseNext(t.Context())} {
			if !errors.Is(err, secret.ErrUnreadable) {
				t.Errorf("%s: %v, want ErrUnreadable", name, err)
			}
		}
		if audit := (&diary{}).audit(t, s, clock.Now()); audit != nil {
			t.Errorf("audit log: %q, want no change", audit)
		}
	})
}

// exchanged is a database in which the private keys of two rows were exchanged.
type exchanged struct{ keyring.Rows }

func (e exchanged) SigningKeys(ctx context.Context, set keyring.Set) ([]keyring.Row, error) {
	rows, err := e.Rows.SigningKeys(ctx, set)
	if len(rows) > 1 {
		rows[0].Private, rows[1].Private = rows[1].Private, rows[0].Private
	}
	return rows, err
}

// TestPrivateKeysAreSealed checks that stored keys cannot be read, or moved to
// another row.
func TestPrivateKeysAreSealed(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ring := ltiRing(t, s, clock.Now)
		if err := ring.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows, err := s.SigningKeys(t.Context(), keyring.Set{Purpose: keyring.LTI})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if _, err := keyring.Parse(row.Algorithm, row.Private); err == nil {
				t.Errorf("key %s is stored in the clear", row.ID)
			}
		}
		ring.Rows = exchanged{s}
		if _, err := ring.Keys(t.Context()); !errors.Is(err, secret.ErrUnreadable) {
			t.Errorf("keys in each other's rows: %v, want ErrUnreadable", err)
		}
	})
}

// TestOwners checks that the keys of each issuer are separate from those of
// other issuers and of the installation.
func TestOwners(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		lti, d := ltiRing(t, s, clock.Now), &diary{}
		one, other := *lti, *lti
		one.Policy, other.Policy = keyring.ForIssuer()[0], keyring.ForIssuer()[0]
		one.Owner, other.Owner = "i1", "i2"
		for _, ring := range []*keyring.Ring{lti, &one, &other} {
			if err := ring.Rotate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := one.UseNext(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name string
			ring *keyring.Ring
			want string
		}{
			{"LTI", lti, "a current, b next"},
			{"one issuer", &one, "c previous, d current, e next"},
			{"another issuer", &other, "f current, g next"},
		} {
			if diff := cmp.Diff(tt.want, d.keys(t, tt.ring)); diff != "" {
				t.Errorf("%s: %s", tt.name, diff)
			}
		}
		keys, err := one.Keys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := keys[0].Private.(ed25519.PrivateKey); !ok || keys[0].Algorithm != keyring.EdDSA {
			t.Errorf("an issuer's key is %T for %s", keys[0].Private, keys[0].Algorithm)
		}
	})
}
