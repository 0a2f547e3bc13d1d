package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// freeze freezes up to most awards.
func freeze(t testing.TB, s *store.Store, by award.Awards, most int) (n int) {
	t.Helper()
	storetest.Tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = by.FreezeClaimed(ctx, tx, most)
		return err
	})
	return n
}

// bitsOf returns the purposes of an award's entries, and those whose bit is set.
func bitsOf(t testing.TB, s *store.Store, id badges.AssertionID) (entries, set []badges.StatusPurpose) {
	t.Helper()
	for _, e := range storetest.Must(s.StatusEntries(t.Context(), id))(t) {
		entries = append(entries, e.Purpose)
		if slices.Contains(storetest.Must(s.StatusBits(t.Context(), e.List))(t), e.Index) {
			set = append(set, e.Purpose)
		}
	}
	return entries, set
}

// TestFreezeAfterUpgrade opens a database from before claims froze anything, and
// freezes its awards in batches: a second process, and a start after an interruption,
// continue. Awards that were never claimed stay as they are, and a second run at another
// address changes nothing.
func TestFreezeAfterUpgrade(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		if err := store.OpenAt(t.Context(), storetest.Config(t, address), 11, asOfEleven...); err != nil {
			t.Fatal(err)
		}
		s := storetest.OpenAt(t, address, storetest.NewClock(time.Date(2026, 1, 9, 10, 0, 0, 0, time.UTC)))
		if n := freeze(t, s, awards, 1); n != 1 {
			t.Fatalf("first batch: %d", n)
		}
		if n := freeze(t, s, awards, 500); n != 1 {
			t.Errorf("after an interruption: %d", n)
		}
		if n := freeze(t, s, award.New("https://moved.example.org", rand.Reader), 500); n != 0 {
			t.Errorf("once more: %d", n)
		}
		both := []badges.StatusPurpose{badges.ForRevocation, badges.ForMessage}
		for id, want := range map[badges.AssertionID]struct{ entries, set []badges.StatusPurpose }{
			"a1": {}, "a2": {entries: both}, "a3": {}, "a4": {}, "a5": {both, both[:1]}, "a6": {}, "a7": {},
		} {
			entries, set := bitsOf(t, s, id)
			if !slices.Equal(entries, want.entries) || !slices.Equal(set, want.set) {
				t.Errorf("%s: entries %v, set %v", id, entries, set)
			}
			if a := storetest.Assertion(t, s, id); (a.BaseURL == baseURL) != (want.entries != nil) || a.BaseURL != "" && a.BaseURL != baseURL {
				t.Errorf("%s: base URL %q", id, a.BaseURL)
			}
		}
	})
}

// TestFreezeReplaced checks that the bits of awards which were replaced say so, also if
// a teacher revoked them afterwards.
func TestFreezeReplaced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		for name, tt := range map[string]struct {
			a    badges.Assertion
			want []badges.StatusPurpose
			none bool
		}{
			"replaced":            {badges.Assertion{State: badges.Replaced, ReplacedFrom: badges.Claimed, ReplacedBy: "gold"}, []badges.StatusPurpose{badges.ForMessage}, false},
			"and revoked":         {badges.Assertion{State: badges.Revoked, ReplacedFrom: badges.Claimed, ReplacedBy: "gold"}, []badges.StatusPurpose{badges.ForRevocation, badges.ForMessage}, false},
			"replaced, unclaimed": {badges.Assertion{State: badges.Replaced, ReplacedFrom: badges.Pending, ReplacedBy: "gold"}, nil, true},
		} {
			a := w.assertion(badges.UserID(name))
			tx(t, s, func(ctx context.Context, tx *store.Tx) error {
				a.AwardedAt = tx.Now()
				if _, err := tx.InsertAssertion(ctx, a); err != nil {
					return err
				}
				after := a
				after.State, after.ReplacedFrom, after.ReplacedBy = tt.a.State, tt.a.ReplacedFrom, tt.a.ReplacedBy
				return tx.Move(ctx, a, after)
			})
			freeze(t, s, awards, 10)
			if entries, set := bitsOf(t, s, a.ID); !slices.Equal(set, tt.want) || (len(entries) == 0) != tt.none {
				t.Errorf("%s: entries %v, set %v", name, entries, set)
			}
		}
	})
}

// TestFreezeAtOnce freezes the same awards from several processes at once: each award
// gets its entries once.
func TestFreezeAtOnce(t *testing.T) {
	const many, workers = 60, 4
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			for i := range many {
				a := w.assertion(badges.UserID(fmt.Sprint("learner ", i)))
				a.State, a.AwardedAt = badges.Claimed, tx.Now()
				if _, err := tx.InsertAssertion(ctx, a); err != nil {
					return err
				}
			}
			return nil
		})
		var wait sync.WaitGroup
		frozen, failures := make([]int, workers), make([]error, workers)
		for worker := range workers {
			wait.Go(func() {
				for {
					var n int
					err := s.Tx(t.Context(), func(tx *store.Tx) (err error) {
						n, err = awards.FreezeClaimed(t.Context(), tx, 7)
						return err
					})
					frozen[worker] += n
					if failures[worker] = err; err != nil || n == 0 {
						return
					}
				}
			})
		}
		wait.Wait()
		total := 0
		for _, n := range frozen {
			total += n
		}
		if err := errors.Join(failures...); err != nil || total != many {
			t.Errorf("%d were frozen, %v", total, err)
		}
		for _, a := range storetest.Must(s.AssertionsOfBadge(t.Context(), w.course, w.badge.ID))(t) {
			if entries, _ := bitsOf(t, s, a.ID); a.BaseURL != baseURL || len(entries) != 2 {
				t.Errorf("%q, %v", a.BaseURL, entries)
			}
		}
	})
}

// TestRevocations lists what signed assertions need: awards that were revoked or
// replaced, with the reason while they are public.
func TestRevocations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		gold := w.nextStep(t, s, w.badge.ID)
		var want []badges.Revocation
		for name, tt := range map[string]struct {
			private, revoke, erase, replace bool
			want                            *badges.Revocation
		}{
			"claimed":             {},
			"private":             {private: true},
			"revoked":             {revoke: true, want: &badges.Revocation{Reason: "copied"}},
			"revoked in private":  {private: true, revoke: true, want: &badges.Revocation{}},
			"revoked, erased":     {revoke: true, erase: true, want: &badges.Revocation{}},
			"erased":              {erase: true},
			"replaced":            {replace: true, want: &badges.Revocation{Replaced: true}},
			"replaced in private": {private: true, replace: true, want: &badges.Revocation{}},
		} {
			a := w.assertion(badges.UserID(name))
			tx(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := awards.Award(ctx, tx, []badges.Assertion{a})
				if err == nil {
					_, err = awards.Claim(ctx, tx, a.ID, true, true)
				}
				if err == nil && tt.private {
					_, err = awards.MakePrivate(ctx, tx, a.ID)
				}
				if err == nil && tt.revoke {
					_, err = awards.TakeBack(ctx, tx, a.Course, a.Badge, a.ID, "3", "copied")
				}
				if err == nil && tt.erase {
					err = awards.Erase(ctx, tx, a.ID)
				}
				if err == nil && tt.replace {
					higher := w.assertion(a.User)
					higher.Badge, higher.Version = gold.ID, gold.Current.ID
					if _, err = awards.Award(ctx, tx, []badges.Assertion{higher}); err == nil {
						_, err = awards.Claim(ctx, tx, higher.ID, true, true)
					}
				}
				return err
			})
			if tt.want != nil {
				tt.want.Assertion = a.ID
				want = append(want, *tt.want)
			}
		}
		slices.SortFunc(want, func(a, b badges.Revocation) int { return strings.Compare(string(a.Assertion), string(b.Assertion)) })
		got := storetest.Must(s.Revocations(t.Context(), w.issuer, baseURL))(t)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if other := storetest.Must(s.Revocations(t.Context(), w.issuer, "https://new.example.org"))(t); len(other) != 0 {
			t.Errorf("at another base URL: %+v", other)
		}
	})
}
