package keyring_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestSimultaneousStarts starts eight processes that rotate at the same time:
// on an empty database, and when the next key is due.
func TestSimultaneousStarts(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		clock := storetest.NewClock(dayZero)
		cfg := storetest.Config(t, address)
		cfg.Now = clock.Now
		var stores [8]*store.Store
		atOnce(t, len(stores), func(i int) (err error) {
			stores[i], err = store.Open(t.Context(), cfg)
			return err
		})
		defer atOnce(t, len(stores), func(i int) error { return stores[i].Close() })
		rotate := func(i int) error { return ltiRing(t, stores[i], clock.Now).Rotate(t.Context()) }

		atOnce(t, len(stores), rotate)
		s, d := stores[0], &diary{}
		ring := ltiRing(t, s, clock.Now)
		if diff := cmp.Diff("a current, b next", d.keys(t, ring)); diff != "" {
			t.Error(diff)
		}
		want := []string{"a key_created by rule: >next", "a key_promoted by rule: next>current", "b key_created by rule: >next"}
		if diff := cmp.Diff(want, d.audit(t, s, clock.Now())); diff != "" {
			t.Error(diff)
		}

		clock.Add(onDay(90).Sub(dayZero))
		atOnce(t, len(stores), rotate)
		if diff := cmp.Diff("a previous, b current, c next", d.keys(t, ring)); diff != "" {
			t.Error(diff)
		}
		want = []string{"a key_retired by rule: current>previous", "b key_promoted by rule: next>current", "c key_created by rule: >next"}
		if diff := cmp.Diff(want, d.audit(t, s, clock.Now())); diff != "" {
			t.Error(diff)
		}
	})
}

// TestSimultaneousUse lets eight administrators request the next key at the
// same time. It is promoted once for all who saw the same next key.
func TestSimultaneousUse(t *testing.T) {
	storetest.EachAt(t, dayZero, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ring := ltiRing(t, s, clock.Now)
		if err := ring.Rotate(t.Context()); err != nil {
			t.Fatal(err)
		}
		atOnce(t, 8, func(int) error { return ring.UseNext(t.Context()) })
		keys, err := ring.Keys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		states := map[keyring.State]int{}
		for _, k := range keys {
			states[k.State]++
		}
		if states[keyring.Next] != 1 || states[keyring.Current] != 1 {
			t.Errorf("keys = %v, want one next and one current", states)
		}
		counts := map[badges.Action]int{}
		entries, err := s.AuditLog(t.Context(), badges.CourseKey{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			counts[e.Action]++
		}
		want := map[badges.Action]int{badges.KeyCreated: len(keys), badges.KeyPromoted: len(keys) - 1, badges.KeyRetired: states[keyring.Previous]}
		if diff := cmp.Diff(want, counts); diff != "" {
			t.Error(diff)
		}
	})
}

// atOnce runs f n times at the same time, and ends the test if one fails.
func atOnce(t *testing.T, n int, f func(i int) error) {
	t.Helper()
	var group errgroup.Group
	ready := make(chan struct{})
	for i := range n {
		group.Go(func() error {
			<-ready
			return f(i)
		})
	}
	close(ready)
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}
