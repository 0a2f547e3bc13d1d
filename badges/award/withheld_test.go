package award_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

const days = 24 * time.Hour

// TestWithheldRenewal withholds the renewal of a claimed award of gold. Until
// it is delivered, the claimed award counts: no lower step is awarded, and the
// learner is reminded of its end.
func TestWithheldRenewal(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m := newMedals(t, s)
		m.months(t, s, gold, 12)
		first := m.of(gold)
		awardOne(t, s, first)
		claim(t, s, first.ID)
		clock.Add(350 * days)
		renewal := m.of(gold)
		renewal.Previous, renewal.State = first.ID, badges.Withheld
		if awardOne(t, s, renewal) != 1 {
			t.Fatal("the renewal is not withheld")
		}
		if awardOne(t, s, m.of(bronze)) != 0 {
			t.Error("bronze is awarded beside gold, which is valid still")
		}
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return awards.Remind(ctx, tx, 10) })
		notices := storetest.Must(s.NoticesOf(t.Context(), first.ID))(t)
		if n := len(notices); n != 4 {
			t.Errorf("%d notices of the award and of its end, want 4", n)
		}
		c := storetest.Must(s.CaseOf(t.Context(), m.Course, first.Badge, m.user))(t).AsLearner()
		if c.Last.Assertion != first.ID {
			t.Errorf("the learner sees %+v, want the first award", c.Last)
		}
	})
}

// TestReminderBesideStep runs a reminder and the claim of a higher step at the
// same time: the reminder is written once, even if the step is taken back.
func TestReminderBesideStep(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		m := newMedals(t, s)
		m.months(t, s, bronze, 12)
		low, high := m.of(bronze), m.of(gold)
		awardOne(t, s, low)
		claim(t, s, low.ID)
		awardOne(t, s, high)
		clock.Add(350 * days)
		var claimed sync.WaitGroup
		reminded := make(chan struct{})
		claimed.Go(func() {
			<-reminded
			claim(t, s, high.ID)
		})
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			err := awards.Remind(ctx, tx, 10)
			close(reminded)
			time.Sleep(100 * time.Millisecond) // the claim reads, or waits
			return err
		})
		claimed.Wait()
		tx(t, s, func(ctx context.Context, tx *store.Tx) error { return takeBack(ctx, tx, high) })
		if got := storetest.Assertion(t, s, low.ID).RemindAt; !got.IsZero() {
			t.Errorf("the claim brought the reminder of bronze back: %s", got)
		}
		for range 2 {
			tx(t, s, func(ctx context.Context, tx *store.Tx) error { return awards.Remind(ctx, tx, 10) })
		}
		if got := storetest.Assertion(t, s, low.ID); got.State != badges.Claimed || !got.RemindAt.IsZero() {
			t.Errorf("bronze is %s, to be reminded of at %s", got.State, got.RemindAt)
		}
		if notices := storetest.Must(s.NoticesOf(t.Context(), low.ID))(t); len(notices) != 4 {
			t.Errorf("%d notices, want 4", len(notices))
		}
	})
}

// TestBatchesInOppositeOrder awards a badge to the same learners in two
// transactions, in opposite order: they do not deadlock.
func TestBatchesInOppositeOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := storetest.NewWorld(t, s, "a")
		for round := range 5 {
			var batches [2][]badges.Assertion
			for i := range 60 {
				user := badges.UserID(fmt.Sprint(round, " ", i))
				batches[0] = append(batches[0], w.Assertion(user))
				batches[1] = append(batches[1], w.Assertion(user))
			}
			slices.Reverse(batches[1])
			var group sync.WaitGroup
			for _, batch := range batches {
				group.Go(func() {
					err := s.Tx(t.Context(), func(tx *store.Tx) error {
						_, err := awards.Award(t.Context(), tx, batch)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
		}
	})
}

// TestKeptTwice checks that keeping an award twice writes one audit entry.
func TestKeptTwice(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.NewWorld(t, s, "a")
		a := w.Assertion("6")
		awardOne(t, s, a)
		for range 2 {
			clock.Add(time.Hour)
			tx(t, s, func(ctx context.Context, tx *store.Tx) error {
				return awards.Keep(ctx, tx, w.Course, w.Badge.ID, a.ID, "3")
			})
		}
		kept := 0
		for _, e := range storetest.Must(s.AuditOf(t.Context(), w.Course, string(a.ID)))(t) {
			if e.Action == badges.AwardKept {
				kept++
			}
		}
		if kept != 1 {
			t.Errorf("%d audit rows, want 1", kept)
		}
	})
}
