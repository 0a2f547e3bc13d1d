package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestMakingSteps checks that steps which would not form a ladder are refused.
func TestMakingSteps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m, other := newWorld(t, s, "a"), newWorld(t, s, "b")
		silver := m.nextStep(t, s, m.badge.ID)
		gold := m.nextStep(t, s, silver.ID)
		draft := m.draft(t, s)
		set := func(badge, after badges.BadgeID) error {
			return s.Tx(t.Context(), func(tx *store.Tx) error { return tx.SetStep(t.Context(), m.course, badge, after, "3") })
		}
		for name, tt := range map[string]struct {
			badge, after badges.BadgeID
			want         fault.Kind
		}{
			"after one that has a next step": {draft.ID, m.badge.ID, fault.Conflict},
			"after itself":                   {draft.ID, draft.ID, fault.Conflict},
			"one that is on":                 {m.badge.ID, gold.ID, fault.Conflict},
			"after another course's":         {draft.ID, other.badge.ID, fault.NotFound},
			"another course's":               {other.badge.ID, gold.ID, fault.NotFound},
			"after none that exists":         {draft.ID, "x", fault.NotFound},
		} {
			if err := set(tt.badge, tt.after); !fault.Is(err, tt.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.Tx(t.Context(), func(tx *store.Tx) error { return tx.LeaveSteps(t.Context(), m.course, silver.ID, "3") }); !fault.Is(err, fault.Conflict) {
			t.Errorf("silver, which is on, left: %v", err)
		}
	})
}

// TestLeavingSteps checks that the ladder is closed when a draft leaves it.
func TestLeavingSteps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		middle, top := w.draft(t, s), w.draft(t, s)
		tx(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.SetStep(ctx, w.course, middle.ID, w.badge.ID, "3"); err != nil {
				return err
			}
			if err := tx.SetStep(ctx, w.course, top.ID, middle.ID, "3"); err != nil {
				return err
			}
			return tx.LeaveSteps(ctx, w.course, middle.ID, "3")
		})
		steps := storetest.Must(s.Steps(t.Context(), w.course))(t)
		if got := steps.Ladder(w.badge.ID); !slices.Equal(got, []badges.BadgeID{w.badge.ID, top.ID}) {
			t.Errorf("ladder %v, want the gap closed", got)
		}
		if got := steps.Ladder(middle.ID); len(got) != 1 {
			t.Errorf("who left stands in %v", got)
		}
	})
}

// TestOneNextStep sets the next step in several transactions at the same time.
func TestOneNextStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		var group sync.WaitGroup
		for range 8 {
			draft := w.draft(t, s)
			group.Go(func() {
				err := s.Tx(t.Context(), func(tx *store.Tx) error { return tx.SetStep(t.Context(), w.course, draft.ID, w.badge.ID, "3") })
				if err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := storetest.Must(s.Steps(t.Context(), w.course))(t).Ladder(w.badge.ID); len(got) != 2 {
			t.Errorf("ladder %v, want one next step", got)
		}
	})
}
