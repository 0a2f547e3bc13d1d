package campus

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// authorise answers the authentication request (LTI Security Framework 1.0, section
// 5.1.1.3). The answer is a form that posts the id_token or an error to the tool. If
// nothing may be posted to the tool, it is Moodle's 404 page.
func (c *Campus) authorise(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	l, ok := c.takeLaunch(r.Form.Get("lti_message_hint"))
	if !ok || !l.answerable(r.Form) {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	fields, err := c.authenticationResponse(l, r.Form)
	if err != nil {
		c.fail(w, "id_token not made", err)
		return
	}
	c.render(w, r, http.StatusOK, "post", autoPost{
		Action: r.Form.Get("redirect_uri"), Fields: append(fields, field{"state", r.Form.Get("state")}),
	})
}

// answerable reports whether q is an authentication request whose answer may be posted
// to the tool.
func (l launch) answerable(q url.Values) bool {
	return q.Get("scope") == "openid" && q.Get("response_type") == "id_token" && q.Get("nonce") != "" &&
		slices.Contains(l.tool.redirectURIs, q.Get("redirect_uri"))
}

func (c *Campus) authenticationResponse(l launch, q url.Values) ([]field, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case q.Get("client_id") != l.tool.ClientID || !l.tool.Active:
		return []field{{"error", "unauthorized_client"}}, nil
	case q.Get("login_hint") != strconv.FormatInt(l.user, 10):
		return []field{{"error", "access_denied"}}, nil
	case q.Get("response_mode") != "form_post":
		return []field{{"error", "invalid_request"}, {"error_description", "Invalid response_mode"}}, nil
	case q.Get("prompt") != "" && q.Get("prompt") != "none":
		return []field{{"error", "invalid_request"}, {"error_description", "Invalid prompt"}}, nil
	}
	claims, err := c.claims(l, q.Get("nonce"))
	if err != nil {
		return nil, err
	}
	token, err := c.sign(claims)
	return []field{{"id_token", token}}, err
}
