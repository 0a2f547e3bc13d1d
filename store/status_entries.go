package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/insigne-badges/insigne/badges"
)

// StatusEntries returns the places of an award in the status lists: that for
// revocation, then that for messages. It has none before the claim.
func (r reads) StatusEntries(ctx context.Context, of badges.AssertionID) ([]badges.StatusEntry, error) {
	rows, err := r.q.QueryContext(ctx, `select e.list_id, l.base_url, e.purpose, e.list_index
		from status_entries e join status_lists l on l.id = e.list_id where e.assertion_id = $1 order by e.purpose desc`, of)
	entries, err := all(rows, err, func(row row) (badges.StatusEntry, error) {
		var e badges.StatusEntry
		return e, row.Scan(&e.List, &e.BaseURL, &e.Purpose, &e.Index)
	})
	if err != nil {
		return nil, fmt.Errorf("read status entries of %s: %w", of, err)
	}
	return entries, nil
}

// StatusDraw asks for places in the status lists of an issuer, base URL and
// purpose.
type StatusDraw struct {
	Assertions []badges.AssertionID
	Issuer     badges.IssuerID
	BaseURL    string
	Purpose    badges.StatusPurpose
	Random     io.Reader // nobody can guess what it returns
}

// DrawStatus gives each award a random free index in the open list, whose bit is
// not set. The caller must have locked the lists. It fails if an award has an
// entry of that purpose.
func (tx *Tx) DrawStatus(ctx context.Context, d StatusDraw) error {
	for left := d.Assertions; len(left) > 0; {
		list, entries, err := tx.openStatusList(ctx, d)
		if err != nil {
			return err
		}
		fits := min(len(left), badges.StatusListFull-entries)
		for _, id := range left[:fits] {
			if err := tx.drawIndex(ctx, list, id, d); err != nil {
				return err
			}
		}
		left, entries = left[fits:], entries+fits
		result, err := tx.q.ExecContext(ctx, `update status_lists set entries = $2, is_full = $3 where id = $1`, list, entries, entries >= badges.StatusListFull)
		if err := one(result, err, "status list"); err != nil {
			return err
		}
	}
	return nil
}

// mostDraws is how often a draw may meet an index that is taken. In a list that
// is half full this does not happen unless the random source repeats itself.
const mostDraws = 100

func (tx *Tx) drawIndex(ctx context.Context, list badges.StatusListID, id badges.AssertionID, d StatusDraw) error {
	for range mostDraws {
		index, err := randomIndex(d.Random)
		if err != nil {
			return err
		}
		drawn, err := tx.takeIndex(ctx, list, index, id, d.Purpose)
		if err != nil || drawn {
			return err
		}
	}
	return fmt.Errorf("draw status entry of %s: no free index found", id)
}

// randomIndex returns a uniform index: the size of a list is a power of two.
func randomIndex(random io.Reader) (int, error) {
	var drawn [4]byte
	if _, err := io.ReadFull(random, drawn[:]); err != nil {
		return 0, fmt.Errorf("draw status entry: %w", err)
	}
	return int(binary.BigEndian.Uint32(drawn[:]) % badges.StatusListSize), nil
}

// takeIndex reports whether the index was free.
func (tx *Tx) takeIndex(ctx context.Context, list badges.StatusListID, index int, id badges.AssertionID, purpose badges.StatusPurpose) (bool, error) {
	result, err := tx.q.ExecContext(ctx, `insert into status_entries (list_id, list_index, assertion_id, purpose) values ($1, $2, $3, $4)
		on conflict (list_id, list_index) do nothing`, list, index, id, purpose)
	if err != nil {
		return false, fmt.Errorf("write status entry of %s: %w", id, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("write status entry of %s: %w", id, err)
	}
	return n > 0, nil
}

// SetStatus sets or clears a bit of some awards. It leaves out awards without an
// entry of that purpose, because they were never claimed. The caller must have
// locked the lists.
func (tx *Tx) SetStatus(ctx context.Context, purpose badges.StatusPurpose, set bool, of ...badges.AssertionID) error {
	changed := map[badges.StatusListID][]int{}
	for _, id := range of {
		var list badges.StatusListID
		var index int
		err := tx.q.QueryRowContext(ctx, `update status_entries set is_set = $3 where assertion_id = $1 and purpose = $2 and is_set <> $3 returning list_id, list_index`,
			id, purpose, set).Scan(&list, &index)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return fmt.Errorf("write status of %s: %w", id, err)
		}
		changed[list] = append(changed[list], index)
	}
	for _, list := range slices.Sorted(maps.Keys(changed)) {
		if err := tx.writeBits(ctx, list, changed[list], set); err != nil {
			return err
		}
	}
	return nil
}
