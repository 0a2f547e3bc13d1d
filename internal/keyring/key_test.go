package keyring_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"slices"
	"testing"

	"github.com/insigne-badges/insigne/internal/keyring"
)

// TestThumbprint compares with the examples in the specifications.
func TestThumbprint(t *testing.T) {
	p256, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4},
		decode(t, "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"), decode(t, "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA")))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		public crypto.PublicKey
		want   string
	}{
		{"RSA: RFC 7638, section 3.1", &rsa.PublicKey{E: 65537, N: new(big.Int).SetBytes(decode(t, "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"))}, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"},
		{"Ed25519: RFC 8037, appendix A.3", ed25519.PublicKey(decode(t, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"},
		{"P-256: RFC 9449, section 6.1", p256, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := keyring.Thumbprint(tt.public); err != nil || got != tt.want {
				t.Errorf("thumbprint = %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func decode(t *testing.T, s string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestParse checks that a key of another algorithm is refused: nobody could
// verify what it signs.
func TestParse(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		algorithm keyring.Algorithm
		der       []byte
		ok        bool
	}{
		{"RSA", keyring.RS256, pkcs8(t, rsaKey), true},
		{"Ed25519", keyring.EdDSA, pkcs8(t, edKey), true},
		{"RSA for EdDSA", keyring.EdDSA, pkcs8(t, rsaKey), false},
		{"Ed25519 for RS256", keyring.RS256, pkcs8(t, edKey), false},
		{"P-256", keyring.ES256, pkcs8(t, p256), true},
		{"P-384 for ES256", keyring.ES256, pkcs8(t, p384), false},
		{"P-256 for RS256", keyring.RS256, pkcs8(t, p256), false},
		{"Ed25519 for ES256", keyring.ES256, pkcs8(t, edKey), false},
		{"an unknown algorithm", "HS256", pkcs8(t, edKey), false},
		{"half a key", keyring.RS256, pkcs8(t, rsaKey)[:20], false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if key, err := keyring.Parse(tt.algorithm, tt.der); (err == nil) != tt.ok || (key != nil) != tt.ok {
				t.Errorf("parsed %T, %v; want success: %v", key, err, tt.ok)
			}
		})
	}
}

func pkcs8(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
