package credential

import (
	"context"
	"crypto"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// SigningKey is a key of an issuer.
type SigningKey struct {
	ID        string        // thumbprint of the public key (RFC 7638); URL-safe, and unique among the keys of the issuer
	Private   crypto.Signer // ed25519.PrivateKey, *rsa.PrivateKey or *ecdsa.PrivateKey, by the list that it is in
	SignsFrom time.Time     // when it began to sign or will begin
	Current   bool          // it signs now
}

// IssuerKeys are the keys of an issuer: in each list every key that ever signed, the
// one that signs now, and the one that will sign next. The earliest is the first, and
// exactly one is current.
type IssuerKeys struct {
	Ed25519 []SigningKey // for proofs embedded in credentials
	RSA     []SigningKey // at least 2048 bits; for signed Open Badges 2.0 and credentials as JWTs
	P256    []SigningKey // for credentials with selective disclosure
}

// Keys returns the keys of issuers. It reads them and never makes one.
type Keys interface {
	// IssuerKeys returns the keys of an issuer that exists. The error is
	// fault.Upstream if they are not made yet, which takes a minute.
	IssuerKeys(ctx context.Context, issuer badges.IssuerID) (IssuerKeys, error)
}

// all returns the keys of every kind: first those that sign now.
func (k IssuerKeys) all() []SigningKey {
	keys := slices.Concat(k.RSA, k.Ed25519, k.P256)
	slices.SortStableFunc(keys, func(a, b SigningKey) int {
		switch {
		case a.Current == b.Current:
			return 0
		case a.Current:
			return -1
		}
		return 1
	})
	return keys
}

// signed2 returns the key that signs Open Badges 2.0 assertions: the first RSA
// key, for as long as the issuer exists, also after a leak. A profile of 2.0 names
// one key, and validators refuse a signature by another
// (docs/decisions/signed-assertions.md).
func (k IssuerKeys) signed2() (SigningKey, error) {
	if len(k.RSA) == 0 {
		return SigningKey{}, errNoKey()
	}
	return k.RSA[0], nil
}

func errNoKey() error { return fault.New(fault.Internal, "problem.internal") }
