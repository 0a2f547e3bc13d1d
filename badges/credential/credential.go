package credential

import (
	"context"
	"encoding/json"

	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

// Signed returns the signed Open Badges 2.0 assertion of an award (RS256). It
// fails as Assertion does.
func (d Documents) Signed(ctx context.Context, award Award) (string, error) {
	if err := award.valid(); err != nil {
		return "", err
	}
	value, err := d.value(award)
	if err != nil {
		return "", err
	}
	keys, err := d.Keys.IssuerKeys(ctx, award.Issuer.ID)
	if err != nil {
		return "", err
	}
	key, err := keys.signed2()
	if err != nil {
		return "", err
	}
	creator := d.At(award.Assertion).Key(award.Issuer.ID, key.ID)
	return openbadges.Signed(value, vc.Key{ID: creator, Private: key.Private})
}

// Credential returns the Open Badges 3.0 credential of an award with an embedded
// proof (eddsa-rdfc-2022). It fails with fault.NotFound if the award is not
// public. A revoked or replaced award still has one: its status list says what
// became of it.
func (d Documents) Credential(ctx context.Context, award Award) ([]byte, error) {
	value, keys, err := d.credential(ctx, award)
	if err != nil {
		return nil, err
	}
	key, err := current(keys.Ed25519)
	if err != nil {
		return nil, err
	}
	return d.signer.Embedded(value, method(value.Badge.Organisation.DID, key), signedAt(award.Assertion.DecidedAt, key))
}

// JWT returns the Open Badges 3.0 credential of an award as a JWT (RS256). It
// fails as Credential does.
func (d Documents) JWT(ctx context.Context, award Award) (string, error) {
	value, keys, err := d.credential(ctx, award)
	if err != nil {
		return "", err
	}
	key, err := current(keys.RSA)
	if err != nil {
		return "", err
	}
	return openbadges.JWT(value, method(value.Badge.Organisation.DID, key))
}

// credential returns what a credential of an award contains, and the keys of its
// issuer.
func (d Documents) credential(ctx context.Context, award Award) (openbadges.Award, IssuerKeys, error) {
	if err := award.public(); err != nil {
		return openbadges.Award{}, IssuerKeys{}, err
	}
	value, err := d.value(award)
	if err != nil {
		return openbadges.Award{}, IssuerKeys{}, err
	}
	keys, err := d.Keys.IssuerKeys(ctx, award.Issuer.ID)
	return value, keys, err
}

// current returns the key that signs now.
func current(keys []SigningKey) (SigningKey, error) {
	for _, key := range keys {
		if key.Current {
			return key, nil
		}
	}
	return SigningKey{}, errNoKey()
}

// hosted returns the hosted assertion of an award as bytes.
func (d Documents) hosted(award Award) ([]byte, error) {
	document, err := d.Assertion(award)
	if err != nil {
		return nil, err
	}
	return json.Marshal(document)
}
