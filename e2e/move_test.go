package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/jobs"
)

// TestLaunchAfterMove moves the service to another address. The LMS still has the former
// one: its logins, sent as a form or as a link, are sent on, and its launches open a
// session at the current address.
func TestLaunchAfterMove(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	cfg := d.Config
	cfg.BaseURL, cfg.FormerBaseURLs = "http://localhost:"+d.url[strings.LastIndex(d.url, ":")+1:], []string{d.url}
	restarted, err := app.New(t.Context(), cfg, jobs.DefaultPace())
	must(t, err)
	t.Cleanup(func() { must(t, restarted.Close()) })
	moved := newHarness(&app.Demo{Config: cfg, App: restarted, Campus: d.Campus, CampusURL: d.CampusURL})
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		v := moved.visitor()
		initiation := url.Values{
			"iss": {d.CampusURL}, "client_id": {v.client(t)}, "login_hint": {"3"}, "target_link_uri": {d.url + "/lti/launch"},
		}
		login := v.redirected(t, method, d.url, "/lti/login", initiation)
		to, err := url.Parse(login.Header().Get("Location"))
		if err != nil || login.Code != http.StatusFound || to.Query().Get("redirect_uri") != cfg.BaseURL+"/lti/launch" {
			t.Fatalf("%s: the login is answered %d, to %s, %v", method, login.Code, to, err)
		}
		token, err := d.Campus.MintLaunch(v.client(t), 3, to.Query().Get("nonce"), func(claims map[string]any) {
			claims[ltiClaim+"target_link_uri"] = d.url + "/lti/launch" // of an activity that was placed before the move
		})
		must(t, err)
		page := v.page(t, v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {to.Query().Get("state")}}))
		if w := v.get(t, page); w.Code != http.StatusOK {
			t.Errorf("%s: the course is answered %d: %s", method, w.Code, said(w))
		}
	}
}

// redirected sends a form to a path at a former base URL, and the same again to where
// the answer redirects.
func (v visitor) redirected(t *testing.T, method, base, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	query := ""
	if method == http.MethodGet {
		query, form = "?"+form.Encode(), nil
	}
	r := httptest.NewRequestWithContext(t.Context(), method, base+path+query, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site") // it comes from a page of the LMS
	w := httptest.NewRecorder()
	v.handler().ServeHTTP(w, r)
	if want := v.url + path + query; w.Code != http.StatusTemporaryRedirect || w.Header().Get("Location") != want {
		t.Fatalf("%s %s is answered %d, to %q; want %q", method, path, w.Code, w.Header().Get("Location"), want)
	}
	return v.ask(t, method, path+query, form)
}
