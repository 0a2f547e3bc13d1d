package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// Sweep removes expired rows: one-time links, deep linking requests, launches,
// and addresses that nobody confirmed.
func (s *Store) Sweep(ctx context.Context) error {
	return s.Tx(ctx, func(tx *Tx) error {
		for _, old := range []struct {
			query  string
			before time.Time
		}{
			{`delete from links where expires_at < $1`, tx.now},
			{`delete from placements where expires_at < $1`, tx.now},
			{`delete from launches where at < $1`, tx.now.Add(-launchesKept)},
			{`delete from given_addresses where given_at < $1`, tx.now.Add(-givenAddressesKept)},
			{`delete from address_mails where asked_at < $1`, tx.now.Add(-badges.AddressMailsWindow)},
		} {
			if _, err := tx.q.ExecContext(ctx, old.query, old.before); err != nil {
				return fmt.Errorf("sweep: %w", err)
			}
		}
		return nil
	})
}
