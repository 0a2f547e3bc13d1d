package lti_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/lti"
)

// registrar is a platform that answers registrations.
type registrar struct {
	*httptest.Server
	configuration map[string]any // sent unchanged
	status        int
	answer        string

	requests int
	received map[string]any
	bearer   string
}

func newRegistrar(t *testing.T) *registrar {
	t.Helper()
	r := &registrar{
		status: http.StatusOK,
		answer: `{"client_id":"client-9","scope":"more than was granted","https://purl.imsglobal.org/spec/lti-tool-configuration":{"deployment_id":"4"}}`,
	}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	r.configuration = map[string]any{
		"issuer": r.URL, "authorization_endpoint": r.URL + "/auth", "token_endpoint": r.URL + "/token",
		"jwks_uri": r.URL + "/keys", "registration_endpoint": r.URL + "/register",
		"scopes_supported": []string{rosterScope, "openid"},
		"https://purl.imsglobal.org/spec/lti-platform-configuration": map[string]any{"product_family_code": "moodle"},
	}
	return r
}

func (r *registrar) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.requests++
	if req.Method == http.MethodGet {
		_ = json.NewEncoder(w).Encode(r.configuration)
		return
	}
	r.bearer = req.Header.Get("Authorization")
	raw, _ := io.ReadAll(req.Body)
	_ = json.Unmarshal(raw, &r.received)
	w.WriteHeader(r.status)
	_, _ = io.WriteString(w, r.answer)
}

func (r *registrar) request() lti.RegisterRequest {
	return lti.RegisterRequest{ConfigurationURL: r.URL + "/openid-configuration?secret=1", Token: "t0ken", Client: lti.Client{
		Name: "Insigne", Names: map[string]string{"fr": "Insigne (fr)"}, Description: "Badges", LogoURL: toolURL + "/icon.svg",
		TargetURL: launchURL, Claims: []string{"sub", "name"}, Scopes: []string{rosterScope, scoreScope},
		Custom: map[string]string{"context_history": "$Context.id.history"},
	}}
}

func TestRegister(t *testing.T) { // cases 82, 85, 86 and 90
	f, r := newFixture(t), newRegistrar(t)
	got, err := f.tool.Register(t.Context(), r.request())
	if err != nil {
		t.Fatal(err)
	}
	want := lti.Registered{Deployment: "4", Registration: lti.Registration{
		Issuer: r.URL, ClientID: "client-9", AuthURL: r.URL + "/auth", TokenURL: r.URL + "/token", KeysURL: r.URL + "/keys", Product: "moodle",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.bearer != "Bearer t0ken" {
		t.Errorf("authorization = %q", r.bearer)
	}
	wantSent := map[string]any{
		"application_type": "web", "response_types": []any{"id_token"}, "grant_types": []any{"implicit", "client_credentials"},
		"initiate_login_uri": toolURL + "/lti/login", "redirect_uris": []any{launchURL}, "jwks_uri": toolURL + "/lti/jwks.json",
		"client_name": "Insigne", "client_name#fr": "Insigne (fr)", "logo_uri": toolURL + "/icon.svg",
		"token_endpoint_auth_method": "private_key_jwt", "scope": rosterScope,
		"https://purl.imsglobal.org/spec/lti-tool-configuration": map[string]any{
			"domain": "insigne.example", "description": "Badges", "target_link_uri": launchURL, "claims": []any{"sub", "name"},
			"custom_parameters": map[string]any{"context_history": "$Context.id.history"},
			"messages": []any{
				map[string]any{"type": "LtiResourceLinkRequest", "target_link_uri": launchURL},
				map[string]any{"type": "LtiDeepLinkingRequest", "target_link_uri": launchURL, "label": "Insigne"},
			},
		},
	}
	if diff := cmp.Diff(wantSent, r.received); diff != "" {
		t.Error(diff)
	}
}

// A platform that supports submission reviews gets the message type; Moodle, which
// sends them in any case, does not.
func TestRegisterReviews(t *testing.T) {
	for name, tt := range map[string]struct {
		supported any
		want      int
	}{
		"as Moodle says it":  {[]any{map[string]any{"type": "LtiResourceLinkRequest"}, map[string]any{"type": "LtiDeepLinkingRequest", "placements": []string{"ContentArea"}}}, 2},
		"with reviews":       {[]any{map[string]any{"type": "LtiSubmissionReviewRequest"}}, 3},
		"said in other ways": {[]any{"LtiSubmissionReviewRequest", 7}, 2},
		"said not at all":    {nil, 2},
	} {
		f, r := newFixture(t), newRegistrar(t)
		r.configuration["https://purl.imsglobal.org/spec/lti-platform-configuration"] = map[string]any{"product_family_code": "lms", "messages_supported": tt.supported}
		if _, err := f.tool.Register(t.Context(), r.request()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		messages := r.received["https://purl.imsglobal.org/spec/lti-tool-configuration"].(map[string]any)["messages"].([]any)
		if len(messages) != tt.want {
			t.Errorf("%s: takes %v", name, messages)
		}
		if tt.want == 3 && cmp.Diff(map[string]any{"type": "LtiSubmissionReviewRequest", "target_link_uri": launchURL}, messages[2]) != "" {
			t.Errorf("%s: takes %v", name, messages[2])
		}
	}
}

func TestRegisterWithoutToken(t *testing.T) { // case 82
	f, r := newFixture(t), newRegistrar(t)
	request := r.request()
	request.Token = ""
	if _, err := f.tool.Register(t.Context(), request); err != nil || r.bearer != "" {
		t.Errorf("authorization = %q (%v), want none", r.bearer, err)
	}
}

func TestDomainHasThePort(t *testing.T) { // case 90
	r := newRegistrar(t)
	cfg := config(&fakeStore{}, &clock{})
	cfg.BaseURL = "http://localhost:8080"
	tool, err := lti.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tool.Register(t.Context(), r.request()); err != nil {
		t.Fatal(err)
	}
	sent, _ := r.received["https://purl.imsglobal.org/spec/lti-tool-configuration"].(map[string]any)
	if sent["domain"] != "localhost:8080" {
		t.Errorf("domain = %v, want localhost:8080", sent["domain"])
	}
}

func TestCustomValuesWithEqualsSign(t *testing.T) { // case 90
	f, r := newFixture(t), newRegistrar(t)
	request := r.request()
	request.Client.Custom = map[string]string{"a": "b=c"}
	if _, err := f.tool.Register(t.Context(), request); err == nil || r.requests != 0 {
		t.Errorf("error = %v after %d requests, want one before any request", err, r.requests)
	}
}

// These registrations must be refused before anything is fetched.
func TestConfigurationAddress(t *testing.T) { // case 84
	canary := newCanary(t)
	for _, address := range []string{
		"", "ftp://lms.example/", "http://lms.example/", "http://10.0.0.1/", "http://localhost.evil.example/",
		"file:///etc/passwd", "https://", "https://user:password@lms.example/", strings.Replace(canary.URL, "http", "gopher", 1), "%",
	} {
		t.Run(address, func(t *testing.T) {
			_, err := newFixture(t).tool.Register(t.Context(), lti.RegisterRequest{ConfigurationURL: address})
			wantReason(t, err, lti.ConfigurationAddress)
		})
	}
	t.Run("loopback where it is not allowed", func(t *testing.T) {
		cfg := config(&fakeStore{}, &clock{})
		cfg.AllowHTTP = false
		tool, err := lti.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		_, err = tool.Register(t.Context(), lti.RegisterRequest{ConfigurationURL: canary.URL})
		wantReason(t, err, lti.ConfigurationAddress)
	})
	if canary.visits.Load() != 0 {
		t.Error("a request was made")
	}
}

func TestConfigurationRefused(t *testing.T) {
	tests := []struct {
		name   string
		change func(conf map[string]any)
		want   lti.Reason
	}{
		{"83 issuer on another host", set("issuer", "https://victim.example"), lti.IssuerForeign},
		{"83 issuer on another port", set("issuer", "http://127.0.0.1:1"), lti.IssuerForeign},
		{"83 issuer with a user", func(conf map[string]any) {
			conf["issuer"] = strings.Replace(fmt.Sprint(conf["issuer"]), "://", "://user@", 1)
		}, lti.IssuerForeign},
		{"83 no issuer", without("issuer"), lti.IssuerForeign},
		{"no key set", without("jwks_uri"), lti.ConfigurationInvalid},
		{"no token endpoint", without("token_endpoint"), lti.ConfigurationInvalid},
		{"84 login without TLS", set("authorization_endpoint", "http://lms.example/auth"), lti.ConfigurationInvalid},
		{"login is a script", set("authorization_endpoint", "javascript:alert(1)"), lti.ConfigurationInvalid},
		{"84 registration without TLS", set("registration_endpoint", "http://10.0.0.1/"), lti.ConfigurationInvalid},
		{"wrong type", set("jwks_uri", 1), lti.ConfigurationInvalid},
		{"NUL in the product", set("https://purl.imsglobal.org/spec/lti-platform-configuration", map[string]any{"product_family_code": "a\x00b"}), lti.ConfigurationInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, r := newFixture(t), newRegistrar(t)
			tt.change(r.configuration)
			_, err := f.tool.Register(t.Context(), r.request())
			wantReason(t, err, tt.want)
			if r.requests != 1 {
				t.Errorf("%d requests, want the configuration's alone", r.requests)
			}
		})
	}
}

func TestRegistrationRefused(t *testing.T) { // case 89
	tests := []struct {
		name   string
		status int
		answer string
		want   lti.Reason
		detail string
	}{
		{"token used", 401, "token_already_used", lti.RegistrationToken, "status 401: token_already_used"},
		{"bad request", 400, "missing_domain", lti.RegistrationRefused, "status 400: missing_domain"},
		{"error page", 404, "<!DOCTYPE html>…", lti.RegistrationRefused, "status 404"},
		{"moved", 302, "", lti.RegistrationRefused, "status 302"},
		{"no JSON", 200, "<html>", lti.RegistrationAnswer, "not JSON, or with NUL in a text"},
		{"NUL in the client id", 200, `{"client_id":"a\u0000b"}`, lti.RegistrationAnswer, "not JSON, or with NUL in a text"},
		{"no client id", 200, "{}", lti.RegistrationAnswer, "no usable client_id or deployment_id"},
		{"endless client id", 200, `{"client_id":"` + strings.Repeat("x", 256) + `"}`, lti.RegistrationAnswer, "no usable client_id or deployment_id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, r := newFixture(t), newRegistrar(t)
			r.status, r.answer = tt.status, tt.answer
			_, err := f.tool.Register(t.Context(), r.request())
			wantReason(t, err, tt.want)
			if err == nil || !strings.HasSuffix(err.Error(), ": "+tt.detail) {
				t.Errorf("error = %v, want it to end with %q", err, tt.detail)
			}
		})
	}
}

func TestRegistrationErrorsContainNoSecrets(t *testing.T) {
	f, r := newFixture(t), newRegistrar(t)
	request := r.request()
	for _, r.status = range []int{http.StatusUnauthorized, http.StatusForbidden} {
		r.answer = "not with t0ken"
		if _, err := f.tool.Register(t.Context(), request); err == nil || !strings.HasSuffix(err.Error(), "not with (token)") {
			t.Errorf("status %d: error = %v, want what the platform said without the token", r.status, err)
		}
	}
	r.answer, request.Token = "not without", ""
	if _, err := f.tool.Register(t.Context(), request); err == nil || !strings.HasSuffix(err.Error(), ": not without") {
		t.Errorf("without a token: error = %v", err)
	}
	request.Token = "t0ken"
	r.Close()
	_, err := f.tool.Register(t.Context(), request)
	wantReason(t, err, lti.ConfigurationFailed)
	for _, secret := range []string{"secret=1", "t0ken"} {
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("error %q contains %q", err, secret)
		}
	}
}

func TestRegistrationWithoutDeployment(t *testing.T) {
	f, r := newFixture(t), newRegistrar(t)
	r.status, r.answer = http.StatusCreated, `{"client_id":"client-9"}`
	got, err := f.tool.Register(t.Context(), r.request())
	if err != nil || got.Deployment != "" || got.Registration.ClientID != "client-9" {
		t.Errorf("got %+v (%v), want client-9 without a deployment", got, err)
	}
}

func TestConfigurationOfTheTool(t *testing.T) {
	changes := map[string]func(*lti.Config){
		"no key":               func(c *lti.Config) { c.StateKey = nil },
		"a short key":          func(c *lti.Config) { c.StateKey = c.StateKey[:31] },
		"no clock":             func(c *lti.Config) { c.Now = nil },
		"no launch path":       func(c *lti.Config) { c.LaunchPath = "" },
		"no base URL":          func(c *lti.Config) { c.BaseURL = "" },
		"base URL with a path": func(c *lti.Config) { c.BaseURL = "https://insigne.example/x" },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			cfg := config(&fakeStore{}, &clock{})
			change(&cfg)
			if _, err := lti.New(cfg); err == nil {
				t.Error("accepted")
			}
		})
	}
}
