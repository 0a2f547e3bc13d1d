package lti

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// LoginRequest contains the parameters of a third-party initiated login (OpenID Connect
// Core, section 4; 1EdTech Security Framework, section 5.1.1).
type LoginRequest struct {
	Issuer        string // iss
	ClientID      string // client_id; may be absent
	LoginHint     string // login_hint, opaque
	MessageHint   string // lti_message_hint, opaque; may be absent
	TargetLinkURI string // target_link_uri
	// StorageTarget is lti_storage_target: the frame in which the platform stores data
	// for tools (1EdTech LTI Client Side postMessages 1.0). Absent if the platform
	// stores none.
	StorageTarget string
}

// ParseLoginRequest reads the parameters from a query or a form.
func ParseLoginRequest(v url.Values) LoginRequest {
	return LoginRequest{
		Issuer: v.Get("iss"), ClientID: v.Get("client_id"), LoginHint: v.Get("login_hint"),
		MessageHint: v.Get("lti_message_hint"), TargetLinkURI: v.Get("target_link_uri"),
		StorageTarget: v.Get("lti_storage_target"),
	}
}

// LoginRedirect sends the browser to the platform.
type LoginRedirect struct {
	URL    string
	Cookie *http.Cookie // ties the login to this browser
}

const (
	maxParameter = 4096
	cookiePrefix = "__Host-lti-"
)

// Login answers a login initiation. It stores nothing.
func (t *Tool) Login(ctx context.Context, r LoginRequest) (LoginRedirect, error) {
	if err := r.check(); err != nil {
		return LoginRedirect{}, err
	}
	target, err := t.target(r.TargetLinkURI)
	if err != nil {
		return LoginRedirect{}, err
	}
	reg, err := t.registration(ctx, r)
	if err != nil {
		return LoginRedirect{}, err
	}
	nonce, err := t.random()
	if err != nil {
		return LoginRedirect{}, err
	}
	browser, err := t.random()
	if err != nil {
		return LoginRedirect{}, err
	}
	sealed, err := t.seal(state{
		Nonce: nonce, Browser: hash(browser), Registration: reg.ID, Target: target, Storage: r.StorageTarget,
		Expires: t.cfg.Now().Add(LoginLifetime).Unix(),
	})
	if err != nil {
		return LoginRedirect{}, err
	}
	address, err := t.authURL(reg, r, sealed, nonce)
	if err != nil {
		return LoginRedirect{}, err
	}
	return LoginRedirect{URL: address, Cookie: stateCookie(sealed, browser)}, nil
}

func (r LoginRequest) check() error {
	for _, v := range []string{r.Issuer, r.LoginHint, r.TargetLinkURI} {
		if v == "" {
			return refuse(ParameterMissing)
		}
	}
	for _, v := range []string{r.Issuer, r.ClientID, r.LoginHint, r.MessageHint, r.TargetLinkURI, r.StorageTarget} {
		if len(v) > maxParameter {
			return refuse(ParameterTooLong)
		}
	}
	return nil
}

func (t *Tool) registration(ctx context.Context, r LoginRequest) (Registration, error) {
	found, err := t.cfg.Registrations.RegistrationsOf(ctx, r.Issuer, r.ClientID)
	switch {
	case err != nil:
		return Registration{}, fmt.Errorf("lti: find registrations: %w", err)
	case len(found) == 0:
		return Registration{}, refuse(RegistrationUnknown)
	case len(found) > 1:
		return Registration{}, refuse(ClientAmbiguous)
	}
	return found[0], nil
}

// target returns the path of a link into the tool. The link must have our origin, or a
// former one, and a path from a fixed list; lookalikes such as "//evil", "\\evil" and
// "user@host" are refused.
func (t *Tool) target(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || !t.ours(u) {
		return "", refuse(TargetForeign)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	if u.Path != t.cfg.LaunchPath && !slices.Contains(t.cfg.Targets, u.Path) {
		return "", refuse(TargetForeign)
	}
	return u.Path, nil
}

// ours reports whether an address has our origin or a former one.
func (t *Tool) ours(u *url.URL) bool {
	return slices.ContainsFunc(append(t.former[:len(t.former):len(t.former)], t.base), func(base *url.URL) bool {
		return u.Scheme == base.Scheme && strings.EqualFold(u.Host, base.Host)
	})
}

// authURL returns the address of the authentication request (1EdTech Security
// Framework, section 5.1.1.2). It sends lti_message_hint back byte for byte.
func (t *Tool) authURL(reg Registration, r LoginRequest, state, nonce string) (string, error) {
	u, err := url.Parse(reg.AuthURL)
	if err != nil {
		return "", refuseBecause(RegistrationUnknown, err)
	}
	q := u.Query()
	for name, value := range map[string]string{
		"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none",
		"client_id": reg.ClientID, "redirect_uri": t.LaunchURL(), "login_hint": r.LoginHint,
		"state": state, "nonce": nonce,
	} {
		q.Set(name, value)
	}
	if r.MessageHint != "" {
		q.Set("lti_message_hint", r.MessageHint)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// stateCookie returns the cookie of one login. Each login has its own, so that two tabs
// do not disturb each other. The cookie is SameSite=None and Partitioned because the
// platform's page embeds ours from another site.
func stateCookie(state, value string) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // SameSite=None is intended
		Name: CookieName(state), Value: value, Path: "/", MaxAge: int(LoginLifetime.Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
	}
}

// SpentCookie returns a cookie that removes the cookie of a used login. It has the same
// name and partition; otherwise browsers treat it as another cookie.
func SpentCookie(state string) *http.Cookie {
	c := stateCookie(state, "") //nolint:gosec // like the cookie that it removes
	c.MaxAge = -1
	return c
}

// LoginID returns the id of a login, as Logins stores it, from the state that the
// platform sent back.
func LoginID(state string) string { return hash(state) }

// CookieName returns the name of the cookie that ties a login to its browser, from the
// state that the platform sent back.
func CookieName(state string) string { return cookiePrefix + hash(state)[:16] }
