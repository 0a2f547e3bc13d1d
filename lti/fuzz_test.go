package lti_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

func unsegment(t testing.TB, s string) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// refused fails the test unless the error is nil or an *Error: other errors would be
// defects of the tool.
func refused(t *testing.T, err error) {
	t.Helper()
	if err != nil && lti.ReasonOf(err) == "" {
		t.Errorf("error = %v, want a reason", err)
	}
}

// FuzzToken makes the platform sign any text, and posts any text as a token.
func FuzzToken(f *testing.F) {
	recorded := read(f, "launch-student-2-launch")
	parts := strings.Split(recorded.Request.Form["id_token"], ".")
	f.Add(unsegment(f, parts[0]), unsegment(f, parts[1]))
	f.Add(`{"alg":"RS256","kid":"key-1"}`, `{"sub":1}`)
	f.Add(`{"alg":"RS256","kid":"key-1","crit":[]}`, `[[[`)
	f.Add("{}", "\xff")
	keys := recordedResponse{Status: http.StatusOK, JSON: []byte(`{"keys":[` + encodeKey(f) + `]}`)}
	f.Fuzz(func(t *testing.T, header, payload string) {
		c := &clock{now: time.Unix(1_795_428_362, 0)}
		tool, store := recordedTool(t, c, replay{"GET /mod/lti/certs.php": keys})
		for _, token := range []string{
			sign(t, platformKey(), header, payload),
			sign(t, platformKey(), `{"alg":"RS256","kid":"key-1"}`, payload),
			header + "." + payload + ".x", header,
		} {
			state, err := tool.Begin("moodle", recorded.Token.Payload.Nonce, "cookie", c.Now().Unix())
			if err != nil {
				t.Fatal(err)
			}
			clear(store.used)
			l, err := launch(t.Context(), tool, store, lti.LaunchRequest{IDToken: token, State: state, Cookie: func(string) string { return "cookie" }})
			refused(t, err)
			if err == nil && (l.User == "" || strings.ContainsRune(l.User, 0) || l.ResourceLink.ID == "" || l.Roles == nil || l.Target != "/launch") {
				t.Errorf("accepted %+v", l)
			}
			if err != nil && l.User != "" {
				t.Error("a refused launch came back")
			}
		}
	})
}

func encodeKey(f *testing.F) string {
	key := publicKey("key-1", platformKey())
	n, _ := key["n"].(string)
	e, _ := key["e"].(string)
	f.Helper()
	return `{"kty":"RSA","kid":"key-1","n":"` + n + `","e":"` + e + `"}`
}

// FuzzLogin sends any parameters. An accepted login leads to the platform and back to
// the tool.
func FuzzLogin(f *testing.F) {
	f.Add("iss=http%3A%2F%2F127.0.0.1%3A8045&target_link_uri=http%3A%2F%2Flocalhost%3A9245%2Flaunch&login_hint=6&client_id=qaUD1CEsy0nd7Zu")
	f.Add("iss=http%3A%2F%2F127.0.0.1%3A8045&target_link_uri=%2F%2Fevil&login_hint=6")
	f.Add("iss=&login_hint=%00")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		tool, _ := recordedTool(t, &clock{}, nil)
		redirect, err := tool.Login(t.Context(), lti.ParseLoginRequest(values))
		refused(t, err)
		if err != nil {
			return
		}
		u, err := url.Parse(redirect.URL)
		if err != nil || u.Host != "127.0.0.1:8045" || u.Query().Get("redirect_uri") != "http://localhost:9245/launch" {
			t.Errorf("redirect to %q", redirect.URL)
		}
		if target := tool.TargetOf(u.Query().Get("state")); target != "/launch" && target != "/badge" {
			t.Errorf("target %q", target)
		}
	})
}

// FuzzRegistration makes the platform answer with any text.
func FuzzRegistration(f *testing.F) {
	f.Add(string(read(f, "dynreg-02-openid-configuration").Response.JSON), string(read(f, "dynreg-03-registration").Response.JSON), http.StatusOK)
	f.Add(`{"issuer":1}`, ``, http.StatusOK)
	f.Add(string(read(f, "dynreg-02-openid-configuration").Response.JSON), "token_already_used", http.StatusUnauthorized)
	f.Fuzz(func(t *testing.T, configuration, answer string, status int) {
		tool, _ := recordedTool(t, &clock{}, replay{
			"GET /mod/lti/openid-configuration.php": {Status: http.StatusOK, Body: configuration},
			"POST /mod/lti/openid-registration.php": {Status: status, Body: answer},
		})
		got, err := tool.Register(t.Context(), lti.RegisterRequest{ConfigurationURL: moodle + "/mod/lti/openid-configuration.php"})
		refused(t, err)
		if e := (&lti.Error{}); errors.As(err, &e) && strings.ContainsAny(e.Detail, "\r\n") {
			t.Errorf("detail %q is more than one line", e.Detail)
		}
		if err != nil {
			return
		}
		issuer, err := url.Parse(got.Registration.Issuer)
		if err != nil || issuer.Host != "127.0.0.1:8045" || issuer.User != nil || got.Registration.ClientID == "" {
			t.Errorf("registered %+v", got)
		}
	})
}
