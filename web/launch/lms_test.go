package launch_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/connect"
)

// The keys are made once, because that is slower than the tests.
var (
	platformKey = sync.OnceValues(newKey)
	strangeKey  = sync.OnceValues(newKey)
	toolKey     = sync.OnceValues(newKey)
)

func newKey() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }

// lms is the server of a platform: key set, token endpoint, a gradebook without
// columns, and dynamic registration.
type lms struct {
	*httptest.Server

	mu    sync.Mutex
	asked []string // method and path of each request
}

func newLMS(t *testing.T) *lms {
	t.Helper()
	key, err := platformKey()
	if err != nil {
		t.Fatal(err)
	}
	l := &lms{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		l.asked = append(l.asked, r.Method+" "+r.URL.Path)
		l.mu.Unlock()
		_ = json.NewEncoder(w).Encode(l.answer(r, key)) // an answer that does not arrive fails the test
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *lms) answer(r *http.Request, key *rsa.PrivateKey) any {
	switch r.URL.Path {
	case "/keys":
		return map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "kid": "1", "n": segment(key.N.Bytes()), "e": segment(big.NewInt(int64(key.E)).Bytes()),
		}}}
	case "/token":
		_ = r.ParseForm() // a request without a scope gets none
		return map[string]any{"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "scope": r.PostForm.Get("scope")}
	case "/items":
		return []any{}
	case "/configuration":
		return map[string]any{
			"issuer": l.URL, "authorization_endpoint": l.URL + "/auth", "token_endpoint": l.URL + "/token", "jwks_uri": l.URL + "/keys",
			"registration_endpoint": l.URL + "/register", "scopes_supported": connect.Client("", "").Scopes,
		}
	case "/register":
		return map[string]any{"client_id": "c9", "https://purl.imsglobal.org/spec/lti-tool-configuration": map[string]any{"deployment_id": "d9"}}
	default:
		return nil
	}
}

// requests returns the requests since the last call.
func (l *lms) requests() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	asked := strings.Join(l.asked, ", ")
	l.asked = nil
	return asked
}

// sign returns a token with claims. It is signed with newKey, under the key id of the
// platform.
func sign(t *testing.T, newKey func() (*rsa.PrivateKey, error), claims map[string]any) string {
	t.Helper()
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	input := segment([]byte(`{"typ":"JWT","alg":"RS256","kid":"1"}`)) + "." + segment(payload)
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + segment(signature)
}

func segment(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// signedBy returns the claims of a token. The test fails unless newKey signed it.
func signedBy(t *testing.T, newKey func() (*rsa.PrivateKey, error), token string) map[string]any {
	t.Helper()
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is not a token", token)
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature); err != nil {
		t.Error(err)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}
