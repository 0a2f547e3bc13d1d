package campus

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// registrationRequest is the part of a registration that the campus uses. Moodle
// ignores the rest without a warning.
type registrationRequest struct {
	Name            string   `json:"client_name"`
	LoginURL        string   `json:"initiate_login_uri"`
	RedirectURIs    []string `json:"redirect_uris"`
	KeysURL         string   `json:"jwks_uri"`
	ResponseTypes   []string `json:"response_types"`
	GrantTypes      []string `json:"grant_types"`
	ApplicationType string   `json:"application_type"`
	AuthMethod      string   `json:"token_endpoint_auth_method"`
	Scope           string   `json:"scope"`
	Logo            string   `json:"logo_uri"`
	Tool            *struct {
		Domain      string                `json:"domain"`
		Description string                `json:"description"`
		TargetURL   string                `json:"target_link_uri"`
		Claims      []string              `json:"claims"`
		Messages    []registrationMessage `json:"messages"`
		Custom      map[string]string     `json:"custom_parameters"`
	} `json:"https://purl.imsglobal.org/spec/lti-tool-configuration"`
}

type registrationMessage struct {
	Type      string `json:"type"`
	TargetURL string `json:"target_link_uri"`
}

// fault returns Moodle's text about what is wrong; empty if nothing is.
func (b registrationRequest) fault() string {
	for _, required := range []struct {
		name    string
		present bool
	}{
		{"response_types", len(b.ResponseTypes) > 0},
		{"initiate_login_uri", b.LoginURL != ""},
		{"redirect_uris", len(b.RedirectURIs) > 0},
		{"client_name", b.Name != ""},
		{"jwks_uri", b.KeysURL != ""},
		{"token_endpoint_auth_method", b.AuthMethod != ""},
		{toolConfig, b.Tool != nil},
	} {
		if !required.present {
			return "missing required attribute " + required.name
		}
	}
	switch {
	case b.Tool.Domain == "":
		return "missing_domain"
	case !sameHost(b.Tool.TargetURL, b.Tool.Domain):
		return "domain_targetlinkuri_mismatch"
	case !slices.Contains(b.ResponseTypes, "id_token"):
		return "invalid_response_types"
	case !slices.Contains(b.GrantTypes, "implicit") || !slices.Contains(b.GrantTypes, "client_credentials"):
		return "invalid_grant_types"
	case b.ApplicationType != "web":
		return "invalid_application_type"
	case b.AuthMethod != "private_key_jwt":
		return "invalid_token_endpoint_auth_method"
	}
	return ""
}

// sameHost compares host and port, as Moodle compares domains.
func sameHost(address, domain string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host == domain
}

// keptMessages returns the messages that Moodle stores: only the last of those for deep
// linking.
func (b registrationRequest) keptMessages() []registrationMessage {
	kept := []registrationMessage{}
	for _, m := range b.Tool.Messages {
		if m.Type == "LtiDeepLinkingRequest" {
			kept = []registrationMessage{m}
		}
	}
	return kept
}

// deepLinkURL returns the address at which deep linking starts; empty if there is none.
func (b registrationRequest) deepLinkURL() string {
	kept := b.keptMessages()
	if len(kept) == 0 {
		return ""
	}
	return cmp.Or(kept[0].TargetURL, b.Tool.TargetURL)
}

// cutCustom returns the custom parameters as in Moodle's answer: cut at "=". Launches
// contain the full values.
func (b registrationRequest) cutCustom() map[string]string {
	cut := map[string]string{}
	for name, value := range b.Tool.Custom {
		cut[name], _, _ = strings.Cut(value, "=")
	}
	return cut
}
