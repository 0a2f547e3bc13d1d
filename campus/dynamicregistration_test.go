package campus_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
)

const toolConfiguration = "https://purl.imsglobal.org/spec/lti-tool-configuration"

// registration returns the registration of a tool like ours.
func (x tool) registration() map[string]any {
	return map[string]any{
		"application_type": "web", "response_types": []string{"id_token"}, "grant_types": []string{"client_credentials", "implicit"},
		"initiate_login_uri": x.home + "/login", "redirect_uris": []string{x.home + "/launch"}, "client_name": "Tool",
		"jwks_uri": x.home + "/jwks", "logo_uri": x.home + "/logo.svg", "token_endpoint_auth_method": "private_key_jwt", "scope": allScopes,
		toolConfiguration: map[string]any{
			"domain": strings.TrimPrefix(x.home, "http://"), "description": "A tool", "target_link_uri": x.home + "/launch",
			"claims":            []string{"iss", "sub", "name", "given_name", "family_name", "email"},
			"messages":          []any{map[string]any{"type": "LtiResourceLinkRequest"}, map[string]any{"type": "LtiDeepLinkingRequest", "target_link_uri": x.home + "/dl"}},
			"custom_parameters": map[string]string{"context_id": "$Context.id", "unknown": "$Unknown.id", "formula": "a=b"},
		},
	}
}

// register sends a registration with a new invitation.
func (s *site) register(t *testing.T, body map[string]any) answer {
	t.Helper()
	_, token, err := s.RegistrationInvite()
	if err != nil {
		t.Fatal(err)
	}
	return s.registerWith(t, token, body)
}

func (s *site) registerWith(t *testing.T, token string, body map[string]any) answer {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return s.send(t, http.MethodPost, "/mod/lti/openid-registration.php", string(raw), "Authorization", "Bearer "+token, "Content-Type", "application/json")
}

// The answer to a registration has the form of Moodle's.
func TestRegistrationAnswer(t *testing.T) {
	s := newSite(t)
	x := tool{site: s, home: "http://tool.example"}
	got := s.register(t, x.registration())
	want := recorded(t, "dynreg-03-registration")
	if got.status != http.StatusOK || got.header.Get("Content-Type") != want.Response.mediaType() {
		t.Errorf("answer is %d %s", got.status, got.header.Get("Content-Type"))
	}
	compareShapes(t, got.json(t), want.Response.JSON, "."+toolConfiguration+".custom_parameters")
}

// TestRegistrationRefused replays the recorded refusals and compares their texts.
func TestRegistrationRefused(t *testing.T) {
	s := newSite(t)
	x := tool{site: s, home: "http://tool.example"}
	config := func(change func(map[string]any)) map[string]any {
		body := x.registration()
		inner := maps.Clone(body[toolConfiguration].(map[string]any))
		change(inner)
		body[toolConfiguration] = inner
		return body
	}
	with := func(name string, value any) map[string]any {
		body := x.registration()
		body[name] = value
		if value == nil {
			delete(body, name)
		}
		return body
	}
	cases := recorded(t, "dynreg-05-errors").Cases
	for name, body := range map[string]map[string]any{
		"missing_domain": config(func(c map[string]any) { delete(c, "domain") }),
		"domain_differs_from_target_link_uri_host":       config(func(c map[string]any) { c["domain"] = "other.example" }),
		"missing_client_name":                            with("client_name", nil),
		"response_types_code_only":                       with("response_types", []string{"code"}),
		"token_endpoint_auth_method_client_secret_basic": with("token_endpoint_auth_method", "client_secret_basic"),
		"application_type_native":                        with("application_type", "native"),
		"missing_tool_configuration":                     with(toolConfiguration, nil),
	} {
		want := cases[name].Response
		if got := s.register(t, body); got.status != want.Status || got.body != want.Raw || want.Raw == "" {
			t.Errorf("%s: answer is %d %q, want %d %q", name, got.status, got.body, want.Status, want.Raw)
		}
	}
	if got, want := s.send(t, http.MethodPost, "/mod/lti/openid-registration.php", "{}"), cases["no_bearer_token"].Response; got.status != want.Status || got.body != want.Raw {
		t.Errorf("without a token: answer is %d %q, want %d %q", got.status, got.body, want.Status, want.Raw)
	}
	_, token, err := s.RegistrationInvite()
	if err != nil {
		t.Fatal(err)
	}
	if got := s.registerWith(t, token, x.registration()); got.status != http.StatusOK {
		t.Fatalf("registration: %d %s", got.status, got.body)
	}
	if got, want := s.registerWith(t, token, x.registration()), recorded(t, "dynreg-06-token-reuse").Post.Response; got.status != want.Status || got.body != want.Raw {
		t.Errorf("token used twice: answer is %d %q, want %d %q", got.status, got.body, want.Status, want.Raw)
	}
}
