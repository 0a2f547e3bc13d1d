package app

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/store"
)

// freezeBatch is how many awards one transaction freezes.
const freezeBatch = 500

// freezeClaimed gives the awards that an earlier version claimed their base URL, which
// is the present one, and their entries in the status lists. It does so once; a start
// that was interrupted continues, and processes that start together share the work.
func freezeClaimed(ctx context.Context, st *store.Store, awards award.Awards, log *slog.Logger) error {
	for total := 0; ; {
		var frozen int
		err := st.Tx(ctx, func(tx *store.Tx) (err error) {
			frozen, err = awards.FreezeClaimed(ctx, tx, freezeBatch)
			return err
		})
		if err != nil {
			return fmt.Errorf("freeze claimed awards: %w", err)
		}
		if total += frozen; frozen > 0 {
			continue
		}
		if total > 0 {
			log.InfoContext(ctx, "claimed awards have their base URL and status entries", "awards", total)
		}
		return nil
	}
}
