package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

// kept has the answers that caches may keep, because they say nothing about a person.
// All others are no-store.
var kept = map[string]string{
	"/lti/jwks.json":                    "public, max-age=300",
	"/schemas/rule.json":                "public, max-age=86400",
	"/pictures/{hash:[0-9a-f]{64}}.png": "public, max-age=31536000, immutable",

	"/v/{assertion:[0-9a-f-]{36}}.json":                            asks,
	"/v/{assertion:[0-9a-f-]{36}}.jws":                             asks,
	"/v/{assertion:[0-9a-f-]{36}}/credential":                      asks,
	"/v/{assertion:[0-9a-f-]{36}}.jwt":                             asks,
	"/v/{assertion:[0-9a-f-]{36}}.png":                             asks,
	"/v/{assertion:[0-9a-f-]{36}}.svg":                             asks,
	"/v/{assertion:[0-9a-f-]{36}}.pdf":                             asks,
	"/badges/{version:[0-9a-f-]{36}}":                              "public, max-age=300",
	"/badges/{version:[0-9a-f-]{36}}/{language:[a-z]{2,3}}":        "public, max-age=300",
	"/issuers/{issuer:[0-9a-f-]{36}}":                              "public, max-age=300",
	"/issuers/{issuer:[0-9a-f-]{36}}/did.json":                     "public, max-age=300",
	"/issuers/{issuer:[0-9a-f-]{36}}/keys/{key:[0-9A-Za-z_-]{43}}": "public, max-age=86400",
	"/issuers/{issuer:[0-9a-f-]{36}}/revocations.json":             "public, max-age=60",
	"/status/{list:[0-9a-f-]{36}}":                                 "public, max-age=60",
}

// asks is the caching of a document whose learner may hide it at any moment.
const asks = "no-cache"

// bare are the routes that answer with one word for programs, or with files of the
// build.
var bare = map[string]bool{"/healthz": true, "/readyz": true, "/static/": true}

// policyOf returns a directive of the content security policy; empty if it is missing
// or there twice.
func policyOf(w *httptest.ResponseRecorder, directive string) string {
	_, after, found := strings.Cut(w.Header().Get("Content-Security-Policy"), directive+" ")
	value, rest, _ := strings.Cut(after, ";")
	if !found || strings.Contains(rest, directive) {
		return ""
	}
	return strings.TrimSpace(value)
}

// TestHeadersOfEveryRoute requests every route with permission and without a session.
// No page sends a referrer or may be cached, and only the right sites may embed it.
func TestHeadersOfEveryRoute(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	of := d.tenant(t)
	v := d.admin(t)
	session := v.launch(t, 3)
	claim := d.claimLink(t, badges.AssertionID(of.values["assertion"]))
	issued, err := d.App.Store().Assertion(t.Context(), badges.AssertionID(of.values["assertion"]))
	must(t, err)
	keys, err := d.App.IssuerKeys().IssuerKeys(t.Context(), badges.IssuerID(of.values["issuer"]))
	must(t, err)
	forms := map[string]url.Values{"/c/": of.with(v.token(t, session+"/badges")), "/admin": of.with(v.csrf(t, "/admin"))}
	values := merged(
		of.values, "session", session[len("/c/"):], "platform", string(d.platform(t)), "about", "award", "channel", "mail", "token", strings.TrimPrefix(claim, "/claim/"),
		"version", string(issued.Version), "language", "fr", "hash", of.form.Get("picture"), "key", keys.RSA[0].ID, "list", "0b7c2c9e-3b0a-4a53-9b7f-1f3c56f2a001",
	)
	opened := 0
	for _, route := range d.routes(t) {
		if bare[route.Path] {
			continue
		}
		path := filled(t, route.Path, values)
		for _, who := range []visitor{d.visitor(), v} {
			var form url.Values
			for prefix, f := range forms {
				if strings.HasPrefix(path, prefix) {
					form = f
				}
			}
			w := who.ask(t, route.Method, path, form)
			if w.Code < http.StatusMultipleChoices {
				opened++
			}
			h, request := w.Header(), route.Method+" "+path
			if h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s (%d): Referrer-Policy %q, X-Content-Type-Options %q", request, w.Code, h.Get("Referrer-Policy"), h.Get("X-Content-Type-Options"))
			}
			cache := "no-store"
			if kept[route.Path] != "" && w.Code == http.StatusOK {
				cache = kept[route.Path]
			}
			if h.Get("Cache-Control") != cache {
				t.Errorf("%s (%d): Cache-Control %q, want %q", request, w.Code, h.Get("Cache-Control"), cache)
			}
			ancestors := "'none'"
			switch {
			case strings.HasPrefix(path, "/c/") && w.Code == http.StatusUnauthorized: // we do not know which LMS has the frame
				ancestors = "*"
			case strings.HasPrefix(path, "/c/"):
				ancestors = "'self' " + d.CampusURL
			case strings.HasPrefix(path, "/lti/") && path != "/lti/jwks.json":
				ancestors = "*"
			}
			if got := policyOf(w, "frame-ancestors"); got != ancestors {
				t.Errorf("%s (%d): frame-ancestors %q, want %q", request, w.Code, got, ancestors)
			}
			for directive, want := range map[string]string{"default-src": "'self'", "object-src": "'none'", "base-uri": "'none'"} {
				if got := policyOf(w, directive); got != want {
					t.Errorf("%s (%d): %s %q, want %q", request, w.Code, directive, got, want)
				}
			}
		}
	}
	if opened < 40 {
		t.Errorf("only %d requests were answered with a page", opened)
	}
}

// TestHeadersOfOddPages checks pages that belong to no route, and special answers of
// routes.
func TestHeadersOfOddPages(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	other := d.another(t)
	v, there := d.visitor(), other.visitor()
	session, beyond := v.launch(t, 3), there.launch(t, 3)
	begun := d.visitor()
	_, state := begun.login(t, 3)
	crossSite := httptest.NewRequestWithContext(t.Context(), http.MethodPost, session+"/check", nil)
	crossSite.Header.Set("Sec-Fetch-Site", "cross-site")
	framed := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/lti/login?"+d.visitor().initiation(t).Encode(), nil)
	framed.Header.Set("Sec-Fetch-Dest", "iframe")
	configuration, token, err := d.Campus.RegistrationInvite()
	must(t, err)
	invite, err := d.App.InvitationToken(t.Context())
	must(t, err)
	register := "/lti/register?" + url.Values{"invite": {invite}, "openid_configuration": {configuration}, "registration_token": {token}}.Encode()
	for name, tt := range map[string]struct {
		answer    *httptest.ResponseRecorder
		status    int
		ancestors string
		form      string // where a form may go; empty: only to this site
	}{
		"no such page":                 {v.get(t, "/nothing"), 404, "'none'", ""},
		"no such page in a session":    {v.get(t, session+"/nothing"), 404, "'none'", ""},
		"method":                       {v.post(t, "/v/00000000-0000-0000-0000-000000000000", nil), 405, "'none'", ""},
		"NUL in the path":              {v.get(t, "/nothing/%00"), 404, "'none'", ""},
		"from another site":            {v.do(t, crossSite), 403, "'none'", ""},
		"form without its token":       {v.post(t, session+"/check", nil), 403, "'self' " + d.CampusURL, ""},
		"session of another platform":  {there.get(t, beyond+"/badges"), 200, "'self' " + other.CampusURL, ""},
		"looking for cookies":          {d.visitor().do(t, framed), 200, "*", "*"},
		"asking the tab":               {d.visitor().post(t, "/lti/launch", url.Values{"state": {state}, "id_token": {"x"}}), 400, "*", "*"},
		"confirming a registration":    {d.visitor().get(t, register), 200, "'self' " + d.CampusURL, ""},
		"registration nobody asks for": {d.visitor().get(t, "/lti/register?invite=made-up"), 410, "*", "*"},
		"as a machine":                 {d.asMachine(t, "/nothing"), 404, "'none'", ""},
	} {
		w := tt.answer
		if tt.form == "" {
			tt.form = "'self'"
		}
		if w.Code != tt.status || policyOf(w, "frame-ancestors") != tt.ancestors || policyOf(w, "form-action") != tt.form {
			t.Errorf("%s: %d, %s; want %d, frame-ancestors %s, form-action %s", name, w.Code, w.Header().Get("Content-Security-Policy"), tt.status, tt.ancestors, tt.form)
		}
		if w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Referrer-Policy %q, Cache-Control %q", name, w.Header().Get("Referrer-Policy"), w.Header().Get("Cache-Control"))
		}
	}
}

func (d *demo) asMachine(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Header.Set("Accept", "application/json")
	return d.visitor().do(t, r)
}
