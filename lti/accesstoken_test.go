package lti_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

const (
	rosterScope = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
	scoreScope  = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
)

// tokenEndpoint grants the tokens "token-1", "token-2", … and records the requests.
type tokenEndpoint struct {
	*httptest.Server
	mu     sync.Mutex
	forms  []url.Values
	answer string // if not empty, sent with status 400
}

func newTokenEndpoint(t *testing.T, f *fixture) *tokenEndpoint {
	t.Helper()
	e := &tokenEndpoint{}
	e.Server = httptest.NewServer(e)
	t.Cleanup(e.Close)
	f.store.keys = []lti.SigningKey{toolKey()}
	f.store.registrations[0].TokenURL = e.URL + "/token"
	return e
}

func (e *tokenEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	_ = r.ParseForm()
	e.forms = append(e.forms, r.PostForm)
	if e.answer != "" {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(e.answer))
		return
	}
	_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"Bearer","expires_in":3600,"scope":%q}`, len(e.forms), rosterScope)
}

func (f *fixture) access(scopes ...string) (lti.AccessToken, error) {
	return f.tool.AccessToken(f.t.Context(), f.store.registrations[0], scopes...)
}

func TestAccessToken(t *testing.T) { // case 81
	f := newFixture(t)
	e := newTokenEndpoint(t, f)
	got, err := f.access(scoreScope, rosterScope)
	if err != nil {
		t.Fatal(err)
	}
	want := lti.AccessToken{Value: "token-1", Scopes: []string{rosterScope}, Expires: f.clock.Now().Add(time.Hour)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	form := e.forms[0]
	claims := verifyAssertion(t, f.store.keys[0], form.Get("client_assertion"))
	if id, _ := claims["jti"].(string); len(id) < 20 {
		t.Errorf("jti = %q, want a random one", id)
	}
	delete(claims, "jti")
	now := float64(f.clock.Now().Unix())
	wantClaims := map[string]any{"iss": "client-1", "sub": "client-1", "aud": e.URL + "/token", "iat": now - 20, "exp": now + 280}
	if diff := cmp.Diff(wantClaims, claims); diff != "" {
		t.Error(diff)
	}
	form.Del("client_assertion")
	wantForm := url.Values{
		"grant_type": {"client_credentials"}, "scope": {scoreScope + " " + rosterScope},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}
	if diff := cmp.Diff(wantForm, form); diff != "" {
		t.Error(diff)
	}
}

// A platform that remembers a jti would refuse the second request if both assertions
// had the same one (case 81).
func TestAssertionsAreUsedOnce(t *testing.T) {
	f := newFixture(t)
	e := newTokenEndpoint(t, f)
	seen := map[any]bool{}
	for i, scope := range []string{scoreScope, rosterScope} {
		if _, err := f.access(scope); err != nil {
			t.Fatal(err)
		}
		seen[verifyAssertion(t, f.store.keys[0], e.forms[i].Get("client_assertion"))["jti"]] = true
	}
	if len(seen) != 2 {
		t.Errorf("two assertions share a jti: %v", seen)
	}
}

func verifyAssertion(t *testing.T, key lti.SigningKey, assertion string) map[string]any {
	t.Helper()
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		t.Fatalf("assertion has %d parts", len(parts))
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			t.Fatal(err)
		}
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(&key.Private.PublicKey, crypto.SHA256, digest[:], raw[2]); err != nil {
		t.Errorf("signature: %v", err)
	}
	var header, claims map[string]any
	if err := json.Unmarshal(raw[0], &header); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"alg": "RS256", "typ": "JWT", "kid": key.ID}, header); diff != "" {
		t.Error(diff)
	}
	if err := json.Unmarshal(raw[1], &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestAccessTokenIsKept(t *testing.T) {
	f := newFixture(t)
	e := newTokenEndpoint(t, f)
	want := func(value string, requests int, scopes ...string) {
		t.Helper()
		got, err := f.access(scopes...)
		if err != nil || got.Value != value || len(e.forms) != requests {
			t.Errorf("token %q after %d requests (%v), want %q after %d", got.Value, len(e.forms), err, value, requests)
		}
	}
	want("token-1", 1, rosterScope)
	want("token-1", 1, rosterScope, rosterScope)
	want("token-2", 2, scoreScope)
	f.clock.move(58 * time.Minute)
	want("token-1", 2, rosterScope)
	f.clock.move(time.Minute)
	want("token-3", 3, rosterScope)
}

func TestOneRequestForAll(t *testing.T) {
	f := newFixture(t)
	e := newTokenEndpoint(t, f)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got, err := f.access(rosterScope); err != nil || got.Value == "" {
				t.Errorf("token %q: %v", got.Value, err)
			}
		})
	}
	wg.Wait()
	// A caller that comes after the answer finds the token in the cache, so there is one
	// request in any case.
	if len(e.forms) != 1 {
		t.Errorf("%d requests, want 1", len(e.forms))
	}
}

func TestAccessRefused(t *testing.T) {
	f := newFixture(t)
	e := newTokenEndpoint(t, f)
	e.answer = "{\n  \"error\" : \"\"kid\" invalid, unable to lookup correct key\"\n}" // sent by Moodle; not valid JSON
	_, err := f.access(rosterScope)
	wantReason(t, err, lti.AccessRefused)
	if want := `"kid" invalid, unable to lookup correct key`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error = %v, want it to say %q", err, want)
	}
	e.answer = ""
	if _, err := f.access(rosterScope); err != nil {
		t.Errorf("after a refusal: %v, want a new attempt", err)
	}
}
