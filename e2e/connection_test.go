package e2e_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/lti"
)

// TestDeploymentIsApproved launches from a deployment that is not approved (case 21).
func TestDeploymentIsApproved(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	elsewhere := func(c map[string]any) { c[ltiClaim+"deployment_id"] = "elsewhere" }
	open := func() (int, string) {
		v := d.visitor()
		nonce, state := v.login(t, 3)
		token, err := d.Campus.MintLaunch(v.client(t), 3, nonce, elsewhere)
		must(t, err)
		w := v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {state}})
		return w.Code, said(w)
	}
	if code, text := open(); code != http.StatusBadRequest || !strings.Contains(text, "deployment_pending") {
		t.Errorf("pending: %d %s", code, text)
	}
	admin := d.admin(t)
	page := "/admin/platforms/" + string(d.platform(t))
	if !strings.Contains(said(admin.get(t, page)), "elsewhere") {
		t.Error("the administrator does not see the deployment")
	}
	decide := func(decision string) {
		t.Helper()
		w := admin.post(t, page+"/deployments", url.Values{"csrf": {admin.csrf(t, page)}, "deployment": {"elsewhere"}, "decision": {decision}})
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", decision, w.Code, said(w))
		}
	}
	decide("approve")
	if code, text := open(); code != http.StatusSeeOther {
		t.Errorf("approved: %d %s", code, text)
	}
	decide("refuse")
	if code, _ := open(); code != http.StatusBadRequest {
		t.Errorf("refused: %d", code)
	}
	stranger := d.visitor()
	stranger.get(t, "/lti/login?"+url.Values{"iss": {"https://unregistered.example"}, "client_id": {"abc"}, "login_hint": {"1"}, "target_link_uri": {d.url + "/lti/launch"}}.Encode())
	text := said(admin.get(t, "/admin/diagnosis"))
	for _, want := range []string{
		"Services offered: list of participants, gradebook columns, sending grades, reading grades",
		"https://unregistered.example", string(lti.RegistrationUnknown), "register the platform again",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the diagnosis does not say %q: %s", want, text)
		}
	}
	if !strings.Contains(text, "deployment_pending") || !strings.Contains(text, "Approve the deployment") || strings.Contains(text, "Zoë") {
		t.Errorf("the diagnosis says %s", text)
	}
}

// TestConnectByHand adds a platform by hand.
func TestConnectByHand(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	admin := d.admin(t)
	good := func() url.Values {
		return url.Values{
			"csrf": {admin.csrf(t, "/admin/tool")}, "name": {"Canvas"}, "issuer": {"https://canvas.example"}, "client_id": {"10000000000001"},
			"auth_url": {"https://canvas.example/api/lti/authorize_redirect"}, "token_url": {"https://canvas.example/login/oauth2/token"},
			"keys_url": {"https://canvas.example/api/lti/security/jwks"},
		}
	}
	for field, value := range map[string]string{
		"issuer": "canvas", "client_id": "", "auth_url": "javascript:alert(1)", "token_url": "http://canvas.example/token", "keys_url": "https://user:pw@canvas.example",
	} {
		form := good()
		form.Set(field, value)
		if w := admin.post(t, "/admin/tool/platforms", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Canvas") {
			t.Errorf("%s = %q: %d, want the form again", field, value, w.Code)
		}
	}
	w := admin.post(t, "/admin/tool/platforms", good())
	if w.Code != http.StatusSeeOther || !strings.Contains(said(admin.get(t, w.Header().Get("Location"))), "10000000000001") {
		t.Errorf("saving: %d %s", w.Code, said(w))
	}
	if text := said(admin.get(t, w.Header().Get("Location")+"/arrival")); !strings.Contains(text, "Waiting for the first launch") {
		t.Errorf("before anybody opened it: %s", text)
	}
	v := d.visitor()
	v.launch(t, 3)
	if text := said(admin.get(t, "/admin/platforms/"+string(d.platformOf(t, d.CampusURL))+"/arrival")); !strings.Contains(text, "was opened from this platform") {
		t.Errorf("after the first launch: %s", text)
	}
	if w := admin.post(t, "/admin/tool/platforms", good()); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("the same client again: %d", w.Code)
	}
}

// TestInvitations revokes an invitation, and registers a platform again with another
// one (case 88).
func TestInvitations(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	admin := d.admin(t)
	invite := func() string {
		t.Helper()
		w := admin.post(t, "/admin/invitations", url.Values{"csrf": {admin.csrf(t, "/admin")}})
		found := regexp.MustCompile(`/lti/register\?invite=([\w-]+)`).FindStringSubmatch(w.Body.String())
		if found == nil {
			t.Fatalf("no invitation: %d", w.Code)
		}
		return found[1]
	}
	register := func(token string, more url.Values) (int, string) {
		t.Helper()
		configuration, registration, err := d.Campus.RegistrationInvite()
		must(t, err)
		form := url.Values{"invite": {token}, "openid_configuration": {configuration}, "registration_token": {registration}}
		for name, values := range more {
			form[name] = values
		}
		w := d.visitor().post(t, "/lti/register", form)
		return w.Code, said(w)
	}
	revoked := invite()
	hash := regexp.MustCompile(`name="invitation" value="([0-9a-f]+)"`).FindStringSubmatch(admin.get(t, "/admin").Body.String())
	if hash == nil {
		t.Fatal("the open invitation is not listed")
	}
	admin.post(t, "/admin/invitations/revoke", url.Values{"csrf": {admin.csrf(t, "/admin")}, "invitation": {hash[1]}})
	again := url.Values{"again": {"1"}}
	if code, text := register(revoked, again); code != http.StatusGone {
		t.Errorf("a revoked invitation: %d %s", code, text)
	}
	token := invite()
	if code, text := register(token, nil); code != http.StatusConflict {
		t.Errorf("without confirmation: %d %s", code, text)
	}
	if code, text := register(token, again); code != http.StatusOK {
		t.Errorf("with confirmation: %d %s", code, text)
	}
	if code, _ := register(token, again); code != http.StatusGone {
		t.Errorf("the invitation again: %d", code)
	}
}

// TestAnonymousRegistration checks that nothing is fetched or written without an
// invitation.
func TestAnonymousRegistration(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	before := d.platform(t)
	canary := d.CampusURL + "/mod/lti/openid-configuration.php?canary"
	for _, invite := range []string{"", "made-up", strings.Repeat("x", 4000)} {
		w := d.visitor().post(t, "/lti/register", url.Values{"invite": {invite}, "openid_configuration": {canary}, "again": {"1"}})
		if w.Code != http.StatusGone {
			t.Errorf("invitation %.10q: %d", invite, w.Code)
		}
	}
	if platforms, err := d.App.Store().Platforms(t.Context()); err != nil || len(platforms) != 1 || platforms[0].ID != before {
		t.Errorf("platforms = %v, %v", platforms, err)
	}
}
