package keyring_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// counted counts how often keys are read and changed.
type counted struct {
	keyring.Rows

	reads, changes atomic.Int64
}

func (c *counted) SigningKeys(ctx context.Context, set keyring.Set) ([]keyring.Row, error) {
	c.reads.Add(1)
	return c.Rows.SigningKeys(ctx, set)
}

func (c *counted) ChangeSigningKeys(ctx context.Context, set keyring.Set, decide func([]keyring.Row, time.Time) []keyring.Change) error {
	c.changes.Add(1)
	return c.Rows.ChangeSigningKeys(ctx, set, decide)
}

// issuersOf returns the keys of the organisations of a store, as one process has them.
func issuersOf(t *testing.T, rows keyring.Rows, now func() time.Time) *keyring.Issuers {
	return keyring.NewIssuers(rows, storetest.Config(t, "").Secret, now).QuickKeys()
}

func keysOf(t *testing.T, s *keyring.Issuers, issuer string) []keyring.Key {
	t.Helper()
	return storetest.Must(s.Keys(t.Context(), issuer))(t)
}

func rotate(t *testing.T, s *keyring.Issuers, issuer string) {
	t.Helper()
	if err := s.Rotate(t.Context(), issuer); err != nil {
		t.Fatal(err)
	}
}

// describeSets returns the states of keys by algorithm, the next one first.
func describeSets(keys []keyring.Key) string {
	var list []string
	for _, k := range keys {
		list = append(list, string(k.Algorithm)+" "+string(k.State))
	}
	return strings.Join(list, ", ")
}

const firstKeys = "EdDSA next, EdDSA current, RS256 next, RS256 current, ES256 next, ES256 current"

// TestIssuerKeys makes the keys of an organisation, and uses the next ones. Reading
// makes none.
func TestIssuerKeys(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		issuers := issuersOf(t, s, clock.Now)
		if keys := keysOf(t, issuers, "i1"); len(keys) > 0 {
			t.Fatalf("reading made keys: %s", describeSets(keys))
		}
		rotate(t, issuers, "i1")
		first := keysOf(t, issuers, "i1")
		if diff := cmp.Diff(firstKeys, describeSets(first)); diff != "" {
			t.Error(diff)
		}
		clock.Add(time.Hour)
		if err := issuers.UseNext(t.Context(), "i1"); err != nil {
			t.Fatal(err)
		}
		after := keysOf(t, issuers, "i1")
		want := "EdDSA next, EdDSA current, EdDSA previous, RS256 next, RS256 current, RS256 previous, ES256 next, ES256 current, ES256 previous"
		if diff := cmp.Diff(want, describeSets(after)); diff != "" {
			t.Error(diff)
		}
		for i := range 3 {
			if after[3*i+1].ID != first[2*i].ID || after[3*i+2].ID != first[2*i+1].ID {
				t.Errorf("%s: the next key did not become the current one", after[3*i].Algorithm)
			}
		}
		if keys := keysOf(t, issuers, "i2"); len(keys) > 0 {
			t.Errorf("another organisation has keys: %s", describeSets(keys))
		}
		auditNames(t, s, "i1", 18)
	})
}

// auditNames checks that the audit log has n entries about keys, and that each names
// the organisation.
func auditNames(t *testing.T, s *store.Store, issuer string, n int) {
	t.Helper()
	entries := storetest.Must(s.AuditLog(t.Context(), badges.CourseKey{}, 1000))(t)
	for _, e := range entries {
		if e.Reason != issuer {
			t.Errorf("%s of a key of %q, want %q", e.Action, e.Reason, issuer)
		}
	}
	if len(entries) != n {
		t.Errorf("%d audit entries, want %d", len(entries), n)
	}
}

// TestFiveYears signs in the first year, rotates every four weeks for five years, and
// verifies with the keys that are listed then.
func TestFiveYears(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		issuers := issuersOf(t, s, clock.Now)
		rotate(t, issuers, "i1")
		signed := map[string][]byte{} // by the id of the key
		for _, k := range keysOf(t, issuers, "i1") {
			if k.State == keyring.Current {
				signed[k.ID] = sign(t, k)
			}
		}
		for range 5 * 13 {
			clock.Add(28 * 24 * time.Hour)
			rotate(t, issuers, "i1")
		}
		published := map[string]keyring.Key{}
		states := map[keyring.State]int{}
		for _, k := range keysOf(t, issuers, "i1") {
			published[k.ID] = k
			states[k.State]++
		}
		if diff := cmp.Diff(map[keyring.State]int{keyring.Next: 3, keyring.Current: 3, keyring.Previous: 3 * 4}, states); diff != "" {
			t.Errorf("keys after five years: %s", diff)
		}
		for id, signature := range signed {
			k, ok := published[id]
			if !ok || k.State != keyring.Previous || !verifies(k.Private.Public(), signature) {
				t.Errorf("what %s signed does not verify: state %q", id, k.State)
			}
		}
	})
}

var message = []byte("a badge of the first year")

func sign(t *testing.T, k keyring.Key) []byte {
	t.Helper()
	digest, hash := sha256.Sum256(message), crypto.SHA256
	input := digest[:]
	if k.Algorithm == keyring.EdDSA {
		input, hash = message, crypto.Hash(0)
	}
	return storetest.Must(k.Private.Sign(rand.Reader, input, hash))(t)
}

func verifies(public crypto.PublicKey, signature []byte) bool {
	digest := sha256.Sum256(message)
	switch key := public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(key, message, signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, digest[:], signature)
	default:
		return false
	}
}

// TestKeysStayOpened counts how often the database is read: not for every request, and
// at once after a change of this process.
func TestKeysStayOpened(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		rows := &counted{Rows: s}
		issuers, another := issuersOf(t, rows, clock.Now), issuersOf(t, s, clock.Now)
		rotate(t, another, "i1")
		readsOf := func(f func()) int64 {
			before := rows.reads.Load()
			f()
			return rows.reads.Load() - before
		}
		ask := func() { keysOf(t, issuers, "i1") }
		for _, step := range []struct {
			name string
			do   func()
			want int64
		}{
			{"the first request", ask, 3},
			{"the next request", ask, 0},
			{"just before they are old", func() { clock.Add(keyring.MaxAge - time.Microsecond); ask() }, 0},
			{"when they are old", func() { clock.Add(time.Microsecond); ask() }, 3},
			{"a clock that went back", func() { clock.Add(-time.Hour); ask() }, 3},
			{"a rotation without a change", func() { rotate(t, issuers, "i1") }, 3},
			{"after it", ask, 3},
			{"an organisation that does not exist", func() { keysOf(t, issuers, "none") }, 3},
			{"the same again", func() { keysOf(t, issuers, "none") }, 3},
		} {
			if got := readsOf(step.do); got != step.want {
				t.Errorf("%s: %d queries, want %d", step.name, got, step.want)
			}
		}
		if rows.changes.Load() > 0 || issuers.Opened() != 1 {
			t.Errorf("%d changes, %d organisations in memory", rows.changes.Load(), issuers.Opened())
		}
	})
}

// TestKeysBeginWhileOpened checks that a key begins to sign at its time although the
// keys were opened before.
func TestKeysBeginWhileOpened(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		issuers := issuersOf(t, s, clock.Now)
		rotate(t, issuers, "i1")
		clock.Add(onDay(365).Sub(dayZero) - time.Second)
		if diff := cmp.Diff(firstKeys, describeSets(keysOf(t, issuers, "i1"))); diff != "" {
			t.Error(diff)
		}
		clock.Add(time.Second)
		want := "EdDSA current, EdDSA previous, RS256 current, RS256 previous, ES256 current, ES256 previous"
		if diff := cmp.Diff(want, describeSets(keysOf(t, issuers, "i1"))); diff != "" {
			t.Error(diff)
		}
	})
}

// TestChangeOfAnotherProcess sees a key that another process promoted, after MaxAge.
func TestChangeOfAnotherProcess(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		issuers, another := issuersOf(t, s, clock.Now), issuersOf(t, s, clock.Now)
		rotate(t, another, "i1")
		keysOf(t, issuers, "i1")
		clock.Add(time.Second)
		if err := another.UseNext(t.Context(), "i1"); err != nil {
			t.Fatal(err)
		}
		clock.Add(keyring.MaxAge)
		if diff := cmp.Diff(signingIDs(keysOf(t, another, "i1")), signingIDs(keysOf(t, issuers, "i1"))); diff != "" {
			t.Errorf("the processes sign with other keys: %s", diff)
		}
	})
}

func signingIDs(keys []keyring.Key) (ids []string) {
	for _, k := range keys {
		if k.State == keyring.Current {
			ids = append(ids, k.ID)
		}
	}
	return ids
}

// TestOpenedKeysAreBounded asks for the keys of more organisations than stay opened.
func TestOpenedKeysAreBounded(t *testing.T) {
	clock := storetest.NewClock(dayZero)
	issuers := issuersOf(t, oneKeyEach{secret: storetest.Config(t, "").Secret}, clock.Now)
	for n := range keyring.MaxOpened + 50 {
		clock.Add(time.Microsecond)
		keysOf(t, issuers, fmt.Sprint("i", n))
	}
	if n := issuers.Opened(); n != keyring.MaxOpened {
		t.Errorf("%d organisations in memory, want %d", n, keyring.MaxOpened)
	}
}

// oneKeyEach is a database in which every organisation has one key.
type oneKeyEach struct {
	keyring.Rows

	secret *secret.Secret
}

func (o oneKeyEach) SigningKeys(_ context.Context, set keyring.Set) ([]keyring.Row, error) {
	if set.Purpose != keyring.IssuerProof {
		return nil, nil
	}
	der, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		return nil, err
	}
	sealed, err := o.secret.Seal(der, "signing_key/"+set.Owner+"/k")
	return []keyring.Row{{Set: set, ID: "k", Algorithm: keyring.EdDSA, Private: sealed, SignsFrom: dayZero, State: keyring.Current}}, err
}

// TestSimultaneousIssuers reads and changes the keys of several organisations at the
// same time. No answer has a key of another organisation, and each set has one current
// key.
func TestSimultaneousIssuers(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		issuers := issuersOf(t, s, clock.Now)
		owners := []string{"i1", "i2", "i3"}
		for _, owner := range owners {
			rotate(t, issuers, owner)
		}
		atOnce(t, 24, func(i int) error {
			owner := owners[i%len(owners)]
			switch {
			case i < len(owners):
				return issuers.UseNext(t.Context(), owner)
			case i%5 == 0:
				clock.Add(keyring.MaxAge)
			}
			for range 20 {
				if err := onlyOf(t.Context(), issuers, s, owner); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// onlyOf checks that the keys of an organisation are those of the database, and that
// one of each set signs.
func onlyOf(ctx context.Context, issuers *keyring.Issuers, s *store.Store, owner string) error {
	keys, err := issuers.Keys(ctx, owner)
	if err != nil {
		return err
	}
	own := map[string]bool{}
	for _, policy := range keyring.ForIssuer() {
		rows, err := s.SigningKeys(ctx, keyring.Set{Purpose: policy.Purpose, Owner: owner})
		if err != nil {
			return err
		}
		for _, row := range rows {
			own[row.ID] = true
		}
	}
	for _, k := range keys {
		if !own[k.ID] {
			return fmt.Errorf("%s has the key %s, which is not its own", owner, k.ID)
		}
	}
	if n := len(signingIDs(keys)); n != 3 {
		return fmt.Errorf("%d keys of %s sign", n, owner)
	}
	return nil
}

// TestKeysAreBoundToTheirOwner moves the keys of an organisation to another. They
// cannot be opened there.
func TestKeysAreBoundToTheirOwner(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		rotate(t, issuersOf(t, s, clock.Now), "i1")
		_, err := issuersOf(t, moved{s, "i1"}, clock.Now).Keys(t.Context(), "i2")
		if err == nil || !strings.Contains(err.Error(), "cannot be opened") {
			t.Errorf("keys of i1 as those of i2: %v", err)
		}
	})
}

// moved has the keys of one owner for every owner.
type moved struct {
	keyring.Rows

	owner string
}

func (m moved) SigningKeys(ctx context.Context, set keyring.Set) ([]keyring.Row, error) {
	set.Owner = m.owner
	return m.Rows.SigningKeys(ctx, set)
}

// BenchmarkIssuerKeys asks for the keys of an organisation that exists for ten years.
func BenchmarkIssuerKeys(b *testing.B) {
	s := storetest.SQLite(b)
	clock := storetest.NewClock(dayZero)
	issuers := keyring.NewIssuers(s, storetest.Config(b, "").Secret, clock.Now)
	for range 11 {
		if err := issuers.Rotate(b.Context(), "i1"); err != nil {
			b.Fatal(err)
		}
		clock.Add(365 * 24 * time.Hour)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := issuers.Keys(b.Context(), "i1"); err != nil {
			b.Fatal(err)
		}
	}
}
