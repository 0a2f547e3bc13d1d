package vc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"github.com/insigne-badges/insigne/vc"
)

const payload = `{"iss":"did:web:badges.example.org","sub":"urn:uuid:2","name":"Zoé"}`

func rsaKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func curveKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestSignJWT(t *testing.T) {
	tests := []struct {
		name, algorithm string
		key             crypto.Signer
	}{
		{"RSA", "RS256", rsaKey(t, 2048)},
		{"P-256", "ES256", curveKey(t, elliptic.P256())},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			token, err := vc.SignJWT([]byte(payload), vc.Key{ID: issuerDID + "#k", Private: test.key})
			if err != nil {
				t.Fatal(err)
			}
			encoded, _, _ := strings.Cut(token, ".")
			header, err := base64.RawURLEncoding.DecodeString(encoded)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal(header, &got); err != nil {
				t.Fatal(err)
			}
			assertEqual(t, got, map[string]any{"alg": test.algorithm, "kid": issuerDID + "#k", "typ": "JWT"})
			read, err := vc.VerifyJWT(token, test.key.Public())
			if err != nil {
				t.Fatal(err)
			}
			assertEqual(t, string(read), payload)
			named, err := vc.ReadJWTHeader(token)
			if err != nil {
				t.Fatal(err)
			}
			assertEqual(t, named, vc.JWTHeader{Algorithm: test.algorithm, KeyID: issuerDID + "#k"})
		})
	}
}

func TestSignJWTRefuses(t *testing.T) {
	good := rsaKey(t, 2048)
	tests := []struct {
		name    string
		payload string
		key     crypto.Signer
		want    error
	}{
		{"RSA with 1024 bits", payload, shortKey{}, vc.ErrKey},
		{"P-384", payload, curveKey(t, elliptic.P384()), vc.ErrKey},
		{"Ed25519", payload, vectorKey(t), vc.ErrKey},
		{"no key", payload, nil, vc.ErrKey},
		{"no JSON", "badge", good, vc.ErrMalformed},
		{"a name twice", `{"iss":"a","iss":"b"}`, good, vc.ErrMalformed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := vc.SignJWT([]byte(test.payload), vc.Key{ID: "k", Private: test.key}); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

// shortKey is an RSA key of 1024 bits, which must not come to the point of signing.
type shortKey struct{}

func (shortKey) Public() crypto.PublicKey {
	return &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1023), E: 65537}
}

func (shortKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("a short key was used")
}

// token returns a JWT with any header, signed by a P-256 key.
func token(t *testing.T, header string, key *ecdsa.PrivateKey) string {
	t.Helper()
	signed, err := jws.Sign([]byte(payload), jws.WithKey(jwa.ES256, key))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(signed), ".")
	parts[0] = base64.RawURLEncoding.EncodeToString([]byte(header))
	signature, err := jwsSign(parts[0]+"."+parts[1], key)
	if err != nil {
		t.Fatal(err)
	}
	return parts[0] + "." + parts[1] + "." + signature
}

func jwsSign(text string, key *ecdsa.PrivateKey) (string, error) {
	signer, err := jws.NewSigner(jwa.ES256)
	if err != nil {
		return "", err
	}
	signature, err := signer.Sign([]byte(text), key)
	return base64.RawURLEncoding.EncodeToString(signature), err
}

func TestVerifyJWTRefusesAttacks(t *testing.T) {
	key, thief := curveKey(t, elliptic.P256()), curveKey(t, elliptic.P256())
	good := token(t, `{"alg":"ES256","kid":"k","typ":"JWT"}`, key)
	if _, err := vc.VerifyJWT(good, key.Public()); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))
	public := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`))
	tests := []struct {
		name, token string
		key         crypto.PublicKey
		want        error
	}{
		{"no algorithm", none + "." + parts[1] + ".", key.Public(), vc.ErrUnsupported},
		{"the public key as a secret", public + "." + parts[1] + "." + parts[2], key.Public(), vc.ErrUnsupported},
		{"an algorithm of another key", good, &rsaKey(t, 2048).PublicKey, vc.ErrUnsupported},
		{"a key in the header", token(t, `{"alg":"ES256","jwk":{"kty":"EC"}}`, thief), key.Public(), vc.ErrUnsupported},
		{"a certificate in the header", token(t, `{"alg":"ES256","x5c":["a"]}`, thief), key.Public(), vc.ErrUnsupported},
		{"the address of a key in the header", token(t, `{"alg":"ES256","jku":"https://thief.example"}`, thief), key.Public(), vc.ErrUnsupported},
		{"a critical extension", token(t, `{"alg":"ES256","crit":["b64"],"b64":false}`, key), key.Public(), vc.ErrUnsupported},
		{"alg twice", token(t, `{"alg":"none","alg":"ES256"}`, key), key.Public(), vc.ErrMalformed},
		{"another key", token(t, `{"alg":"ES256"}`, thief), key.Public(), vc.ErrSignature},
		{"another payload", parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"x"}`)) + "." + parts[2], key.Public(), vc.ErrSignature},
		{"no signature", parts[0] + "." + parts[1] + ".", key.Public(), vc.ErrSignature},
		{"four parts", good + ".a", key.Public(), vc.ErrMalformed},
		{"a header that is no base64url", "=." + parts[1] + "." + parts[2], key.Public(), vc.ErrMalformed},
		{"a header that is no object", base64.RawURLEncoding.EncodeToString([]byte(`"ES256"`)) + "." + parts[1] + "." + parts[2], key.Public(), vc.ErrMalformed},
		{"too long", strings.Repeat("a", 4<<20), key.Public(), vc.ErrMalformed},
		{"an Ed25519 key", good, ed25519.PublicKey(make([]byte, 32)), vc.ErrKey},
		{"a short RSA key", good, shortKey{}.Public(), vc.ErrKey},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := vc.VerifyJWT(test.token, test.key); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}
