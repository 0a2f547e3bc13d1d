package app

import (
	"context"
	"crypto/rsa"
	"fmt"
	"slices"

	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// ltiKeyring returns the keys that sign messages to platforms.
func (c Config) ltiKeyring(st *store.Store) *keyring.Ring {
	return &keyring.Ring{Policy: keyring.ForLTI(), Rows: st, Secret: c.Secret, Now: c.clock()}
}

// ltiKeys makes the keys of a ring usable by package lti.
type ltiKeys struct{ ring *keyring.Ring }

// SigningKeys implements lti.Keys. The current key is the first.
func (k ltiKeys) SigningKeys(ctx context.Context) ([]lti.SigningKey, error) {
	keys, err := k.ring.Keys(ctx)
	if err != nil {
		return nil, err
	}
	var list []lti.SigningKey
	for _, key := range keys {
		private, ok := key.Private.(*rsa.PrivateKey)
		if !ok {
			return nil, fmt.Errorf("signing key %s is not RSA", key.ID)
		}
		at := len(list)
		if key.State == keyring.Current {
			at = 0
		}
		list = slices.Insert(list, at, lti.SigningKey{ID: key.ID, Private: private})
	}
	return list, nil
}
