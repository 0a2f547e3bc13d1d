package lti

import (
	"context"
	"crypto/rsa"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwk"
	"golang.org/x/sync/singleflight"

	"github.com/insigne-badges/insigne/safehttp"
)

const (
	maxDocument    = 1 << 20          // bytes of a key set, configuration or answer
	keysFreshFor   = time.Hour        // then fetched again at the next launch
	keysQuietFor   = time.Minute      // at most one fetch in this time, however many unknown kids
	fetchTimeout   = 10 * time.Second // of one fetch, whoever waits for it
	minimalKeyBits = 2048
)

// keyCache holds the platforms' public keys by key set URL. Nothing in a token
// says where its key is: the URL comes from the registration.
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

// key returns the platform's key kid. An unknown kid makes one fetch, at most
// one a minute; while the platform is down the keys known so far serve.
func (c *keyCache) key(ctx context.Context, keysURL, kid string) (*rsa.PublicKey, error) {
	set, now := c.get(keysURL), c.now()
	known := set.keys[kid]
	if known != nil && now.Sub(set.fetched) < keysFreshFor {
		return known, nil
	}
	if !set.tried.IsZero() && now.Sub(set.tried) < keysQuietFor {
		return pick(known, set)
	}
	_, err, _ := c.flight.Do(keysURL, func() (any, error) { return nil, c.fetch(ctx, keysURL) })
	set = c.get(keysURL)
	if k := set.keys[kid]; k != nil {
		return k, nil
	}
	if err != nil {
		return nil, refuseBecause(KeysUnavailable, err)
	}
	return pick(nil, set)
}

func pick(known *rsa.PublicKey, set keySet) (*rsa.PublicKey, error) {
	switch {
	case known != nil:
		return known, nil
	case set.fetched.IsZero():
		return nil, refuse(KeysUnavailable)
	default:
		return nil, refuse(KeyUnknown)
	}
}

func (c *keyCache) get(keysURL string) keySet {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sets[keysURL]
}

// fetch reads the key set. It outlives the request that caused it: others wait
// for the same answer.
func (c *keyCache) fetch(ctx context.Context, keysURL string) error {
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

func readKeys(ctx context.Context, client *http.Client, keysURL string) (map[string]*rsa.PublicKey, error) {
	body, err := get(ctx, client, keysURL, "application/json")
	if err != nil {
		return nil, err
	}
	set, err := jwk.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("parse key set: %w", err)
	}
	keys := map[string]*rsa.PublicKey{}
	for i := range set.Len() {
		k, _ := set.Key(i)
		var public rsa.PublicKey
		if k.KeyID() == "" || k.KeyUsage() == "enc" || k.Raw(&public) != nil {
			continue // keys of other kinds are none of ours
		}
		keys[k.KeyID()] = &public
	}
	return keys, nil
}

// get reads a bounded document and expects 200.
func get(ctx context.Context, client *http.Client, address, accept string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return safehttp.ReadAll(resp.Body, maxDocument)
}
