package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// TestExpiry checks that a link and a deep linking request expire by the
// store's clock, and that Sweep removes them.
func TestExpiry(t *testing.T) {
	clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := newWorld(t, s, "a")
		var placement string
		tx(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			if err := tx.NewLink(ctx, store.Invitation, []byte("h"), tx.Now().Add(time.Hour), badges.ByAdmin); err != nil {
				return err
			}
			placement, err = tx.AddPlacement(ctx, store.Placement{Course: w.course, User: "3", Expires: tx.Now().Add(time.Hour)})
			return err
		})
		for _, step := range []struct {
			after time.Duration
			open  int
		}{{time.Hour - time.Second, 1}, {time.Second, 0}} {
			clock.Add(step.after)
			if err := s.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			link := s.Link(t.Context(), store.Invitation, []byte("h"))
			links := storetest.Must(s.Links(t.Context(), store.Invitation))(t)
			_, waits := s.Placement(t.Context(), w.course, "3", placement)
			if len(links) != step.open || (link == nil) != (step.open > 0) || (waits == nil) != (step.open > 0) {
				t.Errorf("%s later: links = %v, %v; placement: %v; want %d of each", step.after, links, link, waits, step.open)
			}
		}
		clock.Add(time.Second)
		if err := s.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows, err := s.Query(t.Context(), `select 1 from links union all select 1 from placements`)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }() // Err below returns the error
		if rows.Next() || rows.Err() != nil {
			t.Errorf("something is left after it was swept, %v", rows.Err())
		}
	})
}
