package lti_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

func TestAuthenticationRequest(t *testing.T) {
	f := newFixture(t)
	f.store.registrations[0].AuthURL = "https://lms.example/auth?tenant=1"
	redirect, err := f.tool.Login(t.Context(), initiation())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(redirect.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for _, name := range []string{"state", "nonce"} {
		if len(q.Get(name)) < 43 {
			t.Errorf("%s = %q, want 256 random bits", name, q.Get(name))
		}
		q.Del(name)
	}
	want := url.Values{ // case 51, and 50 for the hint
		"scope": {"openid"}, "response_type": {"id_token"}, "response_mode": {"form_post"}, "prompt": {"none"},
		"client_id": {"client-1"}, "redirect_uri": {launchURL}, "login_hint": {"6"},
		"lti_message_hint": {`{"cmid":18,"launchid":"a b+c%2F"}`}, "tenant": {"1"},
	}
	if diff := cmp.Diff(want, q); diff != "" {
		t.Error(diff)
	}
}

func TestStateCookie(t *testing.T) {
	f := newFixture(t)
	redirect, err := f.tool.Login(t.Context(), initiation())
	if err != nil {
		t.Fatal(err)
	}
	c := redirect.Cookie
	got := http.Cookie{
		Path: c.Path, Domain: c.Domain, Secure: c.Secure, HttpOnly: c.HttpOnly, SameSite: c.SameSite, Partitioned: c.Partitioned, MaxAge: c.MaxAge,
	}
	want := http.Cookie{Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true, MaxAge: 600}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := c.Valid(); err != nil || !strings.HasPrefix(c.Name, "__Host-") {
		t.Errorf("cookie %s: %v, want a valid one with the prefix __Host-", c.Name, err)
	}
	if u, err := url.Parse(redirect.URL); err != nil || strings.Contains(u.Query().Get("state"), c.Value) || len(c.Value) < 43 {
		t.Errorf("the cookie %q must be random and must not travel: %v", c.Value, err)
	}
}

func TestLoginRefused(t *testing.T) {
	tests := []struct {
		name   string
		change func(*lti.LoginRequest)
		want   lti.Reason
	}{
		{"47 no iss", func(r *lti.LoginRequest) { r.Issuer = "" }, lti.ParameterMissing},
		{"47 no login_hint", func(r *lti.LoginRequest) { r.LoginHint = "" }, lti.ParameterMissing},
		{"47 no target_link_uri", func(r *lti.LoginRequest) { r.TargetLinkURI = "" }, lti.ParameterMissing},
		{"47 endless hint", func(r *lti.LoginRequest) { r.MessageHint = strings.Repeat("x", 5000) }, lti.ParameterTooLong},
		{"48 unknown issuer", func(r *lti.LoginRequest) { r.Issuer = "https://evil.example" }, lti.RegistrationUnknown},
		{"48 issuer with a slash", func(r *lti.LoginRequest) { r.Issuer += "/" }, lti.RegistrationUnknown},
		{"48 unknown client", func(r *lti.LoginRequest) { r.ClientID = "made-up" }, lti.RegistrationUnknown},
		{"49 two clients and none named", func(r *lti.LoginRequest) { r.Issuer, r.ClientID = "https://twice.example", "" }, lti.ClientAmbiguous},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			f.store.registrations = append(f.store.registrations,
				registration(f.platform, "two", "https://twice.example", "a"), registration(f.platform, "three", "https://twice.example", "b"))
			r := initiation()
			tt.change(&r)
			redirect, err := f.tool.Login(t.Context(), r)
			wantReason(t, err, tt.want)
			if redirect.URL != "" || redirect.Cookie != nil {
				t.Error("a redirect came back")
			}
		})
	}
}

// TestFormerTargets opens links that were placed in courses before the tool moved. The
// answer of the platform goes to the current address.
func TestFormerTargets(t *testing.T) {
	f := newFixture(t)
	cfg := config(f.store, f.clock)
	cfg.FormerBaseURLs = []string{"https://old.example", "http://localhost:8080"}
	tool, err := lti.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for target, opens := range map[string]bool{
		"https://insigne.example/lti/launch":          true,
		"https://old.example/lti/launch":              true,
		"https://OLD.example/lti/launch":              true,
		"http://localhost:8080/lti/launch":            true,
		"http://old.example/lti/launch":               false,
		"https://old.example:444/lti/launch":          false,
		"https://old.example/admin":                   false,
		"https://me@old.example/lti/launch":           false,
		"https://old.example.evil.example/lti/launch": false,
		"https://older.example/lti/launch":            false,
	} {
		r := initiation()
		r.TargetLinkURI = target
		redirect, err := tool.Login(t.Context(), r)
		if !opens {
			wantReason(t, err, lti.TargetForeign)
			continue
		}
		u, parseErr := url.Parse(redirect.URL)
		if err != nil || parseErr != nil || u.Query().Get("redirect_uri") != "https://insigne.example/lti/launch" {
			t.Errorf("%s: %q, %v", target, redirect.URL, err)
		}
	}
	for _, base := range []string{"old.example", "https://old.example/path", "%"} {
		cfg.FormerBaseURLs = []string{base}
		if _, err := lti.New(cfg); err == nil || !strings.Contains(err.Error(), "want scheme://host") {
			t.Errorf("former base %q: %v", base, err)
		}
	}
}

func TestForeignTargets(t *testing.T) {
	for _, target := range []string{
		"https://evil.example/lti/launch", "//evil.example", `\\evil.example`, "https://insigne.example@evil.example/lti/launch",
		"https://evil@insigne.example/lti/launch", "http://insigne.example/lti/launch", "https://insigne.example:444/lti/launch",
		"https://insigne.example//evil.example", "https://insigne.example/admin", "https://insigne.example/lti/launch/../../admin",
		"https://insigne.example/lti%2flaunch/x", "/lti/launch", "javascript:alert(1)", "https:insigne.example/lti/launch", "%", "\x00",
	} {
		t.Run("22 "+target, func(t *testing.T) {
			f := newFixture(t)
			r := initiation()
			r.TargetLinkURI = target
			_, err := f.tool.Login(t.Context(), r)
			wantReason(t, err, lti.TargetForeign)
		})
	}
}

func TestLoginWithoutClientID(t *testing.T) { // case 49
	f := newFixture(t)
	r := initiation()
	r.ClientID = ""
	if _, err := f.post(f.login(r), ""); lti.ReasonOf(err) != lti.TokenMissing {
		t.Errorf("launch after login without client_id: %v, want only the token missing", err)
	}
}

// Attack: somebody starts many logins, for platforms that do not exist and for one that
// does. The tool stores nothing for them.
func TestForgedInitiations(t *testing.T) {
	f := newFixture(t)
	for i := range 100_000 {
		r := initiation()
		r.Issuer = fmt.Sprintf("https://%d.example", i)
		if _, err := f.tool.Login(t.Context(), r); lti.ReasonOf(err) != lti.RegistrationUnknown {
			t.Fatalf("Login: %v, want %s", err, lti.RegistrationUnknown)
		}
	}
	f.login(initiation())
	if len(f.store.used)+len(f.store.deployments) != 1 {
		t.Errorf("something was written: %v, %v", f.store.used, f.store.deployments)
	}
}

// Only states that this tool signed are accepted.
func TestForgedStates(t *testing.T) { // case 15
	f := newFixture(t)
	b := f.login(initiation())
	payload, signature, _ := strings.Cut(b.state, ".")
	stranger := config(f.store, f.clock)
	stranger.StateKey = []byte("another key that has 32 bytes ..")
	other, err := lti.New(stranger)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Begin("one", b.nonce, "cookie", f.clock.Now().Unix())
	if err != nil {
		t.Fatal(err)
	}
	for name, state := range map[string]string{
		"not signed": payload, "empty signature": payload + ".", "another payload": "e30." + signature, "another signature": payload + "." + signature[1:],
		"signed by another": foreign, "only a signature": "." + signature, "something behind": b.state + ".", "no text": "\x00\xff",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.post(browser{state: state, cookies: map[string]string{lti.CookieName(state): "cookie"}}, f.token(b))
			wantReason(t, err, lti.StateUnknown)
			if target, _, err := f.tool.PlatformStorage(t.Context(), state); target != "" || err != nil {
				t.Errorf("storage target %q, %v", target, err)
			}
		})
	}
	if _, err := f.post(b, f.token(b)); err != nil {
		t.Errorf("the login itself: %v", err)
	}
}

func TestParseLoginRequest(t *testing.T) {
	got := lti.ParseLoginRequest(url.Values{
		"iss": {"a"}, "client_id": {"b"}, "login_hint": {"c"}, "lti_message_hint": {"d"}, "target_link_uri": {"e"},
	})
	want := lti.LoginRequest{Issuer: "a", ClientID: "b", LoginHint: "c", MessageHint: "d", TargetLinkURI: "e"}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestStorageTarget(t *testing.T) {
	f := newFixture(t)
	r := initiation()
	r.StorageTarget = "post_message_forwarding"
	b := f.login(r)
	got, address, err := f.tool.PlatformStorage(t.Context(), b.state)
	if err != nil || got != r.StorageTarget || address != "https://lms.example/auth" {
		t.Errorf("storage = %q at %q, %v; want %q at the platform", got, address, err, r.StorageTarget)
	}
	m := f.message(b)
	if _, err := f.post(b, sign(t, platformKey(), header(), encode(t, m))); err != nil {
		t.Errorf("the launch that follows: %v", err)
	}
	for _, state := range []string{"", f.login(initiation()).state, "a.%", strings.Repeat(".", 99)} {
		if got, address, err := f.tool.PlatformStorage(t.Context(), state); got != "" || address != "" || err != nil {
			t.Errorf("storage of %q = %q at %q, %v; want none", state, got, address, err)
		}
	}
}
