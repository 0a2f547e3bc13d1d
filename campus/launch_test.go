package campus_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The documents that the platform publishes have the form of Moodle's.
func TestDocuments(t *testing.T) {
	s := newSite(t)
	for name, path := range map[string]string{
		"dynreg-02-openid-configuration": "/mod/lti/openid-configuration.php",
		"platform-jwks":                  "/mod/lti/certs.php",
	} {
		want := recorded(t, name).Response
		got := s.get(t, path)
		if got.status != want.Status || got.header.Get("Content-Type") != want.mediaType() {
			t.Errorf("%s: answer is %d %s, want %d %s", name, got.status, got.header.Get("Content-Type"), want.Status, want.mediaType())
		}
		t.Run(name, func(t *testing.T) { compareShapes(t, got.json(t), want.JSON) })
	}
}

// The claims of a launch have the form of Moodle's, for each role.
func TestLaunchClaims(t *testing.T) {
	s := newSite(t)
	x := s.newActiveTool(t)
	for name, user := range map[string]int64{"launch-student-2-launch": 6, "launch-teacher-2-launch": 3, "launch-admin-2-launch": 2} {
		t.Run(name, func(t *testing.T) {
			claims, err := s.LaunchClaims(x.client, user, "a-nonce")
			if err != nil {
				t.Fatal(err)
			}
			raw, err := json.Marshal(claims)
			if err != nil {
				t.Fatal(err)
			}
			var got any
			if err := json.Unmarshal(raw, &got); err != nil {
				t.Fatal(err)
			}
			// The custom values depend on the tool's registration.
			compareShapes(t, got, recorded(t, name).IDToken.Payload, ".https://purl.imsglobal.org/spec/lti/claim/custom")
		})
	}
}

// TestAuthorisationRefused sends authentication requests that Moodle refuses.
func TestAuthorisationRefused(t *testing.T) {
	s := newSite(t)
	x := s.newActiveTool(t)
	good := func() url.Values {
		hint := s.get(t, "/mod/lti/launch.php?id=18&as=6")
		fields := hiddenFields(hint.body)
		return url.Values{
			"scope": {"openid"}, "response_type": {"id_token"}, "response_mode": {"form_post"}, "prompt": {"none"},
			"client_id": {x.client}, "redirect_uri": {x.home + "/launch"}, "login_hint": {fields["login_hint"]},
			"lti_message_hint": {fields["lti_message_hint"]}, "state": {"a-state"}, "nonce": {"a-nonce"},
		}
	}
	if got := s.get(t, "/mod/lti/auth.php?"+good().Encode()); got.status != http.StatusOK || !strings.Contains(got.body, `name="id_token"`) {
		t.Fatalf("a good request is answered %d %s", got.status, got.body)
	}
	for name, change := range map[string]func(url.Values){
		"wrong_client_id":           func(q url.Values) { q.Set("client_id", "nosuchclient") },
		"missing_nonce":             func(q url.Values) { q.Del("nonce") },
		"response_mode_query":       func(q url.Values) { q.Set("response_mode", "query") },
		"missing_response_mode":     func(q url.Values) { q.Del("response_mode") },
		"prompt_login":              func(q url.Values) { q.Set("prompt", "login") },
		"scope_profile":             func(q url.Values) { q.Set("scope", "openid profile") },
		"response_type_code":        func(q url.Values) { q.Set("response_type", "code") },
		"login_hint_of_other_user":  func(q url.Values) { q.Set("login_hint", "2") },
		"unregistered_redirect_uri": func(q url.Values) { q.Set("redirect_uri", x.home+"/other") },
		"garbage_lti_message_hint":  func(q url.Values) { q.Set("lti_message_hint", "xyz") },
	} {
		q := good()
		change(q)
		if got := s.get(t, "/mod/lti/auth.php?"+q.Encode()); strings.Contains(got.body, `name="id_token"`) {
			t.Errorf("%s: a token is sent", name)
		}
	}
	q := good()
	for use := range 2 {
		got := s.get(t, "/mod/lti/auth.php?"+q.Encode())
		if sent := strings.Contains(got.body, `name="id_token"`); sent != (use == 0) {
			t.Errorf("use %d of a request: token sent = %v", use+1, sent)
		}
	}
}

var hiddenField = regexp.MustCompile(`<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"`)

// hiddenFields returns the fields of a form that submits itself.
func hiddenFields(page string) map[string]string {
	fields := map[string]string{}
	for _, m := range hiddenField.FindAllStringSubmatch(page, -1) {
		fields[m[1]] = html.UnescapeString(m[2])
	}
	return fields
}
