package lti_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/insigne-badges/insigne/lti"
)

// TestTokensRefused changes the form of the token. The message in it is always valid.
func TestTokensRefused(t *testing.T) {
	canary := newCanary(t)
	tests := []struct {
		name  string
		forge func(t *testing.T, message string) string
		want  lti.Reason
	}{
		{"1 no kid", withHeader(`{"alg":"RS256"}`), lti.HeaderMissingKid},
		{"2 unknown kid", withHeader(`{"alg":"RS256","kid":"key-9"}`), lti.KeyUnknown},
		{"16 alg none", func(_ *testing.T, m string) string {
			return segment(`{"alg":"none","kid":"key-1"}`) + "." + segment(m) + "."
		}, lti.AlgorithmForbidden},
		{"16 HS256 keyed with the public key", hmacWithPublicKey, lti.AlgorithmForbidden},
		{"16 ES256", withHeader(`{"alg":"ES256","kid":"key-1"}`), lti.AlgorithmForbidden},
		{"16 RS384", signedRS384, lti.AlgorithmForbidden},
		{"16 rs256", withHeader(`{"alg":"rs256","kid":"key-1"}`), lti.AlgorithmForbidden},
		{"16 no alg", withHeader(`{"kid":"key-1"}`), lti.AlgorithmForbidden},
		{"16 short key", func(t *testing.T, m string) string {
			return sign(t, weakKey(), `{"alg":"RS256","kid":"weak"}`, m)
		}, lti.KeyWeak},
		{"16 key of somebody else", func(t *testing.T, m string) string {
			return sign(t, foreignKey(), header(), m)
		}, lti.SignatureInvalid},
		{"16 key brought along", func(t *testing.T, m string) string {
			return sign(t, foreignKey(), map[string]any{
				"alg": "RS256", "kid": "key-1", "jwk": publicKey("key-1", foreignKey()), "jku": canary.URL, "x5u": canary.URL,
			}, m)
		}, lti.SignatureInvalid},
		{"17 signature changed", func(t *testing.T, m string) string {
			return flip(sign(t, platformKey(), header(), m), -10)
		}, lti.SignatureInvalid},
		{"17 message changed", func(t *testing.T, m string) string {
			token := sign(t, platformKey(), header(), m)
			return strings.Replace(token, segment(m), segment(strings.Replace(m, "Learner", "Instructor", 1)), 1)
		}, lti.SignatureInvalid},
		{"23 crit", withHeader(`{"alg":"RS256","kid":"key-1","crit":["exp"],"exp":1}`), lti.HeaderCritical},
		{"23 alg twice", withHeader(`{"alg":"none","alg":"RS256","kid":"key-1"}`), lti.TokenMalformed},
		{"23 header is a list", withHeader(`["RS256"]`), lti.TokenMalformed},
		{"23 kid is a number", withHeader(`{"alg":"RS256","kid":1}`), lti.TokenMalformed},
		{"23 sub twice", func(t *testing.T, m string) string {
			return sign(t, platformKey(), header(), `{"sub":"1",`+m[1:])
		}, lti.TokenMalformed},
		{"23 context id twice", func(t *testing.T, m string) string {
			return sign(t, platformKey(), header(), strings.Replace(m, `"label":`, `"id":"9","label":`, 1))
		}, lti.TokenMalformed},
		{"23 two objects", func(t *testing.T, m string) string {
			return sign(t, platformKey(), header(), m+m)
		}, lti.TokenMalformed},
		{"23 nested without end", func(t *testing.T, m string) string {
			return sign(t, platformKey(), header(), `{"x":`+strings.Repeat("[", 12_000)+strings.Repeat("]", 12_000)+","+m[1:])
		}, lti.TokenMalformed},
		{"23 JSON serialisation", func(t *testing.T, m string) string {
			parts := strings.Split(sign(t, platformKey(), header(), m), ".")
			return `{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `"}`
		}, lti.TokenMalformed},
		{"23 above 64 KiB", func(t *testing.T, m string) string {
			return sign(t, platformKey(), header(), m+strings.Repeat(" ", 64<<10))
		}, lti.TokenTooLarge},
		{"23 no token", func(*testing.T, string) string { return "" }, lti.TokenMissing},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			b := f.login(initiation())
			_, err := f.post(b, tt.forge(t, encode(t, f.message(b))))
			wantReason(t, err, tt.want)
		})
	}
	if canary.visits.Load() != 0 {
		t.Error("a key was fetched from where the token said")
	}
}

type canary struct {
	*httptest.Server
	visits atomic.Int32
}

func newCanary(t *testing.T) *canary {
	c := &canary{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { c.visits.Add(1) }))
	t.Cleanup(c.Close)
	return c
}

func withHeader(header string) func(*testing.T, string) string {
	return func(t *testing.T, m string) string { return sign(t, platformKey(), header, m) }
}

// hmacWithPublicKey is the attack of key confusion: the public key is used as a shared
// secret.
func hmacWithPublicKey(t *testing.T, m string) string {
	der, err := x509.MarshalPKIXPublicKey(platformKey().Public())
	if err != nil {
		t.Fatal(err)
	}
	input := segment(`{"alg":"HS256","kid":"key-1"}`) + "." + segment(m)
	mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	mac.Write([]byte(input))
	return input + "." + segment(string(mac.Sum(nil)))
}

func signedRS384(t *testing.T, m string) string {
	input := segment(`{"alg":"RS384","kid":"key-1"}`) + "." + segment(m)
	digest := sha512.Sum384([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, platformKey(), crypto.SHA384, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + segment(string(signature))
}

// flip changes the character at a position counted from the end.
func flip(s string, at int) string {
	raw := []byte(s)
	i := len(raw) + at
	if raw[i] == 'A' {
		raw[i] = 'B'
	} else {
		raw[i] = 'A'
	}
	return string(raw)
}
