package lti

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// RegisterRequest is a dynamic registration (1EdTech Dynamic Registration 1.0).
type RegisterRequest struct {
	ConfigurationURL string // openid_configuration, as the platform sent it
	Token            string // registration_token; may be empty
	Client           Client
}

// Client describes the tool to the platform.
type Client struct {
	Name        string
	Names       map[string]string // by language, such as "fr"
	Description string
	LogoURL     string
	TargetURL   string // opened by links without an address of their own
	Claims      []string
	Scopes      []string
	Custom      map[string]string // values must not contain "=": Moodle cuts them there
}

// Registered is a registration to save, with its first deployment if the platform sent
// it.
type Registered struct {
	Registration Registration
	Deployment   DeploymentID
}

const claimToolConfiguration = "https://purl.imsglobal.org/spec/lti-tool-configuration"

// Register registers the tool at the platform. It stores nothing: the caller saves the
// result in a transaction of its own.
func (t *Tool) Register(ctx context.Context, r RegisterRequest) (Registered, error) {
	if err := r.Client.check(); err != nil {
		return Registered{}, err
	}
	conf, err := t.configuration(ctx, r.ConfigurationURL)
	if err != nil {
		return Registered{}, err
	}
	body, err := json.Marshal(t.clientMetadata(r.Client, conf))
	if err != nil {
		return Registered{}, fmt.Errorf("lti: encode registration: %w", err)
	}
	answer, err := t.postRegistration(ctx, conf.RegisterURL, r.Token, body)
	if err != nil {
		return Registered{}, err
	}
	return readRegistration(answer, conf)
}

// check refuses values that a platform would change without a warning.
func (c Client) check() error {
	for name, value := range c.Custom {
		if strings.Contains(value, "=") {
			return fmt.Errorf("lti: custom parameter %s: value contains %q, where Moodle cuts it", name, "=")
		}
	}
	return nil
}

// clientMetadata returns the body of the registration (Dynamic Registration 1.0,
// section 3.5). domain contains host and port, because Moodle compares it with the
// target.
func (t *Tool) clientMetadata(c Client, conf configuration) map[string]any {
	scopes := slices.DeleteFunc(slices.Clone(c.Scopes), func(s string) bool { return !slices.Contains(conf.Scopes, s) })
	metadata := map[string]any{ //nolint:gosec // names of JSON members, not credentials
		"application_type":           "web",
		"response_types":             []string{"id_token"},
		"grant_types":                []string{"implicit", "client_credentials"},
		"initiate_login_uri":         t.cfg.BaseURL + t.cfg.LoginPath,
		"redirect_uris":              []string{t.LaunchURL()},
		"jwks_uri":                   t.cfg.BaseURL + t.cfg.KeysPath,
		"client_name":                c.Name,
		"logo_uri":                   c.LogoURL,
		"token_endpoint_auth_method": "private_key_jwt",
		"scope":                      strings.Join(scopes, " "),
		claimToolConfiguration: map[string]any{
			"domain":            t.base.Host,
			"description":       c.Description,
			"target_link_uri":   c.TargetURL,
			"claims":            c.Claims,
			"custom_parameters": c.Custom,
			"messages":          c.messages(conf),
		},
	}
	for lang, name := range c.Names {
		metadata["client_name#"+lang] = name
	}
	return metadata
}

// messages returns the messages that the tool supports. It contains one deep linking
// message, because Moodle keeps only the last. Submission reviews are left out unless
// the platform lists them; Moodle sends them without that.
func (c Client) messages(conf configuration) []any {
	messages := []any{
		map[string]any{"type": string(ResourceLinkRequest), "target_link_uri": c.TargetURL},
		map[string]any{"type": string(DeepLinkingRequest), "target_link_uri": c.TargetURL, "label": c.Name},
	}
	if conf.Platform.supports(SubmissionReviewRequest) {
		messages = append(messages, map[string]any{"type": string(SubmissionReviewRequest), "target_link_uri": c.TargetURL})
	}
	return messages
}

func (t *Tool) postRegistration(ctx context.Context, address, token string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, refuseBecause(ConfigurationInvalid, withoutAddress(err))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	status, answer, err := exchange(t.cfg.Client, req)
	said := withoutToken(answer, token)
	switch {
	case err != nil:
		return nil, refuseBecause(RegistrationRefused, err)
	case status == http.StatusUnauthorized:
		return nil, &Error{Reason: RegistrationToken, Detail: errorText(status, said)}
	case status != http.StatusOK && status != http.StatusCreated:
		return nil, &Error{Reason: RegistrationRefused, Detail: errorText(status, said)}
	}
	return answer, nil
}

// errorText returns the platform's text, unless it is a web page.
func errorText(status int, answer []byte) string {
	said := strings.TrimSpace(string(answer))
	if said == "" || strings.HasPrefix(said, "<") {
		return fmt.Sprintf("status %d", status)
	}
	return fmt.Sprintf("status %d: %s", status, printable(said))
}

// readRegistration reads the platform's answer (Dynamic Registration 1.0, section 3.6).
// It ignores the scope: access tokens show which scopes are granted.
func readRegistration(answer []byte, conf configuration) (Registered, error) {
	var registered struct {
		ClientID string `json:"client_id"`
		Tool     struct {
			Deployment string `json:"deployment_id"`
		} `json:"https://purl.imsglobal.org/spec/lti-tool-configuration"`
	}
	if containsNUL(answer) || json.Unmarshal(answer, &registered) != nil {
		return Registered{}, &Error{Reason: RegistrationAnswer, Detail: "not JSON, or with NUL in a text"}
	}
	if registered.ClientID == "" || len(registered.ClientID) > maxIdentifier || len(registered.Tool.Deployment) > maxIdentifier {
		return Registered{}, &Error{Reason: RegistrationAnswer, Detail: "no usable client_id or deployment_id"}
	}
	return Registered{
		Registration: Registration{
			Issuer: conf.Issuer, ClientID: registered.ClientID, AuthURL: conf.AuthURL, TokenURL: conf.TokenURL,
			KeysURL: conf.KeysURL, Product: conf.Platform.Product,
		},
		Deployment: DeploymentID(registered.Tool.Deployment),
	}, nil
}
