package store

import (
	"context"
	"fmt"
	"time"
)

// Sweep removes expired rows: one-time links, deep linking requests and
// launches.
func (s *Store) Sweep(ctx context.Context) error {
	return s.Tx(ctx, func(tx *Tx) error {
		for _, old := range []struct {
			query  string
			before time.Time
		}{
			{`delete from links where expires_at < $1`, tx.now},
			{`delete from placements where expires_at < $1`, tx.now},
			{`delete from launches where at < $1`, tx.now.Add(-launchesKept)},
		} {
			if _, err := tx.q.ExecContext(ctx, old.query, old.before); err != nil {
				return fmt.Errorf("sweep: %w", err)
			}
		}
		return nil
	})
}
