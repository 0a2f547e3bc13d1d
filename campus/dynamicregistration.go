package campus

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// inviteLifetime is the lifetime of Moodle's registration tokens.
const inviteLifetime = time.Hour

// RegistrationInvite returns the parameters that Moodle appends when it opens a tool's
// registration page: the configuration's address and a token that can be used once
// within an hour. The token's sub is the client id of the new tool.
func (c *Campus) RegistrationInvite() (configurationURL, token string, err error) {
	client, err := c.random()
	if err != nil {
		return "", "", err
	}
	client = client[:15]
	now := c.cfg.Now()
	token, err = c.sign(object{"sub": client, "scope": "reg", "iat": now.Unix(), "exp": now.Add(inviteLifetime).Unix()})
	if err != nil {
		return "", "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invites[client] = false
	return c.url("/mod/lti/openid-configuration.php"), token, nil
}

// refusal is the error of a registration. Moodle sends it as plain text with the
// status.
type refusal struct {
	status int
	word   string
}

func (e *refusal) Error() string { return e.word }

// registerTool handles a dynamic registration (LTI Dynamic Registration 1.0, section
// 3.6).
func (c *Campus) registerTool(w http.ResponseWriter, r *http.Request) {
	answer, err := c.registration(r)
	var refused *refusal
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, plainJSON, answer)
	case errors.As(err, &refused):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(refused.status)
		_, _ = io.WriteString(w, refused.word) // the client may have gone
	default: // Moodle shows its own error page for what it cannot parse
		writeHTML(w, http.StatusNotFound, "Error")
	}
}

func (c *Campus) registration(r *http.Request) (object, error) {
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, &refusal{http.StatusUnauthorized, "missing_registration_token"}
	}
	claims, err := c.verifyOwn(bearer)
	if err != nil {
		return nil, err
	}
	client, _ := claims["sub"].(string)
	c.mu.Lock()
	defer c.mu.Unlock()
	if used, ok := c.invites[client]; !ok || used {
		return nil, &refusal{http.StatusUnauthorized, "token_already_used"}
	}
	var body registrationRequest
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&body); err != nil {
		return nil, fmt.Errorf("read registration: %w", err)
	}
	if word := body.fault(); word != "" {
		return nil, &refusal{http.StatusBadRequest, word}
	}
	c.invites[client] = true
	return c.addTool(client, body), nil
}

// addTool adds a pending tool and returns Moodle's answer. The caller must hold the
// lock.
func (c *Campus) addTool(client string, b registrationRequest) object {
	t := &tool{
		ID: len(c.tools) + 2, ClientID: client, Name: b.Name, loginURL: b.LoginURL, keysURL: b.KeysURL,
		targetURL: b.Tool.TargetURL, domain: b.Tool.Domain, redirectURIs: b.RedirectURIs, custom: b.Tool.Custom, deepLinkURL: b.deepLinkURL(),
		scopes: slices.DeleteFunc(strings.Fields(b.Scope), func(s string) bool { return !slices.Contains(supportedScopes(), s) }),
		names:  slices.ContainsFunc(b.Tool.Claims, func(s string) bool { return s == "name" || s == "given_name" || s == "family_name" }),
		email:  slices.Contains(b.Tool.Claims, "email"),
	}
	c.tools = append(c.tools, t)
	return t.registered(b)
}

// registered returns Moodle's answer: the stored values, and more scopes than
// requested.
func (t *tool) registered(b registrationRequest) object {
	return object{ //nolint:gosec // G101: "token_endpoint_auth_method" names a way to sign in, it is no secret
		"client_id":                  t.ClientID,
		"response_types":             []string{"id_token"},
		"jwks_uri":                   t.keysURL,
		"initiate_login_uri":         t.loginURL,
		"grant_types":                []string{"client_credentials", "implicit"},
		"redirect_uris":              t.redirectURIs,
		"application_type":           "web",
		"token_endpoint_auth_method": "private_key_jwt",
		"client_name":                t.Name,
		"logo_uri":                   b.Logo,
		"scope":                      strings.Join(t.overstatedScopes(), " "),
		toolConfig: object{
			"version":           "1.3.0",
			"deployment_id":     strconv.Itoa(t.ID),
			"target_link_uri":   t.targetURL,
			"domain":            t.domain,
			"description":       b.Tool.Description,
			"messages":          b.keptMessages(),
			"custom_parameters": b.cutCustom(),
			"claims":            t.claimNames(),
		},
	}
}

// overstatedScopes returns the scopes in Moodle's answer. Any scope of the grade
// service brings all three for reading and scoring, whatever is granted later.
func (t *tool) overstatedScopes() []string {
	var list []string
	if len(t.gradesScopes()) > 0 {
		list = append(list, scopeScore, scopeResult, scopeLineItemReadOnly)
	}
	for _, s := range []string{scopeLineItem, scopeRoster, scopeToolSetting} {
		if t.granted(s) {
			list = append(list, s)
		}
	}
	return list
}

func (t *tool) claimNames() []string {
	list := []string{"sub", "iss"}
	if t.names {
		list = append(list, "name", "family_name", "given_name")
	}
	if t.email {
		list = append(list, "email")
	}
	return list
}
