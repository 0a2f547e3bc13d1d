package credential

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

// Issuer returns the Open Badges 2.0 profile of an issuer below links.
func (d Documents) Issuer(ctx context.Context, i badges.Issuer, links Addresses) (openbadges.Issuer, error) {
	o, err := d.organisation(i, links)
	if err != nil {
		return openbadges.Issuer{}, err
	}
	keys, err := d.Keys.IssuerKeys(ctx, i.ID)
	if err != nil {
		return openbadges.Issuer{}, err
	}
	key, err := keys.signed2()
	if err != nil {
		return openbadges.Issuer{}, err
	}
	o.Keys = []string{links.Key(i.ID, key.ID)}
	return openbadges.NewIssuer(o)
}

// Profile returns the Open Badges 3.0 profile of an issuer.
func (d Documents) Profile(i badges.Issuer, links Addresses) ([]byte, error) {
	o, err := d.organisation(i, links)
	if err != nil {
		return nil, err
	}
	return openbadges.Profile(o)
}

// organisation returns an issuer as the documents below links name it, without
// its keys.
func (d Documents) organisation(i badges.Issuer, links Addresses) (openbadges.Organisation, error) {
	did, err := links.DID(i.ID)
	if err != nil {
		return openbadges.Organisation{}, err
	}
	o := openbadges.Organisation{
		Address: links.Issuer(i.ID), DID: did, Name: i.Name, URL: i.URL, Email: i.Email, Description: i.Description,
		RevocationList: links.Revocations(i.ID),
	}
	if i.Logo != "" {
		o.Logo = links.Picture(i.Logo)
	}
	return o, nil
}

// DIDDocument returns the DID document of an issuer. It lists every key that
// signs, has signed or will sign, so that old documents stay verifiable and
// caches know the next key in time. The RSA key that signs now is the first: some
// verifiers check a status list with the first key.
func (d Documents) DIDDocument(ctx context.Context, i badges.Issuer, links Addresses) ([]byte, error) {
	did, err := links.DID(i.ID)
	if err != nil {
		return nil, err
	}
	keys, err := d.Keys.IssuerKeys(ctx, i.ID)
	if err != nil {
		return nil, err
	}
	var methods []vc.Method
	for _, key := range keys.all() {
		methods = append(methods, vc.Method{ID: did + "#" + key.ID, Public: key.Private.Public()})
	}
	return vc.NewDIDDocument(did, methods)
}
