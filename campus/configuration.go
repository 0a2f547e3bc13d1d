package campus

import (
	"net/http"
	"strings"
)

// openIDConfiguration serves the platform's configuration for dynamic registration (LTI
// Dynamic Registration 1.0, section 3.4). Like Moodle, it requires no token.
func (c *Campus) openIDConfiguration(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, plainJSON, object{
		"issuer":                                c.cfg.BaseURL,
		"token_endpoint":                        c.url("/mod/lti/token.php"),
		"token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": []string{"RS256"},
		"jwks_uri":                              c.url("/mod/lti/certs.php"),
		"authorization_endpoint":                c.url("/mod/lti/auth.php"),
		"registration_endpoint":                 c.url("/mod/lti/openid-registration.php"),
		"scopes_supported":                      supportedScopes(),
		"response_types_supported":              []string{"id_token"},
		"subject_types_supported":               []string{"public", "pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"claims_supported":                      []string{"sub", "iss", "name", "given_name", "family_name", "email"},
		"https://purl.imsglobal.org/spec/lti-platform-configuration": object{
			"product_family_code": "moodle",
			"version":             release,
			"messages_supported": []object{
				{"type": "LtiResourceLinkRequest"},
				{"type": "LtiDeepLinkingRequest", "placements": []string{"ContentArea"}},
			},
			"variables": strings.Fields(variableNames),
		},
	})
}

func supportedScopes() []string {
	return []string{
		scopeBasicOutcome, scopeLineItemReadOnly, scopeResult, scopeScore, scopeLineItem, scopeRoster, scopeToolSetting, "openid",
	}
}

const variableNames = `
	basic-lti-launch-request ContentItemSelectionRequest ToolProxyRegistrationRequest
	Context.id Context.title Context.label Context.id.history Context.sourcedId Context.longDescription Context.timeFrame.begin
	CourseSection.title CourseSection.label CourseSection.sourcedId CourseSection.longDescription
	CourseSection.timeFrame.begin CourseSection.timeFrame.end
	ResourceLink.id ResourceLink.title ResourceLink.description
	User.id User.username Person.name.full Person.name.given Person.name.family Person.email.primary Person.sourcedId
	Person.name.middle Person.address.street1 Person.address.locality Person.address.country Person.address.timezone
	Person.phone.primary Person.phone.mobile Person.webaddress
	Membership.role Result.sourcedId Result.autocreate BasicOutcome.sourcedId BasicOutcome.url Moodle.Person.userGroupIds`
