package e2e_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

var backLink = regexp.MustCompile(`<a [^>]*id="back-to-lms" href="([^"]*)"`)

// backFrom returns the address of the link back on an error page; nil if there is none.
func backFrom(t *testing.T, w *httptest.ResponseRecorder) *url.URL {
	t.Helper()
	found := backLink.FindStringSubmatch(w.Body.String())
	if found == nil {
		return nil
	}
	u, err := url.Parse(html.UnescapeString(found[1]))
	must(t, err)
	return u
}

// TestWayBack makes Insigne fail after the LMS has identified the person. The page
// links back with a message, which the LMS shows. Nothing redirects there, and the
// address has no personal data.
func TestWayBack(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	for name, tt := range map[string]struct {
		change func(claims map[string]any)
		status int
		code   string
	}{
		"21 deployment": {func(c map[string]any) { c[ltiClaim+"deployment_id"] = "elsewhere" }, http.StatusBadRequest, string(lti.DeploymentPending)},
		"59 a learner places": {func(c map[string]any) {
			d.placing(c)
			c[ltiClaim+"roles"] = []string{membership + "#Learner"}
		}, http.StatusBadRequest, string(lti.RoleForbidden)},
		"placing outside a course": {func(c map[string]any) {
			d.placing(c)
			delete(c, ltiClaim+"context")
		}, http.StatusUnprocessableEntity, "no_course"},
	} {
		for _, language := range []string{"en", "fr"} {
			w := d.visitor().launched(t, 3, "?lang="+language, tt.change)
			back := backFrom(t, w)
			if w.Code != tt.status || w.Header().Get("Location") != "" || w.Header().Get("Refresh") != "" || back == nil {
				t.Fatalf("%s: %d, back to %v: %s", name, w.Code, back, said(w))
			}
			q := back.Query()
			if !strings.HasPrefix(back.String(), d.CampusURL+"/mod/lti/return.php?") || q.Get("sesskey") == "" {
				t.Errorf("%s: back to %s", name, back)
			}
			if message := q.Get("lti_errormsg"); message == "" || !strings.Contains(said(w), message) {
				t.Errorf("%s: the LMS gets %q, the page says %s", name, message, said(w))
			}
			if log := q.Get("lti_errorlog"); !strings.Contains(log, tt.code) || !strings.Contains(said(w), log[strings.LastIndex(log, " ")+1:]) {
				t.Errorf("%s: the log of the LMS gets %q", name, log)
			}
			for _, personal := range []string{"Briain", "example.org", "id_token", "state="} {
				if strings.Contains(back.String(), personal) {
					t.Errorf("%s: %s goes to the LMS: %s", name, personal, back)
				}
			}
			answer := httptest.NewRecorder()
			d.Campus.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, back.RequestURI(), nil))
			if answer.Code != http.StatusOK || !strings.Contains(said(answer), q.Get("lti_errormsg")) {
				t.Errorf("%s: the LMS shows %s", name, said(answer))
			}
		}
	}
}

// TestNoWayBack checks that there is no link to an address that the platform did not
// sign for this login, or that is not safe for browsers.
func TestNoWayBack(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	pending := func(back string) func(map[string]any) {
		return func(c map[string]any) {
			c[ltiClaim+"deployment_id"] = "elsewhere"
			c[ltiClaim+"launch_presentation"] = map[string]any{"return_url": back}
		}
	}
	for name, change := range map[string]func(map[string]any){
		"no address":     func(c map[string]any) { pending("")(c) },
		"a script":       pending("javascript:alert(1)"),
		"another host":   pending("https://evil.example/"),
		"without TLS":    pending("http://evil.example/"),
		"a stale answer": func(c map[string]any) { c["nonce"] = "another" },
	} {
		w := d.visitor().launched(t, 3, "", change)
		if back := backFrom(t, w); w.Code != http.StatusBadRequest || back != nil {
			t.Errorf("%s: %d, back to %v", name, w.Code, back)
		}
	}
	w := d.visitor().post(t, "/lti/launch", url.Values{"error": {"access_denied"}, "return_url": {"https://evil.example/"}})
	if back := backFrom(t, w); back != nil {
		t.Errorf("24: back to %v", back)
	}
}

// TestLoginOnAnotherHost uses an LMS whose login is on another host than its pages. Its
// pages may embed ours and get the answer of a deep linking request. No other pages
// may.
func TestLoginOnAnotherHost(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	must(t, d.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		reg, err := tx.Registration(t.Context(), lti.RegistrationID(d.platform(t)))
		if err != nil {
			return err
		}
		reg.AuthURL = "https://sso.example/authorize"
		_, err = tx.SavePlatform(t.Context(), reg, "", badges.ByPlatform)
		return err
	}))
	ancestors := func(w *httptest.ResponseRecorder) string {
		_, list, _ := strings.Cut(w.Header().Get("Content-Security-Policy"), "frame-ancestors ")
		return list
	}
	v := d.visitor()
	page := v.launchWith(t, 3, nil)
	if got, want := ancestors(v.get(t, page)), "'self' "+d.CampusURL+" https://sso.example"; got != want {
		t.Errorf("the course may be embedded by %s, want %s", got, want)
	}
	page = v.launchWith(t, 3, func(c map[string]any) { // with characters that separate policies
		d.placing(c)
		c["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"].(map[string]any)["deep_link_return_url"] = "https://sso.example/content;jsessionid=1,2?key=abc"
	})
	if got, want := ancestors(v.get(t, page)), "'self' "+d.CampusURL+" https://sso.example"; got != want {
		t.Errorf("the choice may be embedded by %s, want %s", got, want)
	}
	w := v.post(t, page, url.Values{"csrf": {v.csrf(t, page)}, "choice": {"course"}})
	policy := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "form-action https://sso.example/content%3Bjsessionid=1%2C2;") || !strings.Contains(w.Body.String(), `action="https://sso.example/content;jsessionid=1,2?key=abc"`) {
		t.Errorf("the answer goes to %s", policy)
	}
}
