package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/keyring"
)

// SigningKeys implements keyring.Rows.
func (r reads) SigningKeys(ctx context.Context, set keyring.Set) ([]keyring.Row, error) {
	rows, err := r.q.QueryContext(ctx, `select id, algorithm, private, signs_from, state from signing_keys
		where purpose = $1 and owner = $2 order by signs_from desc, id`, set.Purpose, set.Owner)
	keys, err := all(rows, err, func(row row) (keyring.Row, error) {
		k := keyring.Row{Set: set}
		var from instant
		err := row.Scan(&k.ID, &k.Algorithm, &k.Private, &from, &k.State)
		k.SignsFrom = from.Time
		return k, err
	})
	if err != nil {
		return nil, fmt.Errorf("read signing keys: %w", err)
	}
	return keys, nil
}

// ChangeSigningKeys implements keyring.Rows.
func (s *Store) ChangeSigningKeys(ctx context.Context, set keyring.Set, decide func(rows []keyring.Row, now time.Time) []keyring.Change) error {
	return s.Tx(ctx, func(tx *Tx) error {
		if err := tx.dialect.lock(ctx, tx.q, fmt.Sprintf("signing_keys/%s/%s", set.Purpose, set.Owner)); err != nil {
			return fmt.Errorf("lock signing keys: %w", err)
		}
		rows, err := tx.SigningKeys(ctx, set)
		if err != nil {
			return err
		}
		for _, c := range decide(rows, tx.now) {
			if err := tx.changeSigningKey(ctx, c); err != nil {
				return fmt.Errorf("write signing key %s: %w", c.Row.ID, err)
			}
		}
		return nil
	})
}

// changeSigningKey writes a change and its audit entry.
func (tx *Tx) changeSigningKey(ctx context.Context, c keyring.Change) error {
	if err := tx.writeSigningKey(ctx, c.Row); err != nil {
		return err
	}
	return tx.Audit(ctx, badges.AuditEntry{
		Actor: keyActor(c.By), Action: keyAction(c.Row.State), Object: c.Row.ID, Old: string(c.Old), New: string(c.Row.State), Reason: c.Row.Owner,
	})
}

func (tx *Tx) writeSigningKey(ctx context.Context, k keyring.Row) (err error) {
	switch k.State {
	case keyring.Next:
		_, err = tx.q.ExecContext(ctx, `insert into signing_keys (id, purpose, owner, algorithm, private, created_at, signs_from, state)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			k.ID, k.Purpose, k.Owner, k.Algorithm, k.Private, tx.now, moment(k.SignsFrom), k.State)
	case keyring.Current, keyring.Previous:
		_, err = tx.q.ExecContext(ctx, `update signing_keys set signs_from = $2, state = $3 where id = $1`,
			k.ID, moment(k.SignsFrom), k.State)
	case keyring.None:
		_, err = tx.q.ExecContext(ctx, `delete from signing_keys where id = $1`, k.ID)
	}
	return err
}

func keyAction(becomes keyring.State) badges.Action {
	switch becomes {
	case keyring.Next:
		return badges.KeyCreated
	case keyring.Current:
		return badges.KeyPromoted
	case keyring.Previous:
		return badges.KeyRetired
	default:
		return badges.KeyDeleted
	}
}

func keyActor(by keyring.Cause) string {
	if by == keyring.ByRequest {
		return badges.ByAdmin
	}
	return badges.ByRule
}
