package lti

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

const maxToken = 64 << 10

// verify checks the form and the signature of an id_token and returns its
// claims by name (RFC 7515; 1EdTech Security Framework, section 5.1.3). The
// header's jku, x5u and jwk are never looked at: the key comes from the
// registration's key set, by kid alone.
func (t *Tool) verify(ctx context.Context, reg Registration, token string) (claims, error) {
	if token == "" {
		return nil, refuse(TokenMissing)
	}
	if len(token) > maxToken {
		return nil, refuse(TokenTooLarge)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, refuse(TokenMalformed) // also the JSON serialisation
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

// readHeader returns the kid of a header that asks for nothing unusual.
func readHeader(encoded string) (string, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return "", refuse(TokenMalformed)
	}
	header, err := parseClaims(raw)
	if err != nil {
		return "", err
	}
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

// claims are the members of a JSON object by their exact names; encoding/json
// would match struct fields whatever the case.
type claims map[string]json.RawMessage

// parseClaims reads one JSON object, refusing names that occur twice anywhere:
// two readers of such a token may see two different tokens.
func parseClaims(raw []byte) (claims, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := checkUnique(d, 0); err != nil {
		return nil, refuseBecause(TokenMalformed, errors.New("not one JSON object of unique names"))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, refuse(TokenMalformed)
	}
	var c claims
	if err := json.Unmarshal(raw, &c); err != nil || c == nil {
		return nil, refuse(TokenMalformed)
	}
	return c, nil
}

const maxDepth = 32

// checkUnique consumes one JSON value.
func checkUnique(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if depth > maxDepth {
		return errors.New("too deep")
	}
	seen := map[string]bool{}
	for d.More() {
		if delim == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			if key, _ := name.(string); seen[key] {
				return errors.New("name occurs twice")
			} else {
				seen[key] = true
			}
		}
		if err := checkUnique(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token() // the closing delimiter
	return err
}

// text returns a string claim, empty when absent.
func (c claims) text(name string) (string, error) {
	var s string
	return s, c.into(name, &s)
}

// into decodes a claim of any shape, leaving v alone when it is absent or null.
func (c claims) into(name string, v any) error {
	raw, ok := c[name]
	if !ok || string(raw) == "null" {
		return nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		// The decoder's error quotes the value: it stays here.
		return &Error{Reason: TokenMalformed, Detail: fmt.Sprintf("claim %s has the wrong type", name)}
	}
	return nil
}
