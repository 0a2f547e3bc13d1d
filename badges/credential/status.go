package credential

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

// StatusFresh is how long a status list or a revocation list may be used without
// asking again, and so the longest time that a revocation stays unseen.
const StatusFresh = time.Minute

// StatusList returns a status list with the bits of set, signed by the issuer's
// current key (Bitstring Status List 1.0). The time in the proof is that of the
// last change, so that an unchanged list keeps its bytes.
func (d Documents) StatusList(ctx context.Context, list badges.StatusList, set []int) ([]byte, error) {
	document, keys, err := d.statusList(ctx, list, set)
	if err != nil {
		return nil, err
	}
	key, err := current(keys.Ed25519)
	if err != nil {
		return nil, err
	}
	return document.Embedded(method(document.DID, key), signedAt(list.ChangedAt, key))
}

// StatusListJWT is StatusList as a JWT (RS256).
func (d Documents) StatusListJWT(ctx context.Context, list badges.StatusList, set []int) ([]byte, error) {
	document, keys, err := d.statusList(ctx, list, set)
	if err != nil {
		return nil, err
	}
	key, err := current(keys.RSA)
	if err != nil {
		return nil, err
	}
	token, err := document.JWT(method(document.DID, key))
	return []byte(token), err
}

// StatusKey returns the id of the key that signs the status lists of an issuer now, as a
// JWT or with a proof. A signed list that is kept must be replaced when the key changes:
// some verifiers check a list with the first key of the DID document only, and after a
// leak nothing should be signed by the former key.
func (d Documents) StatusKey(ctx context.Context, issuer badges.IssuerID, jwt bool) (string, error) {
	keys, err := d.Keys.IssuerKeys(ctx, issuer)
	if err != nil {
		return "", err
	}
	of := keys.Ed25519
	if jwt {
		of = keys.RSA
	}
	key, err := current(of)
	return key.ID, err
}

// statusList returns a list that is not signed yet, and the keys of its issuer.
func (d Documents) statusList(ctx context.Context, list badges.StatusList, set []int) (openbadges.StatusList, IssuerKeys, error) {
	links := d.Links.At(list.BaseURL)
	did, err := links.DID(list.Issuer)
	if err != nil {
		return openbadges.StatusList{}, IssuerKeys{}, err
	}
	keys, err := d.Keys.IssuerKeys(ctx, list.Issuer)
	return openbadges.StatusList{
		Address: links.StatusList(list.ID), DID: did, Purpose: openbadges.StatusPurpose(list.Purpose),
		Bits: badges.StatusBits(set), Changed: list.ChangedAt, TTL: StatusFresh,
	}, keys, err
}

// RevocationList returns the Open Badges 2.0 revocation list of an issuer, below
// links, which verifiers of signed assertions read.
func (d Documents) RevocationList(i badges.Issuer, ended []badges.Revocation, links Addresses) (openbadges.RevocationList, error) {
	o, err := d.organisation(i, links)
	if err != nil {
		return openbadges.RevocationList{}, err
	}
	var list []openbadges.RevokedAward
	for _, r := range ended {
		reason := r.Reason
		if r.Replaced {
			reason = d.Words.Locale().T("step.replaced", nil) // the list has no language of its own
		}
		list = append(list, openbadges.RevokedAward{Address: links.Page(r.Assertion), UUID: string(r.Assertion), Reason: reason})
	}
	return openbadges.NewRevocationList(o, list)
}

// method returns a key as a verification method of a DID document.
func method(did string, key SigningKey) vc.Key {
	return vc.Key{ID: did + "#" + key.ID, Private: key.Private}
}

// signedAt returns the time in a signature: that of the content, or when the key
// began to sign if that was later. It does not depend on the request, so that the
// same document has the same bytes.
func signedAt(content time.Time, key SigningKey) time.Time {
	if key.SignsFrom.After(content) {
		return key.SignsFrom
	}
	return content
}
