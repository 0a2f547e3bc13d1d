package launch_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// attribute returns a data attribute on a page.
func attribute(a webtest.Answer, name string) string {
	found := regexp.MustCompile(`\s` + name + `="([^"]*)"`).FindStringSubmatch(a.Body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// loginInTab starts a login whose secret the tab keeps, and returns that secret.
func (s *site) loginInTab(t *testing.T) (v visit, proof string) {
	t.Helper()
	b := s.Anybody()
	form := initiation()
	form.Set("insigne_probe", "1")
	form.Set("lti_storage_target", "_parent")
	a := request(b, page.LoginPath, form, "same-origin")
	v = s.began(t, b, attribute(a, "data-next"))
	proof = attribute(a, "data-secret")
	if proof == "" || attribute(a, "data-name") != lti.CookieName(v.state) || attribute(a, "data-target") != "_parent" || attribute(a, "data-platform") != "https://login.example.org" {
		t.Fatalf("no secret for the tab: %s", a.Body)
	}
	if strings.Contains(attribute(a, "data-next"), proof) {
		t.Errorf("the platform gets the secret of the tab: %s", attribute(a, "data-next"))
	}
	return v, proof
}

// TestTabSession opens Insigne in a browser that keeps no cookies. The tab proves that
// it started the login, and the session lives in its page.
func TestTabSession(t *testing.T) {
	s := newSite(t)
	v, proof := s.loginInTab(t)
	asked := v.opens(t, nil)
	form := fields(asked)
	if asked.Status != http.StatusBadRequest || attribute(asked, "data-name") != lti.CookieName(v.state) ||
		attribute(asked, "data-target") != "_parent" || attribute(asked, "data-platform") != "https://login.example.org" {
		t.Fatalf("status %d: %s", asked.Status, asked.Body)
	}
	if !form.Has("proof") || form.Get("proof") != "" || form.Get("state") != v.state || strings.Contains(asked.Body, proof) || beginsSession(asked) {
		t.Errorf("the page asks with %v", form)
	}
	s.untouched(t) // nothing is used up yet

	form.Set("proof", proof)
	a := request(v.browser, page.LaunchPath, form, "same-origin")
	if a.Status != http.StatusOK || len(cookies(a)) > 0 || !strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'self' https://lms.example.org https://login.example.org") {
		t.Fatalf("status %d, %v: %s", a.Status, a.Header, a.Text())
	}
	var headers map[string]string
	if err := json.Unmarshal([]byte(attribute(a, "hx-headers")), &headers); err != nil {
		t.Fatal(err)
	}
	handle, opens, _ := strings.Cut(strings.TrimPrefix(attribute(a, "hx-get"), "/c/"), "/")
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set(page.TabHeader, headers[page.TabHeader])
	who, err := s.Gates.Sessions.Read(mux.SetURLVars(r, map[string]string{"session": handle}))
	if err != nil || who.User != "6" || opens != "mine" {
		t.Errorf("session of %q at %q, %v", who.User, opens, err)
	}
	if again := request(v.browser, page.LaunchPath, form, "same-origin"); code(again) != string(lti.StateUnknown) || beginsSession(again) {
		t.Errorf("the same again: status %d, %s", again.Status, again.Text())
	}
}

// TestProofFromElsewhere sends a proof from pages that are not ours. It could be an
// attacker's proof, which would sign the victim in as the attacker.
func TestProofFromElsewhere(t *testing.T) {
	s := newSite(t)
	v, proof := s.loginInTab(t)
	form := v.form(t, nil)
	form.Set("proof", proof)
	for _, from := range []string{"cross-site", "same-site", "none", ""} {
		t.Run("from "+from, func(t *testing.T) {
			a := request(s.Anybody(), page.LaunchPath, form, from)
			if a.Status != http.StatusBadRequest || code(a) != string(lti.BrowserMismatch) || beginsSession(a) {
				t.Errorf("status %d: %s", a.Status, a.Text())
			}
			s.untouched(t)
		})
	}
	for _, proof := range []string{"guessed", ""} {
		form.Set("proof", proof)
		a := request(s.Anybody(), page.LaunchPath, form, "same-origin")
		if a.Status != http.StatusBadRequest || code(a) != string(lti.BrowserMismatch) || beginsSession(a) {
			t.Errorf("with the proof %q: status %d, %s", proof, a.Status, a.Text())
		}
	}
	form.Set("proof", proof)
	if a := request(v.browser, page.LaunchPath, form, "same-origin"); a.Status != http.StatusOK || !beginsSession(a) {
		t.Errorf("from our own page: status %d, %s", a.Status, a.Text())
	}
}

// TestProofStorage checks that a proof is requested only from the frame that the login
// named. A state that we did not sign names no frame.
func TestProofStorage(t *testing.T) {
	a := request(newSite(t).Anybody(), page.LaunchPath, url.Values{"state": {"forged"}, "id_token": {"x"}, "lti_storage_target": {"evil"}}, "cross-site")
	if a.Status != http.StatusBadRequest || attribute(a, "data-target") != "" || attribute(a, "data-platform") != "" || !strings.Contains(a.Body, "data-prove-login") {
		t.Errorf("status %d: %s", a.Status, a.Body)
	}
}
