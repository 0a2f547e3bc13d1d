package lti

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"golang.org/x/sync/singleflight"
)

const (
	keysFreshFor   = time.Hour        // then the next launch fetches them again
	keysQuietFor   = time.Minute      // at most one fetch in this time, for any number of unknown kids
	fetchTimeout   = 10 * time.Second // of one fetch, for all callers that wait for it
	minimalKeyBits = 2048
	maximalKeyBits = 8192 // checking a longer one only costs time
)

// keyCache stores the platforms' public keys by key set URL. The URL comes from the
// registration; nothing in a token decides where its key comes from.
type keyCache struct {
	client *http.Client
	now    func() time.Time
	flight singleflight.Group

	mu   sync.Mutex
	sets map[string]keySet
}

type keySet struct {
	keys    map[string]*rsa.PublicKey
	fetched time.Time // of the keys; zero before the first success
	tried   time.Time
}

func newKeyCache(client *http.Client, now func() time.Time) *keyCache {
	return &keyCache{client: client, now: now, sets: map[string]keySet{}}
}

// key returns the platform's key with this kid. An unknown kid causes a fetch, at most
// once a minute. If the platform cannot be reached, the keys in the cache are used.
func (c *keyCache) key(ctx context.Context, keysURL, kid string) (*rsa.PublicKey, error) {
	set := c.get(keysURL)
	if set.keys[kid] != nil && c.now().Sub(set.fetched) < keysFreshFor {
		return set.keys[kid], nil
	}
	_, err, _ := c.flight.Do(keysURL, func() (any, error) { return nil, c.refresh(ctx, keysURL) })
	set = c.get(keysURL)
	switch {
	case set.keys[kid] != nil:
		return set.keys[kid], nil
	case err != nil || set.fetched.IsZero():
		return nil, refuseBecause(KeysUnavailable, err)
	default:
		return nil, refuse(KeyUnknown)
	}
}

func (c *keyCache) get(keysURL string) keySet {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sets[keysURL]
}

// refresh fetches the key set unless a fetch was tried just before. The fetch continues
// if the caller gives up, because others wait for the same answer.
func (c *keyCache) refresh(ctx context.Context, keysURL string) error {
	if tried := c.get(keysURL).tried; !tried.IsZero() && c.now().Sub(tried) < keysQuietFor {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	defer cancel()
	keys, err := readKeys(ctx, c.client, keysURL)
	c.mu.Lock()
	defer c.mu.Unlock()
	set := c.sets[keysURL]
	set.tried = c.now()
	if err == nil {
		set.keys, set.fetched = keys, set.tried
	}
	c.sets[keysURL] = set
	return err
}

// readKeys fetches the keys that can sign a launch. Each key is parsed by itself, so
// that a key of an unsupported type does not hide the others.
func readKeys(ctx context.Context, client *http.Client, keysURL string) (map[string]*rsa.PublicKey, error) {
	body, err := get(ctx, client, keysURL)
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("key set is not JSON")
	}
	keys := map[string]*rsa.PublicKey{}
	for _, raw := range set.Keys {
		if kid, public := readKey(raw); public != nil {
			keys[kid] = public
		}
	}
	return keys, nil
}

// readKey returns nil for a key that cannot sign with RS256. Some platforms publish
// keys without alg and use, which is allowed (RFC 7517, sections 4.2 and 4.4).
func readKey(raw []byte) (string, *rsa.PublicKey) {
	key, err := jwk.ParseKey(raw)
	if err != nil || key.KeyID() == "" {
		return "", nil
	}
	alg, use := key.Algorithm().String(), key.KeyUsage()
	var public rsa.PublicKey
	if (alg != "" && alg != jwa.RS256.String()) || (use != "" && use != string(jwk.ForSignature)) || key.Raw(&public) != nil {
		return "", nil
	}
	if public.N.BitLen() > maximalKeyBits {
		return "", nil
	}
	return key.KeyID(), &public
}
