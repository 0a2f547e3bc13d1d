package campus

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// makeKey makes the platform's signing key. It uses the system's randomness, because
// crypto/rsa gives different keys for the same source anyway.
func (c *Campus) makeKey() error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return fmt.Errorf("campus: make key: %w", err)
	}
	id, err := c.random()
	if err != nil {
		return err
	}
	c.key, c.kid = key, id[:20]
	return nil
}

// certs publishes the platform's key.
func (c *Campus) certs(w http.ResponseWriter, _ *http.Request) {
	key, err := jwk.FromRaw(c.key.Public())
	if err == nil {
		err = errors.Join(key.Set(jwk.KeyIDKey, c.kid), key.Set(jwk.AlgorithmKey, jwa.RS256), key.Set(jwk.KeyUsageKey, "sig"))
	}
	if err != nil {
		c.fail(w, "key set not made", err)
		return
	}
	writeJSON(w, http.StatusOK, plainJSON, object{"keys": []any{key}})
}

// sign returns a compact JWS of the claims, signed with the platform's key.
func (c *Campus) sign(claims object) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("campus: write claims: %w", err)
	}
	return c.Forge(payload, Forgery{})
}

var errExpired = errors.New("token expired")

// verifyOwn reads a token that the platform signed.
func (c *Campus) verifyOwn(token string) (object, error) {
	payload, err := jws.Verify([]byte(token), jws.WithKey(jwa.RS256, c.key.Public()))
	if err != nil {
		return nil, err
	}
	var claims object
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, err
	}
	if exp, _ := claims["exp"].(float64); !c.cfg.Now().Before(time.Unix(int64(exp), 0)) {
		return nil, errExpired
	}
	return claims, nil
}
