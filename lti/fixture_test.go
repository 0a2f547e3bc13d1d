package lti_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

const (
	toolURL   = "https://insigne.example"
	launchURL = toolURL + "/lti/launch"
)

// clock is a time that changes only when the test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fixture is a tool with one registered platform.
type fixture struct {
	t        *testing.T
	tool     *lti.Tool
	store    *fakeStore
	platform *platform
	clock    *clock
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	p := newPlatform(t)
	f := &fixture{t: t, platform: p, clock: &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}, store: &fakeStore{
		registrations: []lti.Registration{registration(p, "one", "https://lms.example", "client-1")},
		used:          map[string]lti.Launch{}, deployments: map[lti.DeploymentID]bool{"1": true},
	}}
	tool, err := lti.New(config(f.store, f.clock))
	if err != nil {
		t.Fatal(err)
	}
	f.tool = tool
	return f
}

func config(store *fakeStore, c *clock) lti.Config {
	return lti.Config{
		BaseURL: toolURL, LaunchPath: "/lti/launch", LoginPath: "/lti/login", KeysPath: "/lti/jwks.json",
		Targets: []string{"/badge"}, Registrations: store, StateKey: []byte("this signs logins, in 32 bytes.."), Keys: store,
		Client: &http.Client{Timeout: 5 * time.Second}, Now: c.Now, Rand: rand.Reader, AllowHTTP: true,
	}
}

func registration(p *platform, id, issuer, clientID string) lti.Registration {
	return lti.Registration{
		ID: lti.RegistrationID(id), Issuer: issuer, ClientID: clientID, Name: "LMS", Product: "moodle",
		AuthURL: issuer + "/auth", TokenURL: issuer + "/token", KeysURL: p.URL + "/keys",
	}
}

// browser is a browser that began one login.
type browser struct {
	state, nonce string
	cookies      map[string]string
}

func (f *fixture) login(r lti.LoginRequest) browser {
	f.t.Helper()
	redirect, err := f.tool.Login(f.t.Context(), r)
	if err != nil {
		f.t.Fatal(err)
	}
	u, err := url.Parse(redirect.URL)
	if err != nil {
		f.t.Fatal(err)
	}
	return browser{
		state: u.Query().Get("state"), nonce: u.Query().Get("nonce"),
		cookies: map[string]string{redirect.Cookie.Name: redirect.Cookie.Value},
	}
}

func initiation() lti.LoginRequest {
	return lti.LoginRequest{
		Issuer: "https://lms.example", ClientID: "client-1", LoginHint: "6",
		MessageHint: `{"cmid":18,"launchid":"a b+c%2F"}`, TargetLinkURI: launchURL,
	}
}

// message returns the claims of a valid launch of a learner in a course.
func (f *fixture) message(b browser) map[string]any {
	now := f.clock.Now()
	return map[string]any{
		"iss": "https://lms.example", "aud": "client-1", "sub": "6", "nonce": b.nonce,
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"name": "Zoë Ångström", "given_name": "Zoë", "family_name": "Ångström", "email": "s01@example.org",
		claim("version"): "1.3.0", claim("message_type"): "LtiResourceLinkRequest", claim("deployment_id"): "1",
		claim("target_link_uri"): launchURL,
		claim("roles"):           []string{learner},
		claim("context"):         map[string]any{"id": "2", "label": "BADGE101", "title": "Données", "type": []string{"CourseSection"}},
		claim("resource_link"):   map[string]any{"id": "1", "title": "Badges"},
	}
}

func claim(name string) string { return "https://purl.imsglobal.org/spec/lti/claim/" + name }

const (
	membership = "http://purl.imsglobal.org/vocab/lis/v2/membership"
	learner    = membership + "#Learner"
	instructor = membership + "#Instructor"
)

func header() map[string]any { return map[string]any{"typ": "JWT", "alg": "RS256", "kid": "key-1"} }

// post sends the platform's answer from the browser.
func (f *fixture) post(b browser, token string) (lti.Launch, error) {
	return launch(f.t.Context(), f.tool, f.store, lti.LaunchRequest{
		IDToken: token, State: b.state, Cookie: func(name string) string { return b.cookies[name] },
	})
}

// launch verifies and redeems a launch.
func launch(ctx context.Context, tool *lti.Tool, logins lti.Logins, r lti.LaunchRequest) (lti.Launch, error) {
	verified, err := tool.Verify(ctx, r)
	if err != nil {
		return lti.Launch{}, err
	}
	return verified.Redeem(ctx, logins)
}

// launch sends a launch whose message was changed.
func (f *fixture) launch(change func(map[string]any)) (lti.Launch, error) {
	f.t.Helper()
	b := f.login(initiation())
	m := f.message(b)
	change(m)
	return f.post(b, sign(f.t, platformKey(), header(), encode(f.t, m)))
}

func wantReason(t *testing.T, err error, want lti.Reason) {
	t.Helper()
	if got := lti.ReasonOf(err); got != want {
		t.Errorf("reason = %q (%v), want %q", got, err, want)
	}
}
