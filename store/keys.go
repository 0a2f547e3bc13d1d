package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

// How long the tool's own keys live. What they sign lives for minutes, and
// platforms read a key set anew at the latest when they meet an unknown key.
const (
	keyPeriod  = 90 * 24 * time.Hour // a key signs for so long, after being published for as long
	keyOverlap = 7 * 24 * time.Hour  // a key is still published so long after it stopped signing
)

func keyPlace(id string) string { return "signing_key/" + id }

// OwnKey is a signing key and when it begins to sign.
type OwnKey struct {
	lti.SigningKey

	SignsFrom time.Time
}

// OwnKeys lists the tool's keys: the next ones first, then the one that signs
// at now, then those that signed before.
func (r reads) OwnKeys(ctx context.Context) ([]OwnKey, error) {
	rows, err := r.q.QueryContext(ctx, `select id, private, signs_from from signing_keys order by signs_from desc, id`)
	keys, err := all(rows, err, func(row row) (OwnKey, error) {
		var id string
		var sealed []byte
		var key OwnKey
		if err := row.Scan(&id, &sealed, &key.SignsFrom); err != nil {
			return OwnKey{}, err
		}
		der, err := r.secret.Open(sealed, keyPlace(id))
		if err != nil {
			return OwnKey{}, err
		}
		key.SigningKey, err = lti.ParseSigningKey(id, der)
		return key, err
	})
	if err != nil {
		return nil, fmt.Errorf("read signing keys: %w", err)
	}
	return keys, nil
}

// SigningKeys implements lti.Keys: the key in use first, then the next and the
// previous ones.
func (s *Store) SigningKeys(ctx context.Context) ([]lti.SigningKey, error) {
	own, err := s.OwnKeys(ctx)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	inUse := max(0, slices.IndexFunc(own, func(k OwnKey) bool { return !k.SignsFrom.After(now) }))
	var keys []lti.SigningKey
	for i, k := range own {
		if i == inUse {
			keys = slices.Insert(keys, 0, k.SigningKey)
		} else {
			keys = append(keys, k.SigningKey)
		}
	}
	return keys, nil
}

// RotateKeys does what is due: the first key, a next key where there is none,
// and the end of keys that stopped signing a while ago. Reading the keys also
// finds out whether the secret is the one the database was made with.
func (s *Store) RotateKeys(ctx context.Context) error {
	own, err := s.OwnKeys(ctx)
	if err != nil {
		return err
	}
	now := s.cfg.Now()
	var due []time.Time // when keys that are missing begin to sign
	if len(own) == 0 {
		due = append(due, now)
	}
	if len(own) == 0 || !own[0].SignsFrom.After(now) {
		due = append(due, now.Add(keyPeriod))
	}
	keys := make([]OwnKey, len(due))
	for i, from := range due {
		if keys[i].SigningKey, err = lti.NewSigningKey(); err != nil {
			return err
		}
		keys[i].SignsFrom = from
	}
	ended := endedKeys(own, now)
	if len(keys) == 0 && len(ended) == 0 {
		return nil
	}
	return s.Tx(ctx, func(tx *Tx) error {
		for _, k := range keys {
			if err := tx.addKey(ctx, k); err != nil {
				return err
			}
		}
		for _, k := range ended {
			if _, err := tx.q.ExecContext(ctx, `delete from signing_keys where id = $1`, k.ID); err != nil {
				return fmt.Errorf("remove signing key: %w", err)
			}
		}
		return nil
	})
}

func (tx *Tx) addKey(ctx context.Context, k OwnKey) error {
	der, err := k.Marshal()
	if err != nil {
		return err
	}
	sealed, err := tx.secret.Seal(der, keyPlace(k.ID))
	if err != nil {
		return err
	}
	_, err = tx.q.ExecContext(ctx, `insert into signing_keys (id, private, created_at, signs_from) values ($1, $2, $3, $4)`,
		k.ID, sealed, tx.now, moment(k.SignsFrom))
	if err != nil {
		return fmt.Errorf("write signing key: %w", err)
	}
	return nil
}

// endedKeys are those whose successor has signed for longer than the overlap.
func endedKeys(own []OwnKey, now time.Time) []OwnKey {
	var ended []OwnKey
	for i := 1; i < len(own); i++ {
		if own[i-1].SignsFrom.Add(keyOverlap).Before(now) {
			ended = append(ended, own[i])
		}
	}
	return ended
}

// UseNextKey has the next key sign from now on, and makes another next one.
func (s *Store) UseNextKey(ctx context.Context) error {
	err := s.Tx(ctx, func(tx *Tx) error {
		own, err := tx.OwnKeys(ctx)
		if err != nil {
			return err
		}
		for _, k := range slices.Backward(own) { // the earliest of those to come
			if k.SignsFrom.After(tx.now) {
				_, err := tx.q.ExecContext(ctx, `update signing_keys set signs_from = $2 where id = $1`, k.ID, tx.now)
				return err
			}
		}
		return nil // another process was faster
	})
	if err != nil {
		return fmt.Errorf("rotate signing key: %w", err)
	}
	return s.RotateKeys(ctx)
}
