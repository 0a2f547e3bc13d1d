package app

import (
	"context"
	"crypto/rsa"
	"fmt"
	"slices"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// ltiKeyring returns the keys that sign messages to platforms.
func (c Config) ltiKeyring(st *store.Store) *keyring.Ring {
	return &keyring.Ring{Policy: keyring.ForLTI(), Rows: st, Secret: c.Secret, Now: c.clock()}
}

// issuerKeyring returns the keys that sign for issuing organisations.
func (c Config) issuerKeyring(st *store.Store) *keyring.Issuers {
	keys := keyring.NewIssuers(st, c.Secret, c.clock())
	keys.MakeKey = c.MakeKey
	return keys
}

// issuerKeys makes the keys of organisations usable by package credential.
type issuerKeys struct{ keys *keyring.Issuers }

// IssuerKeys implements credential.Keys.
func (k issuerKeys) IssuerKeys(ctx context.Context, issuer badges.IssuerID) (credential.IssuerKeys, error) {
	keys, err := k.keys.Keys(ctx, string(issuer))
	if err != nil {
		return credential.IssuerKeys{}, err
	}
	var list credential.IssuerKeys
	current := 0
	for _, key := range slices.Backward(keys) {
		of, err := listOf(&list, key.Algorithm)
		if err != nil {
			return credential.IssuerKeys{}, fmt.Errorf("signing key %s: %w", key.ID, err)
		}
		signs := key.State == keyring.Current
		*of = append(*of, credential.SigningKey{ID: key.ID, Private: key.Private, SignsFrom: key.SignsFrom, Current: signs})
		if signs {
			current++
		}
	}
	if current < len(keyring.ForIssuer()) {
		return credential.IssuerKeys{}, fault.New(fault.Upstream, "problem.keys_missing")
	}
	return list, nil
}

// listOf returns the list of keys with an algorithm.
func listOf(keys *credential.IssuerKeys, algorithm keyring.Algorithm) (*[]credential.SigningKey, error) {
	switch algorithm {
	case keyring.EdDSA:
		return &keys.Ed25519, nil
	case keyring.RS256:
		return &keys.RSA, nil
	case keyring.ES256:
		return &keys.P256, nil
	default:
		return nil, fmt.Errorf("unknown algorithm %q", algorithm)
	}
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
