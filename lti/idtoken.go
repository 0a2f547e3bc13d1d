package lti

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

const maxToken = 64 << 10 // bytes

// verify checks the form and the signature of an id_token and returns its claims by
// name (RFC 7515; 1EdTech Security Framework, section 5.1.3). It ignores jku, x5u and
// jwk in the header: kid selects the key from the registration's key set.
func (t *Tool) verify(ctx context.Context, reg Registration, token string) (claims, error) {
	if token == "" {
		return nil, refuse(TokenMissing)
	}
	if len(token) > maxToken {
		return nil, refuse(TokenTooLarge)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, refuse(TokenMalformed) // includes the JSON serialisation of a JWS
	}
	kid, err := readHeader(parts[0])
	if err != nil {
		return nil, err
	}
	key, err := t.platform.key(ctx, reg.KeysURL, kid)
	if err != nil {
		return nil, err
	}
	if key.N.BitLen() < minimalKeyBits {
		return nil, refuse(KeyWeak)
	}
	payload, err := jws.Verify([]byte(token), jws.WithKey(jwa.RS256, key))
	if err != nil {
		return nil, refuse(SignatureInvalid)
	}
	return parseClaims(payload)
}

// readHeader returns the kid of a header. It refuses headers with another algorithm or
// with extensions.
func readHeader(encoded string) (string, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return "", refuse(TokenMalformed)
	}
	header, err := parseClaims(raw)
	if err != nil {
		return "", err
	}
	// An extension that must be understood (RFC 7515, section 4.1.11); we support none.
	if _, ok := header["crit"]; ok {
		return "", refuse(HeaderCritical)
	}
	if alg, err := header.text("alg"); err != nil || alg != "RS256" {
		return "", refuse(AlgorithmForbidden)
	}
	kid, err := header.text("kid")
	if err != nil {
		return "", refuse(TokenMalformed)
	}
	if kid == "" {
		return "", refuse(HeaderMissingKid)
	}
	return kid, nil
}
