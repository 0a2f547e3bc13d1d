package campus

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// accessLifetime is the lifetime of Moodle's access tokens.
const accessLifetime = time.Hour

// grant is what an access token gives access to.
type grant struct {
	tool    *tool
	scopes  []string
	expires time.Time
}

// accessToken exchanges a tool's signed assertion for an access token (1EdTech Security
// Framework 1.0, section 4.1). Like Moodle, it declares its JSON as HTML and does not
// escape the values in it.
func (c *Campus) accessToken(w http.ResponseWriter, r *http.Request) {
	answer := func(status int, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) //nolint:gosec // G705: as Moodle does; the client may have gone
	}
	token, scopes, err := c.grantAccess(r)
	if err != nil {
		answer(http.StatusBadRequest, "{\n  \"error\" : \""+err.Error()+"\"\n}")
		return
	}
	answer(http.StatusOK, "{\n  \"access_token\" : \""+token+"\",\n  \"token_type\" : \"Bearer\",\n  \"expires_in\" : 3600,\n  \"scope\" : \""+scopes+"\"\n}")
}

// tokenError is the value of "error" in Moodle's answer: a code or a sentence of a
// library.
type tokenError string

func (e tokenError) Error() string { return string(e) }

func (c *Campus) grantAccess(r *http.Request) (token, scope string, err error) {
	if err := r.ParseForm(); err != nil {
		return "", "", tokenError("invalid_request")
	}
	if err := checkTokenRequest(r.PostForm); err != nil {
		return "", "", err
	}
	t, err := c.assertedTool(r.Context(), r.PostForm.Get("client_assertion"))
	if err != nil {
		return "", "", err
	}
	granted := slices.DeleteFunc(strings.Fields(r.PostForm.Get("scope")), func(s string) bool { return !t.granted(s) })
	if len(granted) == 0 {
		return "", "", tokenError("invalid_scope")
	}
	if token, err = c.random(); err != nil {
		return "", "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.access[token] = grant{tool: t, scopes: granted, expires: c.cfg.Now().Add(accessLifetime)}
	return token, strings.Join(granted, " "), nil
}

func checkTokenRequest(q url.Values) error {
	assertion := q.Get("client_assertion")
	switch {
	case assertion == "" || q.Get("client_assertion_type") == "" || q.Get("grant_type") == "" || q.Get("scope") == "":
		return tokenError("invalid_request")
	case q.Get("grant_type") != "client_credentials",
		q.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
		return tokenError("unsupported_grant_type")
	case strings.Count(assertion, ".") != 2:
		return tokenError("invalid_request")
	}
	return nil
}
