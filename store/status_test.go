package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

const baseURL = "https://badges.example.org"

// stored writes n awards to different learners, in a state that needs no status.
func (w world) stored(t testing.TB, s *store.Store, n int) []badges.AssertionID {
	t.Helper()
	ids := make([]badges.AssertionID, n)
	storetest.Tx(t, s, func(ctx context.Context, tx *store.Tx) error {
		for i := range ids {
			a := w.assertion(badges.UserID(fmt.Sprint("learner ", i)))
			a.AwardedAt = tx.Now()
			if _, err := tx.InsertAssertion(ctx, a); err != nil {
				return err
			}
			ids[i] = a.ID
		}
		return nil
	})
	return ids
}

// draw draws entries for revocation.
func (w world) draw(ctx context.Context, tx *store.Tx, random io.Reader, ids ...badges.AssertionID) error {
	if err := tx.LockStatusLists(ctx, w.issuer, baseURL); err != nil {
		return err
	}
	return tx.DrawStatus(ctx, store.StatusDraw{Assertions: ids, Issuer: w.issuer, BaseURL: baseURL, Purpose: badges.ForRevocation, Random: random})
}

func (w world) lists(t testing.TB, s *store.Store) []badges.StatusList {
	t.Helper()
	return storetest.Must(s.StatusLists(t.Context(), w.issuer, baseURL))(t)
}

// indices returns a random source that draws these indices, then fails.
func indices(list ...uint32) io.Reader {
	var b bytes.Buffer
	for _, index := range list {
		b.Write(binary.BigEndian.AppendUint32(nil, index))
	}
	return &b
}

// TestDrawMeetsTakenIndex checks that an index that is taken is drawn again, and that a
// random source that repeats itself, or fails, gives an error and no entry.
func TestDrawMeetsTakenIndex(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		ids := w.stored(t, s, 4)
		draw := func(random io.Reader, id badges.AssertionID) error {
			return s.Tx(t.Context(), func(tx *store.Tx) error { return w.draw(t.Context(), tx, random, id) })
		}
		if err := draw(indices(7), ids[0]); err != nil {
			t.Fatal(err)
		}
		const last = badges.StatusListSize - 1
		if err := draw(indices(7, 7, 7+badges.StatusListSize, last), ids[1]); err != nil {
			t.Fatal(err)
		}
		entries := storetest.Must(s.StatusEntries(t.Context(), ids[1]))(t)
		if len(entries) != 1 || entries[0].Index != last {
			t.Errorf("%+v, want the last index", entries)
		}
		for name, random := range map[string]io.Reader{"it fails": indices(), "always the same": same(7)} {
			if err := draw(random, ids[2]); err == nil || len(storetest.Must(s.StatusEntries(t.Context(), ids[2]))(t)) != 0 {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := draw(rand.Reader, ids[0]); err == nil {
			t.Error("an award has two entries of one purpose")
		}
		if got := storetest.Must(s.StatusEntries(t.Context(), ids[3]))(t); len(got) != 0 {
			t.Errorf("before the draw: %+v", got)
		}
	})
}

// same is a random source that always draws one index.
type same uint32

func (s same) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = binary.BigEndian.AppendUint32(nil, uint32(s))[i%4]
	}
	return len(p), nil
}

// TestFullList checks that a list gets entries until half of its indices are given out,
// and that the next list begins then, in the middle of a batch too.
func TestFullList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		ids := w.stored(t, s, 8)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return w.draw(ctx, tx, rand.Reader, ids[0]) })
		first := w.lists(t, s)[0]
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return store.SetEntries(ctx, tx, first.ID, badges.StatusListFull-3)
		})
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return w.draw(ctx, tx, rand.Reader, ids[1:6]...) })
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return w.draw(ctx, tx, rand.Reader, ids[6:]...) })
		in := map[badges.StatusListID]int{}
		for _, id := range ids {
			in[storetest.Must(s.StatusEntries(t.Context(), id))(t)[0].List]++
		}
		lists := w.lists(t, s)
		if len(lists) != 2 || lists[0].ID != first.ID || in[lists[0].ID] != 4 || in[lists[1].ID] != 4 {
			t.Errorf("lists %+v with %v entries, want 4 in each", lists, in)
		}
	})
}

// TestDrawsAtOnce draws from many transactions at once while the list becomes full:
// nobody gets an index twice, and one new list begins.
func TestDrawsAtOnce(t *testing.T) {
	const workers, each = 8, 6
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		ids := w.stored(t, s, workers*each+1)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return w.draw(ctx, tx, rand.Reader, ids[0]) })
		first := w.lists(t, s)[0]
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			return store.SetEntries(ctx, tx, first.ID, badges.StatusListFull-workers*each/2)
		})
		var wait sync.WaitGroup
		failures := make([]error, workers)
		for worker := range workers {
			wait.Go(func() {
				for i := range each {
					id := ids[1+worker*each+i]
					failures[worker] = errors.Join(failures[worker], s.Tx(t.Context(), func(tx *store.Tx) error { return w.draw(t.Context(), tx, rand.Reader, id) }))
				}
			})
		}
		wait.Wait()
		if err := errors.Join(failures...); err != nil {
			t.Fatal(err)
		}
		in := map[badges.StatusListID]map[int]bool{}
		for _, id := range ids {
			for _, e := range storetest.Must(s.StatusEntries(t.Context(), id))(t) {
				if in[e.List] == nil {
					in[e.List] = map[int]bool{}
				}
				if in[e.List][e.Index] {
					t.Errorf("index %d is given out twice", e.Index)
				}
				in[e.List][e.Index] = true
			}
		}
		lists := w.lists(t, s)
		if len(lists) != 2 || len(in[first.ID]) != workers*each/2+1 || len(in[lists[1].ID]) != workers*each/2 {
			t.Errorf("%d lists, %d entries in the first", len(lists), len(in[first.ID]))
		}
	})
}

// TestFirstListAtOnce draws the first entries of an issuer from many transactions at
// once: one list begins.
func TestFirstListAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		ids := w.stored(t, s, 8)
		var wait sync.WaitGroup
		failures := make([]error, len(ids))
		for i, id := range ids {
			wait.Go(func() {
				failures[i] = s.Tx(t.Context(), func(tx *store.Tx) error { return w.draw(t.Context(), tx, rand.Reader, id) })
			})
		}
		wait.Wait()
		if lists := w.lists(t, s); errors.Join(failures...) != nil || len(lists) != 1 {
			t.Errorf("%d lists, %v", len(lists), errors.Join(failures...))
		}
	})
}

// TestStatusVersion checks that a list has one new version for each transaction that
// changes bits, however many; none for one that changes nothing or is rolled back.
func TestStatusVersion(t *testing.T) {
	storetest.EachAt(t, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := newWorld(t, s, "a")
		ids := w.stored(t, s, 3)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return w.draw(ctx, tx, indices(9, 0, 131071), ids...) })
		id := w.lists(t, s)[0].ID
		rolledBack := errors.New("rolled back")
		set := func(ctx context.Context, tx *store.Tx, bit bool, ids ...badges.AssertionID) error {
			return tx.SetStatus(ctx, badges.ForRevocation, bit, ids...)
		}
		for _, step := range []struct {
			name    string
			act     func(context.Context, *store.Tx) error
			version int
			bits    []int
		}{
			{"drawn", func(context.Context, *store.Tx) error { return nil }, 1, nil},
			{"three at once", func(ctx context.Context, tx *store.Tx) error { return set(ctx, tx, true, ids...) }, 2, []int{0, 9, 131071}},
			{"again", func(ctx context.Context, tx *store.Tx) error { return set(ctx, tx, true, ids...) }, 2, []int{0, 9, 131071}},
			{"one cleared", func(ctx context.Context, tx *store.Tx) error { return set(ctx, tx, false, ids[0]) }, 3, []int{0, 131071}},
			{"rolled back", func(ctx context.Context, tx *store.Tx) error {
				return errors.Join(set(ctx, tx, true, ids[0]), rolledBack)
			}, 3, []int{0, 131071}},
			{"without an entry", func(ctx context.Context, tx *store.Tx) error {
				return tx.SetStatus(ctx, badges.ForMessage, true, ids[0])
			}, 3, []int{0, 131071}},
			{"there and back", func(ctx context.Context, tx *store.Tx) error {
				return errors.Join(set(ctx, tx, true, ids[0]), set(ctx, tx, false, ids[1]))
			}, 4, []int{9, 131071}},
		} {
			clock.Add(time.Minute)
			before := storetest.Must(s.StatusList(t.Context(), id))(t)
			err := s.Tx(t.Context(), func(tx *store.Tx) error { return step.act(t.Context(), tx) })
			if err != nil && !errors.Is(err, rolledBack) {
				t.Fatal(err)
			}
			after := storetest.Must(s.StatusList(t.Context(), id))(t)
			changedAt := before.ChangedAt
			if step.version != before.Version {
				changedAt = clock.Now()
			}
			if after.Version != step.version || !after.ChangedAt.Equal(changedAt) {
				t.Errorf("%s: version %d at %s, want %d at %s", step.name, after.Version, after.ChangedAt, step.version, changedAt)
			}
			bits := storetest.Must(s.StatusBits(t.Context(), id))(t)
			if diff := cmp.Diff(step.bits, bits); diff != "" {
				t.Errorf("%s: bits (-want +got):\n%s", step.name, diff)
			}
		}
		if _, err := s.StatusList(t.Context(), "00000000-0000-4000-8000-000000000000"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown list: %v", err)
		}
	})
}

// TestListsAreApart checks that issuers and base URLs have lists of their own.
func TestListsAreApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w, other := newWorld(t, s, "a"), newWorld(t, s, "b")
		ids, others := w.stored(t, s, 2), other.stored(t, s, 1)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := w.draw(ctx, tx, indices(5), ids[0]); err != nil {
				return err
			}
			moved := store.StatusDraw{Assertions: ids[1:], Issuer: w.issuer, BaseURL: "https://new.example.org", Purpose: badges.ForRevocation, Random: indices(5)}
			return errors.Join(tx.DrawStatus(ctx, moved), other.draw(ctx, tx, indices(5), others[0]))
		})
		seen := map[badges.StatusListID]bool{}
		for _, id := range append(ids, others...) {
			e := storetest.Must(s.StatusEntries(t.Context(), id))(t)[0]
			seen[e.List] = true
		}
		if len(seen) != 3 {
			t.Errorf("%d lists, want 3", len(seen))
		}
		if got := storetest.Must(s.StatusEntries(t.Context(), ids[1]))(t)[0]; got.BaseURL != "https://new.example.org" {
			t.Errorf("%+v", got)
		}
	})
}

// BenchmarkStatusBits reads the set indices of a list from SQLite that is as full as a
// list becomes, first with one bit in a hundred set, then with all.
//
//	go test ./store -run '^$' -bench StatusBits
func BenchmarkStatusBits(b *testing.B) {
	for _, every := range []int{100, 1} {
		b.Run(fmt.Sprintf("one in %d set", every), func(b *testing.B) {
			s := storetest.SQLite(b)
			shared := storetest.NewWorld(b, s, "a")
			w := world{shared.Course, shared.Badge, shared.Issuer}
			ids := w.stored(b, s, badges.StatusListFull)
			storetest.Tx(b, s, func(ctx context.Context, tx *store.Tx) error {
				if err := w.draw(ctx, tx, rand.Reader, ids...); err != nil {
					return err
				}
				var set []badges.AssertionID
				for i := 0; i < len(ids); i += every {
					set = append(set, ids[i])
				}
				return tx.SetStatus(ctx, badges.ForRevocation, true, set...)
			})
			list := w.lists(b, s)[0].ID
			for b.Loop() {
				set, err := s.StatusBits(b.Context(), list)
				if err != nil || len(set) != (badges.StatusListFull+every-1)/every {
					b.Fatal(len(set), err)
				}
			}
		})
	}
}
