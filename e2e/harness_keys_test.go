package e2e_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"sync"

	"github.com/insigne-badges/insigne/internal/keyring"
)

// rsaKeys are RSA keys that all installations of the tests share. Each is made once, when
// the first of them needs it, because that takes seconds with the race detector.
var rsaKeys struct {
	mu   sync.Mutex
	made []*rsa.PrivateKey
}

func sharedRSA(i int) (*rsa.PrivateKey, error) {
	rsaKeys.mu.Lock()
	defer rsaKeys.mu.Unlock()
	for len(rsaKeys.made) <= i {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		rsaKeys.made = append(rsaKeys.made, key)
	}
	return rsaKeys.made[i], nil
}

// sharedKeys returns the keys of the organisations of one installation. It gives no key
// twice.
func sharedKeys() func(keyring.Algorithm) (crypto.Signer, error) {
	var mu sync.Mutex
	next := 0
	return func(algorithm keyring.Algorithm) (crypto.Signer, error) {
		switch algorithm {
		case keyring.RS256:
			mu.Lock()
			i := next
			next++
			mu.Unlock()
			return sharedRSA(i)
		case keyring.EdDSA:
			_, private, err := ed25519.GenerateKey(rand.Reader)
			return private, err
		case keyring.ES256:
			return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		default:
			return nil, fmt.Errorf("unknown algorithm %q", algorithm)
		}
	}
}
