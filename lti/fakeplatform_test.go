package lti_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// Making keys takes long, so the tests share them.
var (
	platformKey = sync.OnceValue(func() *rsa.PrivateKey { return makeKey(2048) })
	foreignKey  = sync.OnceValue(func() *rsa.PrivateKey { return makeKey(2048) })
	weakKey     = sync.OnceValue(func() *rsa.PrivateKey { return makeKey(1024) })
)

func makeKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

// platform is the platform's side of LTI: it publishes keys and signs tokens. It uses
// no code of the tool.
type platform struct {
	*httptest.Server
	fetches atomic.Int32 // of the key set

	mu   sync.Mutex
	keys []map[string]any
	down bool
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{}
	p.publish(publicKey("key-1", platformKey()), publicKey("weak", weakKey()))
	p.Server = httptest.NewServer(http.HandlerFunc(p.serveKeys))
	t.Cleanup(p.Close)
	return p
}

func (p *platform) serveKeys(w http.ResponseWriter, _ *http.Request) {
	p.fetches.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		http.Error(w, "maintenance", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": p.keys})
}

func (p *platform) publish(keys ...map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = keys
}

func (p *platform) setDown(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// publicKey returns a JWK with only the members that RFC 7517 requires: no alg, no use.
func publicKey(kid string, key *rsa.PrivateKey) map[string]any {
	return map[string]any{
		"kty": "RSA", "kid": kid,
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
	}
}

// sign returns a compact JWS of any header and payload.
func sign(t *testing.T, key *rsa.PrivateKey, header any, payload string) string {
	t.Helper()
	rawHeader, ok := header.(string)
	if !ok {
		rawHeader = encode(t, header)
	}
	input := segment(rawHeader) + "." + segment(payload)
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + segment(string(signature))
}

func segment(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func encode(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(fmt.Errorf("encode %T: %w", v, err))
	}
	return string(raw)
}
