package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwk"
)

// Algorithm is a signature algorithm, named as in JSON Web Signatures.
type Algorithm string

// The algorithms.
const (
	RS256 Algorithm = "RS256" // RSA PKCS #1 v1.5 with SHA-256 (RFC 7518, section 3.3)
	EdDSA Algorithm = "EdDSA" // Ed25519 (RFC 8037, section 3.1)
	ES256 Algorithm = "ES256" // ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4)
)

const rsaBits = 2048 // the minimum of RFC 7518, section 3.3

// Key is a key that signs now, will sign or has signed.
type Key struct {
	ID        string // thumbprint of the public key (RFC 7638): SHA-256, base64url
	Algorithm Algorithm
	Private   crypto.Signer // *rsa.PrivateKey for RS256, ed25519.PrivateKey for EdDSA, *ecdsa.PrivateKey for ES256
	SignsFrom time.Time
	State     State
}

// generate makes a private key. The bits are those of an RSA key.
func generate(algorithm Algorithm, bits int) (crypto.Signer, error) {
	switch algorithm {
	case RS256:
		return rsa.GenerateKey(rand.Reader, bits)
	case EdDSA:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	case ES256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		return nil, fmt.Errorf("unknown algorithm %q", algorithm)
	}
}

// thumbprint returns the id of a public key (RFC 7638, section 3).
func thumbprint(public crypto.PublicKey) (string, error) {
	key, err := jwk.FromRaw(public)
	if err != nil {
		return "", err
	}
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// parse reads a private key (PKCS #8) and checks that it has the algorithm.
func parse(algorithm Algorithm, der []byte) (crypto.Signer, error) {
	private, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	switch key := private.(type) {
	case *rsa.PrivateKey:
		if algorithm == RS256 {
			return key, nil
		}
	case ed25519.PrivateKey:
		if algorithm == EdDSA {
			return key, nil
		}
	case *ecdsa.PrivateKey:
		if algorithm == ES256 && key.Curve == elliptic.P256() {
			return key, nil
		}
	}
	return nil, fmt.Errorf("%T does not sign with %s", private, algorithm)
}
