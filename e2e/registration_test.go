package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
)

// registrar is an LMS that answers dynamic registration. A test can change its answers.
type registrar struct {
	*httptest.Server
	configuration map[string]any
	status        int
	answer        string
	posted        atomic.Int32
}

func newRegistrar(t *testing.T) *registrar {
	t.Helper()
	r := &registrar{status: http.StatusOK, answer: `{"client_id":"new","https://purl.imsglobal.org/spec/lti-tool-configuration":{"deployment_id":"1"}}`}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodGet {
			_ = json.NewEncoder(w).Encode(r.configuration) // a reader that has left fails the test itself
			return
		}
		r.posted.Add(1)
		w.WriteHeader(r.status)
		_, _ = w.Write([]byte(r.answer))
	}))
	t.Cleanup(r.Close)
	r.configuration = map[string]any{
		"issuer": r.URL, "authorization_endpoint": r.URL + "/auth", "token_endpoint": r.URL + "/token",
		"jwks_uri": r.URL + "/keys", "registration_endpoint": r.URL + "/register",
	}
	return r
}

// invite returns a registration address, made in the administrator's console.
func (d *demo) invite(t *testing.T) string {
	t.Helper()
	token, err := d.App.InvitationToken(t.Context())
	must(t, err)
	return token
}

// TestRegistrationIsTold registers at platforms that do not follow the standard. The
// administrator reads why in both languages, nothing is written, and the invitation can
// be used again (cases 82 to 89).
func TestRegistrationIsTold(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	pages, err := templates.Load()
	must(t, err)
	for name, tt := range map[string]struct {
		change func(r *registrar, form url.Values)
		reason lti.Reason
		says   [2]string
		posted int32
	}{
		"84 address":        {func(_ *registrar, form url.Values) { form.Set("openid_configuration", "http://lms.example/") }, lti.ConfigurationAddress, [2]string{"https", "https"}, 0},
		"84 script":         {func(_ *registrar, form url.Values) { form.Set("openid_configuration", "javascript:alert(1)") }, lti.ConfigurationAddress, [2]string{"https", "https"}, 0},
		"unreachable":       {func(r *registrar, _ url.Values) { r.Close() }, lti.ConfigurationFailed, [2]string{"reachable", "joignable"}, 0},
		"incomplete":        {func(r *registrar, _ url.Values) { delete(r.configuration, "jwks_uri") }, lti.ConfigurationInvalid, [2]string{}, 0},
		"83 foreign issuer": {func(r *registrar, _ url.Values) { r.configuration["issuer"] = "https://lms.example" }, lti.IssuerForeign, [2]string{}, 0},
		"refused":           {func(r *registrar, _ url.Values) { r.status, r.answer = http.StatusForbidden, "no" }, lti.RegistrationRefused, [2]string{}, 1},
		"redirected":        {func(r *registrar, _ url.Values) { r.status = http.StatusFound }, lti.RegistrationRefused, [2]string{}, 1},
		"no answer":         {func(r *registrar, _ url.Values) { r.answer = "<html>" }, lti.RegistrationAnswer, [2]string{}, 1},
		"89 token used":     {func(r *registrar, _ url.Values) { r.status, r.answer = http.StatusUnauthorized, "token_already_used" }, lti.RegistrationToken, [2]string{"Start it again in your LMS", "Recommencez"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			for i, language := range []string{"en", "fr"} {
				r := newRegistrar(t)
				form := url.Values{"invite": {d.invite(t)}, "openid_configuration": {r.URL}, "registration_token": {"t0ken"}}
				tt.change(r, form)
				before := d.rows(t)
				w := d.visitor().post(t, "/lti/register?lang="+language, form)
				locale, text := pages.Locale(language), said(w)
				if w.Code != http.StatusBadRequest || r.posted.Load() != tt.posted {
					t.Errorf("answered %d after %d registrations, want 400 after %d", w.Code, r.posted.Load(), tt.posted)
				}
				for _, want := range []string{locale.T(tt.reason.Key(), nil), locale.T("problem.code", nil) + " " + string(tt.reason), tt.says[i]} {
					if !strings.Contains(text, plain(want)) {
						t.Errorf("the page does not say %q: %s", want, text)
					}
				}
				if strings.Contains(text, "t0ken") || strings.Contains(text, "token_already_used") {
					t.Errorf("the page repeats what the platform said: %s", text)
				}
				if c := changed(before, d.rows(t)); !c.nothing() {
					t.Errorf("a refused registration changes %s", c)
				}
				good := newRegistrar(t)
				form.Set("openid_configuration", good.URL)
				if w := d.visitor().post(t, "/lti/register", form); w.Code != http.StatusOK {
					t.Errorf("the same invitation, after the platform works: %d %s", w.Code, said(w))
				}
			}
		})
	}
}

// TestRegistrationPages reads the pages before and after a registration in both
// languages: the question, the note that the LMS must still activate the tool, and the
// button that closes the window (cases 87 and 88).
func TestRegistrationPages(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	pages, err := templates.Load()
	must(t, err)
	for language, words := range map[string][]string{"en": {"Activate", "Register it again all the same"}, "fr": {"Activer", "L’enregistrer à nouveau malgré tout"}} {
		locale, r := pages.Locale(language), newRegistrar(t)
		query := url.Values{"invite": {d.invite(t)}, "openid_configuration": {r.URL + "/configuration"}, "registration_token": {"a&b=c"}, "lang": {language}}
		host := strings.TrimPrefix(r.URL, "http://")
		asked := d.visitor().get(t, "/lti/register?"+query.Encode())
		if !strings.Contains(said(asked), plain(locale.T("register.text", map[string]any{"Host": host}))) || r.posted.Load() != 0 {
			t.Errorf("%s: asking says %s", language, said(asked))
		}
		if form := hidden(asked); form.Get("registration_token") != "a&b=c" || form.Get("openid_configuration") != query.Get("openid_configuration") || strings.Contains(asked.Body.String(), `id="register-again"`) {
			t.Errorf("%s: the form sends %v", language, form)
		}
		done := d.visitor().post(t, "/lti/register?lang="+language, hidden(asked))
		if text := said(done); done.Code != http.StatusOK || !strings.Contains(text, words[0]) || !strings.Contains(done.Body.String(), "data-lti-close") || strings.Contains(done.Body.String(), "a&amp;b") {
			t.Errorf("%s: success is answered %d: %s", language, done.Code, text)
		}
		query.Set("invite", d.invite(t))
		again := d.visitor().get(t, "/lti/register?"+query.Encode())
		if !strings.Contains(said(again), words[1]) {
			t.Errorf("%s: asking again says %s", language, said(again))
		}
		before := d.rows(t)
		if w := d.visitor().post(t, "/lti/register?lang="+language, hidden(again)); w.Code != http.StatusConflict || !strings.Contains(said(w), plain(locale.T("problem.register_again", nil))) || !changed(before, d.rows(t)).nothing() {
			t.Errorf("%s: again without confirmation is answered %d: %s", language, w.Code, said(w))
		}
		for invite, want := range map[string]int{"made-up": http.StatusGone, "": http.StatusGone} {
			query.Set("invite", invite)
			if w := d.visitor().get(t, "/lti/register?"+query.Encode()); w.Code != want || !strings.Contains(said(w), plain(locale.T("problem.invitation_used", nil))) {
				t.Errorf("%s: invitation %q is answered %d: %s", language, invite, w.Code, said(w))
			}
		}
		if w := d.visitor().get(t, "/lti/register?lang="+language+"&invite="+d.invite(t)); w.Code != http.StatusUnprocessableEntity || !strings.Contains(said(w), plain(locale.T("problem.registration_parameters", nil))) {
			t.Errorf("%s: opened by hand it is answered %d: %s", language, w.Code, said(w))
		}
	}
	script := d.visitor().get(t, pages.Asset("app.js")).Body.String()
	if !strings.Contains(script, `subject: "org.imsglobal.lti.close"`) || !strings.Contains(script, "data-lti-close") {
		t.Error("the script does not tell the LMS to close the window")
	}
}
