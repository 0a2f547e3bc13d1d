package award_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

func TestOneAwardHoweverManyRuns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		var made atomic.Int32
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				err := s.Tx(t.Context(), func(tx *store.Tx) error {
					n, err := awards.Award(t.Context(), tx, []badges.Assertion{w.Assertion("6")})
					made.Add(int32(n))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		list, err := s.AssertionsOf(t.Context(), w.Course, "6")
		if err != nil || len(list) != 1 || made.Load() != 1 {
			t.Fatalf("%d assertions, %d awards reported, error %v; want one", len(list), made.Load(), err)
		}
		notices, err := s.NoticesOf(t.Context(), list[0].ID)
		if err != nil || len(notices) != 2 {
			t.Errorf("notices = %v, %v; want one a channel", notices, err)
		}
		awarded := 0
		audit, err := s.AuditLog(t.Context(), w.Course, 100)
		for _, e := range audit {
			if e.Action == badges.AssertionAwarded {
				awarded++
			}
		}
		if err != nil || awarded != 1 {
			t.Errorf("%d audit rows of the award, error %v; want one", awarded, err)
		}
	})
}

// TestManyAwards checks that the notices of many awards are enqueued by a job,
// each once.
func TestManyAwards(t *testing.T) {
	storetest.EachReady(t, func(t *testing.T, address string) {
		s := storetest.Open(t, address)
		w := storetest.NewWorld(t, s, "a")
		var batch []badges.Assertion
		for i := range 60 {
			batch = append(batch, w.Assertion(badges.UserID(fmt.Sprint(100+i))))
		}
		batch = append(batch, w.Assertion("100")) // twice in one batch
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if n, err := awards.Award(ctx, tx, batch); err != nil || n != 60 {
				return fmt.Errorf("awarded %d, %w", n, err)
			}
			return nil
		})
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for more := true; more; {
					err := s.Tx(t.Context(), func(tx *store.Tx) (err error) {
						more, err = tx.QueueNotices(t.Context(), 7)
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		if jobs := storetest.Jobs(t, address, badges.SendNotice{}); len(jobs) != 120 {
			t.Errorf("%d notices are queued, want 120", len(jobs))
		}
	})
}

func TestRolledBackAwardLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		boom := errors.New("boom")
		err := s.Tx(t.Context(), func(tx *store.Tx) error {
			if _, err := awards.Award(t.Context(), tx, []badges.Assertion{w.Assertion("6")}); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("error = %v, want boom", err)
		}
		list, err := s.AssertionsOf(t.Context(), w.Course, "6")
		if err != nil || len(list) != 0 {
			t.Errorf("assertions = %v, %v; want none", list, err)
		}
		if _, waiting, err := s.NoticeQueue(t.Context()); err != nil || waiting != 0 {
			t.Errorf("%d notices wait, error %v; want none", waiting, err)
		}
	})
}

func TestDecisions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		a := w.Assertion("6")
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := awards.Award(ctx, tx, []badges.Assertion{a})
			return err
		})
		if _, err := s.PublicVersion(t.Context(), w.Badge.Current.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("version before any claim: %v, want NotFound", err)
		}
		for range 2 { // claiming twice is the same as once
			tx(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := awards.Claim(ctx, tx, a.ID, true, true)
				return err
			})
		}
		got, err := s.Assertion(t.Context(), a.ID)
		if err != nil || got.State != badges.Claimed || !got.ShowName || !got.ShowFacts || got.Recipient != a.Recipient {
			t.Errorf("assertion = %+v, %v; want claimed with the name and the facts", got, err)
		}
		if _, err := s.PublicVersion(t.Context(), w.Badge.Current.ID); err != nil {
			t.Errorf("version after the claim: %v", err)
		}
		err = s.Tx(t.Context(), func(tx *store.Tx) error { _, err := awards.Decline(t.Context(), tx, a.ID); return err })
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("declining a claimed badge: %v, want Conflict", err)
		}
	})
}
