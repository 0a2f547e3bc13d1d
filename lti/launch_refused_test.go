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
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

func set(name string, value any) func(map[string]any) {
	return func(m map[string]any) { m[name] = value }
}

func without(names ...string) func(map[string]any) {
	return func(m map[string]any) {
		for _, name := range names {
			delete(m, name)
		}
	}
}

// TestClaimsRefused changes one thing in a message that is otherwise good.
func TestClaimsRefused(t *testing.T) {
	long := strings.Repeat("x", 256)
	tests := []struct {
		name   string
		change func(map[string]any)
		want   lti.Reason
	}{
		{"3 version 11.3", set(claim("version"), "11.3"), lti.VersionWrong},
		{"4 no version", without(claim("version")), lti.VersionWrong},
		{"6 all missing", without("aud", "iss", "sub", claim("deployment_id"), claim("roles")), lti.IssuerWrong},
		{"6 no aud", without("aud"), lti.AudienceWrong},
		{"6 no iss", without("iss"), lti.IssuerWrong},
		{"8 no message type", without(claim("message_type")), lti.MessageTypeMissing},
		{"8 other message type", set(claim("message_type"), "LtiSomethingElse"), lti.MessageTypeUnknown},
		{"9 no roles", without(claim("roles")), lti.RolesMissing},
		{"9 roles null", set(claim("roles"), nil), lti.RolesMissing},
		{"10 no deployment", without(claim("deployment_id")), lti.DeploymentMissing},
		{"11 no resource link", without(claim("resource_link")), lti.ResourceLinkMissing},
		{"11 resource link without id", set(claim("resource_link"), map[string]any{"title": "x"}), lti.ResourceLinkMissing},
		{"11 resource link with an Id", set(claim("resource_link"), map[string]any{"Id": "1"}), lti.ResourceLinkMissing},
		{"12 anonymous", without("sub"), lti.SubjectMissing},
		{"13 no nonce", without("nonce"), lti.NonceWrong},
		{"13 empty nonce", set("nonce", ""), lti.NonceWrong},
		{"13 unknown nonce", set("nonce", "made-up"), lti.NonceWrong},
		{"19 aud of many, no azp", set("aud", []string{"client-1", "other"}), lti.PartyWrong},
		{"19 foreign azp", set("azp", "other"), lti.PartyWrong},
		{"19 foreign aud", set("aud", "other"), lti.AudienceWrong},
		{"19 no audience at all", set("aud", []string{}), lti.AudienceWrong},
		{"20 iss with a slash", set("iss", "https://lms.example/"), lti.IssuerWrong},
		{"20 iss in capitals", set("iss", "https://LMS.example"), lti.IssuerWrong},
		{"22 target elsewhere", set(claim("target_link_uri"), "https://evil.example/lti/launch"), lti.TargetForeign},
		{"23 sub is a number", set("sub", 6), lti.TokenMalformed},
		{"23 roles is a string", set(claim("roles"), learner), lti.TokenMalformed},
		{"23 context is a string", set(claim("context"), "2"), lti.TokenMalformed},
		{"23 exp is a string", set("exp", "soon"), lti.TokenMalformed},
		{"23 exp is beyond all time", set("exp", 1e300), lti.TokenMalformed},
		{"23 NUL in an id", set("sub", "6\x00"), lti.TokenMalformed},
		{"26 long sub", set("sub", long), lti.IDTooLong},
		{"26 long deployment", set(claim("deployment_id"), long), lti.IDTooLong},
		{"26 long context", set(claim("context"), map[string]any{"id": long}), lti.IDTooLong},
		{"26 long resource link", set(claim("resource_link"), map[string]any{"id": long}), lti.IDTooLong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newFixture(t).launch(tt.change)
			wantReason(t, err, tt.want)
		})
	}
}

func TestTimes(t *testing.T) {
	tests := []struct {
		name     string
		iat, exp time.Duration // from now
		want     lti.Reason
	}{
		{"18 platform ahead by 60 s", time.Minute, 2 * time.Minute, ""},
		{"18 platform behind by 60 s", -2 * time.Minute, -time.Minute, ""},
		{"18 platform ahead by 61 s", 61 * time.Second, 2 * time.Minute, lti.ClockSkew},
		{"18 expired by 61 s", -2 * time.Minute, -61 * time.Second, lti.TokenExpired},
		{"18 made 10 min ago", -10 * time.Minute, time.Minute, ""},
		{"18 made earlier", -10*time.Minute - time.Second, time.Minute, lti.TokenOld},
		{"18 lasts an hour", 0, time.Hour, ""},
		{"18 lasts longer", 0, time.Hour + time.Second, lti.LifetimeTooLong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			_, err := f.launch(func(m map[string]any) {
				m["iat"], m["exp"] = f.clock.Now().Add(tt.iat).Unix(), f.clock.Now().Add(tt.exp).Unix()
			})
			wantReason(t, err, tt.want)
		})
	}
	for name, tt := range map[string]struct {
		change func(map[string]any)
		want   lti.Reason
	}{
		"7 iat 11111, exp 22222": {func(m map[string]any) { m["iat"], m["exp"] = 11111, 22222 }, lti.TokenExpired},
		"18 no exp":              {without("exp"), lti.ExpiryMissing},
		"18 no iat":              {without("iat"), lti.IssuedMissing},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newFixture(t).launch(tt.change)
			wantReason(t, err, tt.want)
		})
	}
}

func TestClockSkewIsTold(t *testing.T) {
	f := newFixture(t)
	_, err := f.launch(set("iat", f.clock.Now().Add(3*time.Minute).Unix()))
	if err == nil || !strings.Contains(err.Error(), "issued 3m0s from now") {
		t.Errorf("error = %v, want it to say by how much the clocks differ", err)
	}
}

// TestTokensRefused attacks with the form of the token. Every message in them
// is good.
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
			return sign(t, platformKey(), header(), `{"x":`+strings.Repeat("[", 1000)+strings.Repeat("]", 1000)+","+m[1:])
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

func TestPayloadOfNothingButAName(t *testing.T) { // case 5
	f := newFixture(t)
	_, err := f.post(f.login(initiation()), sign(t, platformKey(), header(), `{"name":"badltilaunch"}`))
	wantReason(t, err, lti.IssuerWrong)
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

// hmacWithPublicKey is the classic key confusion: the public key, which all
// know, used as a shared secret.
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

// flip changes one character, counted from the end.
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

func TestReplayInParallel(t *testing.T) { // case 14
	f := newFixture(t)
	b := f.login(initiation())
	token := sign(t, platformKey(), header(), encode(t, f.message(b)))
	var wg sync.WaitGroup
	var accepted, used atomic.Int32
	for range 50 {
		wg.Go(func() {
			_, err := f.post(b, token)
			if err == nil {
				accepted.Add(1)
			} else if lti.ReasonOf(err) == lti.StateUnknown {
				used.Add(1)
			}
		})
	}
	wg.Wait()
	if accepted.Load() != 1 || used.Load() != 49 {
		t.Errorf("accepted %d times and refused as used %d times, want 1 and 49", accepted.Load(), used.Load())
	}
}

// TestTwoBrowsers has an attacker and a victim, each with cookies and a login
// of their own, at two clients of one issuer.
func TestTwoBrowsers(t *testing.T) {
	tests := []struct {
		name  string
		cross func(f *fixture, victim, attacker browser) (browser, string)
		want  lti.Reason
	}{
		{"15 attacker's answer in the victim's browser", func(f *fixture, victim, attacker browser) (browser, string) {
			return browser{state: attacker.state, cookies: victim.cookies}, f.token(attacker)
		}, lti.BrowserMismatch},
		{"15 no cookies", func(f *fixture, _, attacker browser) (browser, string) {
			return browser{state: attacker.state}, f.token(attacker)
		}, lti.BrowserMismatch},
		{"13 attacker's token with the victim's state", func(f *fixture, victim, attacker browser) (browser, string) {
			return victim, f.token(attacker)
		}, lti.NonceWrong},
		{"13 nonce used before", func(f *fixture, victim, attacker browser) (browser, string) {
			token := f.token(attacker)
			if _, err := f.post(attacker, token); err != nil {
				f.t.Fatal(err)
			}
			return victim, token
		}, lti.NonceWrong},
		{"15 state never issued", func(f *fixture, victim, _ browser) (browser, string) {
			return browser{state: "made-up", cookies: victim.cookies}, f.token(victim)
		}, lti.StateUnknown},
		{"15 no state", func(f *fixture, victim, _ browser) (browser, string) {
			return browser{cookies: victim.cookies}, f.token(victim)
		}, lti.StateMissing},
		{"15 state expired", func(f *fixture, victim, _ browser) (browser, string) {
			f.clock.move(10*time.Minute + time.Second)
			return victim, f.token(victim)
		}, lti.StateUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			b, token := tt.cross(f, f.login(initiation()), f.login(initiation()))
			_, err := f.post(b, token)
			wantReason(t, err, tt.want)
		})
	}
}

func (f *fixture) token(b browser) string {
	f.t.Helper()
	return sign(f.t, platformKey(), header(), encode(f.t, f.message(b)))
}

// Mix-up: a token for one client in the state of another client of the same
// issuer, which shares its keys.
func TestTokenOfAnotherClient(t *testing.T) {
	f := newFixture(t)
	f.store.registrations = append(f.store.registrations, registration(f.platform, "two", "https://lms.example", "client-2"))
	second := initiation()
	second.ClientID = "client-2"
	_, err := f.post(f.login(second), f.token(f.login(initiation())))
	wantReason(t, err, lti.AudienceWrong)
}

func TestDeploymentNeverSeen(t *testing.T) { // case 21
	f := newFixture(t)
	_, err := f.launch(set(claim("deployment_id"), "7"))
	wantReason(t, err, lti.DeploymentPending)
	if approved, noted := f.store.deployments["7"]; !noted || approved {
		t.Errorf("deployment noted = %v, approved = %v, want it noted as pending", noted, approved)
	}
}

// A launch that fails its checks leaves no trace.
func TestRefusedLaunchNotesNoDeployment(t *testing.T) {
	f := newFixture(t)
	_, err := f.launch(func(m map[string]any) { m[claim("deployment_id")], m["nonce"] = "7", "made-up" })
	wantReason(t, err, lti.NonceWrong)
	if _, noted := f.store.deployments["7"]; noted {
		t.Error("the deployment was noted")
	}
}

func TestPlatformAnswersWithAnError(t *testing.T) { // case 24
	f := newFixture(t)
	b := f.login(initiation())
	for name, state := range map[string]string{"with its state": b.state, "with an empty state": ""} {
		t.Run(name, func(t *testing.T) {
			_, err := f.tool.Launch(t.Context(), lti.LaunchRequest{
				Error: "unauthorized_client\n<b>", State: state, Cookie: func(name string) string { return b.cookies[name] },
			})
			wantReason(t, err, lti.PlatformRefused)
			if err.Error() != "lti: platform_refused: unauthorized_client?<b>" {
				t.Errorf("error = %q, want the platform's word on one line", err)
			}
		})
	}
}

// No secret of a launch may reach a log by way of an error.
func TestErrorsHoldNoSecrets(t *testing.T) {
	f := newFixture(t)
	b := f.login(initiation())
	m := f.message(b)
	m["name"] = map[string]any{"full": "Zoë Ångström"}
	token := sign(t, platformKey(), header(), encode(t, m))
	_, err := f.post(b, token)
	wantReason(t, err, lti.TokenMalformed)
	for _, secret := range []string{token, b.state, b.nonce, "Ångström"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("error %q holds %q", err, secret)
		}
	}
}
