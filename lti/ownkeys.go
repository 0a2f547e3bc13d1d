package lti

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// NewSigningKey makes an RSA key of 2048 bits, named by its thumbprint
// (RFC 7638).
func NewSigningKey() (SigningKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, minimalKeyBits)
	if err != nil {
		return SigningKey{}, fmt.Errorf("lti: make signing key: %w", err)
	}
	public, err := jwk.FromRaw(private.Public())
	if err != nil {
		return SigningKey{}, fmt.Errorf("lti: make signing key: %w", err)
	}
	thumbprint, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return SigningKey{}, fmt.Errorf("lti: make signing key: %w", err)
	}
	return SigningKey{ID: base64.RawURLEncoding.EncodeToString(thumbprint), Private: private}, nil
}

// Marshal encodes the private key (PKCS #8), to be stored encrypted.
func (k SigningKey) Marshal() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		return nil, fmt.Errorf("lti: encode signing key: %w", err)
	}
	return der, nil
}

// ParseSigningKey reads what Marshal wrote.
func ParseSigningKey(id string, der []byte) (SigningKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return SigningKey{}, fmt.Errorf("lti: read signing key %s: %w", id, err)
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return SigningKey{}, fmt.Errorf("lti: read signing key %s: not RSA", id)
	}
	return SigningKey{ID: id, Private: private}, nil
}

// public returns the public half as others may use it.
func (k SigningKey) public() (jwk.Key, error) {
	public, err := jwk.FromRaw(k.Private.Public())
	if err != nil {
		return nil, fmt.Errorf("lti: public key: %w", err)
	}
	for name, value := range map[string]any{jwk.KeyIDKey: k.ID, jwk.AlgorithmKey: jwa.RS256, jwk.KeyUsageKey: jwk.ForSignature} {
		if err := public.Set(name, value); err != nil {
			return nil, fmt.Errorf("lti: public key: %w", err)
		}
	}
	return public, nil
}

// PublicKeys returns the tool's key set as JSON (RFC 7517), without private
// parts.
func (t *Tool) PublicKeys(ctx context.Context) ([]byte, error) {
	keys, err := t.cfg.Keys.SigningKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("lti: read signing keys: %w", err)
	}
	set := jwk.NewSet()
	for _, k := range keys {
		public, err := k.public()
		if err != nil {
			return nil, err
		}
		if err := set.AddKey(public); err != nil {
			return nil, fmt.Errorf("lti: key set: %w", err)
		}
	}
	return json.Marshal(set)
}
