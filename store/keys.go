package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/lti"
)

func keyPlace(id string) string { return "signing_key/" + id }

// SigningKeys implements lti.Keys, the newest first.
func (r reads) SigningKeys(ctx context.Context) ([]lti.SigningKey, error) {
	rows, err := r.q.QueryContext(ctx, `select id, private from signing_keys order by created_at desc, id`)
	keys, err := all(rows, err, func(row row) (lti.SigningKey, error) {
		var id string
		var sealed []byte
		if err := row.Scan(&id, &sealed); err != nil {
			return lti.SigningKey{}, err
		}
		der, err := r.secret.Open(sealed, keyPlace(id))
		if err != nil {
			return lti.SigningKey{}, err
		}
		return lti.ParseSigningKey(id, der)
	})
	if err != nil {
		return nil, fmt.Errorf("read signing keys: %w", err)
	}
	return keys, nil
}

// ensureSigningKey makes the first key. Reading the keys also finds out
// whether the secret is the one the database was made with.
func (s *Store) ensureSigningKey(ctx context.Context) error {
	keys, err := s.SigningKeys(ctx)
	if err != nil || len(keys) > 0 {
		return err
	}
	key, err := lti.NewSigningKey()
	if err != nil {
		return err
	}
	der, err := key.Marshal()
	if err != nil {
		return err
	}
	sealed, err := s.secret.Seal(der, keyPlace(key.ID))
	if err != nil {
		return err
	}
	return s.Tx(ctx, func(tx *Tx) error {
		_, err := tx.q.ExecContext(ctx, `insert into signing_keys (id, private, created_at) values ($1, $2, $3)`, key.ID, sealed, tx.now)
		return err
	})
}
