package lti

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/insigne-badges/insigne/safehttp"
)

// RegisterRequest is a dynamic registration (1EdTech Dynamic Registration 1.0).
type RegisterRequest struct {
	ConfigurationURL string // openid_configuration, as the platform passed it
	Token            string // registration_token; may be empty
	Client           Client
}

// Client describes the tool to the platform.
type Client struct {
	Name        string
	Names       map[string]string // by language, such as "fr"
	Description string
	LogoURL     string
	TargetURL   string // opened when a link has no address of its own
	Claims      []string
	Scopes      []string
	Custom      map[string]string // no value may hold "=": Moodle cuts it
}

// Registered is a registration to save, with its first deployment if the
// platform told it.
type Registered struct {
	Registration Registration
	Deployment   DeploymentID
}

// configuration is what the tool needs of the platform's OpenID configuration.
type configuration struct {
	Issuer      string   `json:"issuer"`
	AuthURL     string   `json:"authorization_endpoint"`
	TokenURL    string   `json:"token_endpoint"`
	KeysURL     string   `json:"jwks_uri"`
	RegisterURL string   `json:"registration_endpoint"`
	Scopes      []string `json:"scopes_supported"`
	Platform    platform `json:"https://purl.imsglobal.org/spec/lti-platform-configuration"`
}

type platform struct {
	Product string `json:"product_family_code"`
	Version string `json:"version"`
}

const claimToolConfiguration = "https://purl.imsglobal.org/spec/lti-tool-configuration"

// Register registers the tool at the platform. It stores nothing: the caller
// saves what comes back, in a transaction of its own.
func (t *Tool) Register(ctx context.Context, r RegisterRequest) (Registered, error) {
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

// configuration reads and checks the platform's OpenID configuration
// (Dynamic Registration 1.0, section 3.4).
func (t *Tool) configuration(ctx context.Context, address string) (configuration, error) {
	if !t.secureURL(address) {
		return configuration{}, refuse(ConfigurationAddress)
	}
	body, err := get(ctx, t.cfg.Client, address, "application/json")
	if err != nil {
		return configuration{}, refuseBecause(ConfigurationFailed, err)
	}
	var conf configuration
	if err := json.Unmarshal(body, &conf); err != nil {
		return configuration{}, &Error{Reason: ConfigurationInvalid, Detail: "not JSON"}
	}
	for name, endpoint := range map[string]string{
		"authorization_endpoint": conf.AuthURL, "token_endpoint": conf.TokenURL,
		"jwks_uri": conf.KeysURL, "registration_endpoint": conf.RegisterURL,
	} {
		if !t.secureURL(endpoint) {
			return configuration{}, &Error{Reason: ConfigurationInvalid, Detail: name}
		}
	}
	if !sameOrigin(conf.Issuer, address) {
		return configuration{}, refuse(IssuerForeign)
	}
	return conf, nil
}

// secureURL reports whether an endpoint may be used: https, or http on
// loopback where the operator runs a platform beside the tool.
func (t *Tool) secureURL(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	addr, err := netip.ParseAddr(u.Hostname())
	loopback := u.Hostname() == "localhost" || (err == nil && addr.IsLoopback())
	return u.Scheme == "http" && t.cfg.AllowHTTP && loopback
}

// clientMetadata is the body of the registration (Dynamic Registration 1.0,
// section 3.5). domain is host and port, as Moodle compares it with the target.
func (t *Tool) clientMetadata(c Client, conf configuration) map[string]any {
	scopes := slices.DeleteFunc(slices.Clone(c.Scopes), func(s string) bool { return !slices.Contains(conf.Scopes, s) })
	metadata := map[string]any{
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
			"messages":          []any{map[string]any{"type": string(ResourceLinkRequest), "target_link_uri": c.TargetURL}},
		},
	}
	for lang, name := range c.Names {
		metadata["client_name#"+lang] = name
	}
	return metadata
}

func (t *Tool) postRegistration(ctx context.Context, address, token string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, refuseBecause(ConfigurationInvalid, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := t.cfg.Client.Do(req)
	if err != nil {
		return nil, refuseBecause(RegistrationRefused, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := safehttp.ReadAll(resp.Body, maxDocument)
	switch {
	case err != nil:
		return nil, refuseBecause(RegistrationAnswer, err)
	case resp.StatusCode == http.StatusUnauthorized:
		return nil, &Error{Reason: RegistrationToken, Detail: printable(string(answer))}
	case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusCreated:
		return nil, &Error{Reason: RegistrationRefused, Detail: fmt.Sprintf("status %d: %s", resp.StatusCode, printable(string(answer)))}
	}
	return answer, nil
}

// readRegistration reads the platform's answer (Dynamic Registration 1.0,
// section 3.6). Its scope is not believed: access tokens tell what is granted.
func readRegistration(answer []byte, conf configuration) (Registered, error) {
	var registered struct {
		ClientID string `json:"client_id"`
		Tool     struct {
			Deployment string `json:"deployment_id"`
		} `json:"https://purl.imsglobal.org/spec/lti-tool-configuration"`
	}
	if err := json.Unmarshal(answer, &registered); err != nil {
		return Registered{}, &Error{Reason: RegistrationAnswer, Detail: "not JSON"}
	}
	if registered.ClientID == "" || len(registered.ClientID) > maxIdentifiers || len(registered.Tool.Deployment) > maxIdentifiers {
		return Registered{}, &Error{Reason: RegistrationAnswer, Detail: "no usable client_id"}
	}
	return Registered{
		Registration: Registration{
			Issuer: conf.Issuer, ClientID: registered.ClientID, AuthURL: conf.AuthURL, TokenURL: conf.TokenURL,
			KeysURL: conf.KeysURL, Product: conf.Platform.Product,
		},
		Deployment: DeploymentID(registered.Tool.Deployment),
	}, nil
}
