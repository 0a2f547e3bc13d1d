package credential

import (
	"context"
	"crypto/rsa"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/vc"
)

// JWK returns one public key of an issuer as a JSON Web Key; fault.NotFound if
// the issuer has no such key.
func (d Documents) JWK(ctx context.Context, i badges.Issuer, id string) ([]byte, error) {
	key, err := d.key(ctx, i, id)
	if err != nil {
		return nil, err
	}
	return vc.JWK(id, key.Private.Public())
}

// CryptographicKey returns one RSA key of an issuer as the Open Badges 2.0
// document that the creator of a signed assertion is; fault.NotFound if the
// issuer has no such key.
func (d Documents) CryptographicKey(ctx context.Context, i badges.Issuer, id string, links Addresses) (openbadges.CryptographicKey, error) {
	key, err := d.key(ctx, i, id)
	if err != nil {
		return openbadges.CryptographicKey{}, err
	}
	public, ok := key.Private.Public().(*rsa.PublicKey)
	if !ok {
		return openbadges.CryptographicKey{}, fault.New(fault.NotFound, "problem.not_found")
	}
	return openbadges.NewKey(links.Key(i.ID, id), links.Issuer(i.ID), public)
}

func (d Documents) key(ctx context.Context, i badges.Issuer, id string) (SigningKey, error) {
	keys, err := d.Keys.IssuerKeys(ctx, i.ID)
	if err != nil {
		return SigningKey{}, err
	}
	for _, key := range keys.all() {
		if key.ID == id {
			return key, nil
		}
	}
	return SigningKey{}, fault.New(fault.NotFound, "problem.not_found")
}
