package lti

import (
	"context"
	"encoding/json"
	"net/netip"
	"net/url"
)

// configuration is the part of the platform's OpenID configuration that the tool needs.
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
	Product  string          `json:"product_family_code"`
	Version  string          `json:"version"`
	Messages json.RawMessage `json:"messages_supported"`
}

// supports reports whether the platform's configuration lists the message type.
func (p platform) supports(message MessageType) bool {
	var list []struct {
		Type looseText `json:"type"`
	}
	if json.Unmarshal(p.Messages, &list) != nil {
		return false
	}
	for _, m := range list {
		if MessageType(m.Type) == message {
			return true
		}
	}
	return false
}

// configuration reads and checks the platform's OpenID configuration
// (Dynamic Registration 1.0, section 3.4).
func (t *Tool) configuration(ctx context.Context, address string) (configuration, error) {
	if !t.secureURL(address) {
		return configuration{}, refuse(ConfigurationAddress)
	}
	body, err := get(ctx, t.cfg.Client, address)
	if err != nil {
		return configuration{}, refuseBecause(ConfigurationFailed, err)
	}
	var conf configuration
	if containsNUL(body) || json.Unmarshal(body, &conf) != nil {
		return configuration{}, &Error{Reason: ConfigurationInvalid, Detail: "not JSON, or with NUL in a text"}
	}
	// The owner of an address may register only platforms at that address (section
	// 3.5.1).
	if !sameOrigin(conf.Issuer, address) {
		return configuration{}, refuse(IssuerForeign)
	}
	return conf, t.checkEndpoints(conf)
}

func (t *Tool) checkEndpoints(conf configuration) error {
	for _, endpoint := range []struct{ name, address string }{
		{"authorization_endpoint", conf.AuthURL},
		{"token_endpoint", conf.TokenURL},
		{"jwks_uri", conf.KeysURL},
		{"registration_endpoint", conf.RegisterURL},
	} {
		if !t.secureURL(endpoint.address) {
			return &Error{Reason: ConfigurationInvalid, Detail: endpoint.name}
		}
	}
	return nil
}

// secureURL reports whether the tool may use an endpoint: https, or http on loopback if
// the operator runs a platform on the same machine.
func (t *Tool) secureURL(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	addr, err := netip.ParseAddr(u.Hostname())
	loopback := u.Hostname() == "localhost" || (err == nil && addr.IsLoopback())
	return u.Scheme == "http" && t.cfg.AllowHTTP && loopback
}
