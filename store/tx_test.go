package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestPanicInTransaction checks that a panic leaves no transaction open, which
// would block all other writers.
func TestPanicInTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "a")
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = s.Tx(t.Context(), func(tx *store.Tx) error {
				if _, err := awards.Award(t.Context(), tx, []badges.Assertion{w.assertion("6")}); err != nil {
					t.Error(err)
				}
				panic("in a transaction")
			})
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := s.Tx(ctx, func(tx *store.Tx) error {
			_, err := tx.Holding(ctx, w.course, w.badge.ID, "6")
			return err
		})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("afterwards: %v, want a transaction that finds nothing", err)
		}
	})
}
