package keyring

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"
)

// openSet is a set of keys that was read from the database and opened.
type openSet struct {
	rows []Row
	keys []Key // of the rows, in their order; without State, which depends on the time
}

// read reads the keys of the ring. It opens only those that before does not have,
// because that takes long.
func (r *Ring) read(ctx context.Context, before openSet) (openSet, error) {
	rows, err := r.Rows.SigningKeys(ctx, r.set())
	if err != nil {
		return openSet{}, err
	}
	opened := openSet{rows: rows, keys: make([]Key, len(rows))}
	for i, row := range rows {
		if opened.keys[i], err = r.openOnce(row, before); err != nil {
			return openSet{}, fmt.Errorf("read signing keys: %w", err)
		}
	}
	return opened, nil
}

// openOnce returns the key of a row, from before if it is there.
func (r *Ring) openOnce(row Row, before openSet) (Key, error) {
	i := slices.IndexFunc(before.rows, func(k Row) bool { return k.ID == row.ID && bytes.Equal(k.Private, row.Private) })
	if i < 0 {
		return r.open(row)
	}
	key := before.keys[i]
	key.SignsFrom = row.SignsFrom // an administrator may have moved it
	return key, nil
}

// keysAt returns the keys with their states at now.
func (s openSet) keysAt(now time.Time) []Key {
	keys := slices.Clone(s.keys)
	for i, state := range statesAt(s.rows, now) {
		keys[i].State = state
	}
	return keys
}
