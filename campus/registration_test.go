package campus_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

const toolConfiguration = "https://purl.imsglobal.org/spec/lti-tool-configuration"

// registration is what a tool like ours sends.
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

// register sends a registration with a fresh invitation.
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
