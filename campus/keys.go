package campus

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// makeKey prepares the platform's signing key. The key is made when it is first
// used, because that takes long and many tests never use it. It takes the system's
// randomness: crypto/rsa reads a reader in ways that differ from run to run anyway.
func (c *Campus) makeKey() error {
	id, err := c.random()
	if err != nil {
		return err
	}
	c.kid = id[:20]
	c.key = sync.OnceValues(func() (*rsa.PrivateKey, error) {
		if c.cfg.Key != nil {
			return c.cfg.Key, nil
		}
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, fmt.Errorf("campus: make key: %w", err)
		}
		return key, nil
	})
	return nil
}

// certs publishes the platform's key.
func (c *Campus) certs(w http.ResponseWriter, _ *http.Request) {
	key, err := c.publicKey()
	if err != nil {
		c.fail(w, "key set not made", err)
		return
	}
	writeJSON(w, http.StatusOK, plainJSON, object{"keys": []any{key}})
}

func (c *Campus) publicKey() (jwk.Key, error) {
	private, err := c.key()
	if err != nil {
		return nil, err
	}
	key, err := jwk.FromRaw(private.Public())
	if err != nil {
		return nil, err
	}
	return key, errors.Join(key.Set(jwk.KeyIDKey, c.kid), key.Set(jwk.AlgorithmKey, jwa.RS256), key.Set(jwk.KeyUsageKey, "sig"))
}

// sign makes a compact JWS of the claims with the platform's key.
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
	key, err := c.key()
	if err != nil {
		return nil, err
	}
	payload, err := jws.Verify([]byte(token), jws.WithKey(jwa.RS256, key.Public()))
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
