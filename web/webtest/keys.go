package webtest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"sync"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
)

// Keys are the same keys for every organisation. They implement credential.Keys.
type Keys struct{}

// IssuerKeys implements credential.Keys.
func (Keys) IssuerKeys(context.Context, badges.IssuerID) (credential.IssuerKeys, error) {
	return testKeys()
}

// testKeys makes the keys once, because an RSA key takes long.
var testKeys = sync.OnceValues(func() (keys credential.IssuerKeys, err error) {
	seed := sha256.Sum256([]byte("only for tests"))
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return keys, err
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return keys, err
	}
	return credential.IssuerKeys{
		Ed25519: []credential.SigningKey{signingKey("ed25519", ed25519.NewKeyFromSeed(seed[:]))},
		RSA:     []credential.SigningKey{signingKey("rsa", rsaKey)},
		P256:    []credential.SigningKey{signingKey("p256", p256)},
	}, nil
})

// signingKey returns a key whose id looks like a thumbprint.
func signingKey(name string, private crypto.Signer) credential.SigningKey {
	sum := sha256.Sum256([]byte(name))
	return credential.SigningKey{
		ID: base64.RawURLEncoding.EncodeToString(sum[:]), Private: private, SignsFrom: Day.AddDate(0, -1, 0), Current: true,
	}
}
