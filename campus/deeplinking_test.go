package campus_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jws"
)

// selectContent goes through the launch of a teacher who wants to add an
// activity and returns what the tool is asked.
func (x tool) selectContent(t *testing.T, user string) map[string]any {
	t.Helper()
	fields := hiddenFields(x.get(t, "/mod/lti/contentitem.php?as="+user).body)
	q := url.Values{
		"scope": {"openid"}, "response_type": {"id_token"}, "response_mode": {"form_post"}, "prompt": {"none"},
		"client_id": {x.client}, "redirect_uri": {x.home + "/launch"}, "login_hint": {fields["login_hint"]},
		"lti_message_hint": {fields["lti_message_hint"]}, "state": {"a-state"}, "nonce": {"a-nonce"},
	}
	posted := hiddenFields(x.get(t, "/mod/lti/auth.php?"+q.Encode()).body)
	message, err := jws.Parse([]byte(posted["id_token"]))
	if err != nil {
		t.Fatalf("no id_token: %v", posted)
	}
	var claims map[string]any
	if err := json.Unmarshal(message.Payload(), &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestDeepLinkingRequest(t *testing.T) {
	x := newSite(t).newActiveTool(t)
	compareShapes(t, any(x.selectContent(t, "3")), recorded(t, "deeplink-2-request").IDToken.Payload, ".https://purl.imsglobal.org/spec/lti/claim/custom")
	if got := x.get(t, "/mod/lti/contentitem.php?as=6"); strings.Contains(got.body, "login_hint") {
		t.Error("a student may place content")
	}
}

func TestDeepLinkingAnswer(t *testing.T) {
	x := newSite(t).newActiveTool(t)
	const settings = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
	back, ok := x.selectContent(t, "3")[settings].(map[string]any)["deep_link_return_url"].(string)
	if !ok {
		t.Fatal("no return URL")
	}
	path := strings.TrimPrefix(back, x.url)
	claim := "https://purl.imsglobal.org/spec/lti/claim/"
	answer := func(change func(map[string]any)) answer {
		token := x.assertion(t, func(c map[string]any) {
			c["aud"], c["nonce"] = x.url, "n"
			delete(c, "sub")
			c[claim+"message_type"], c[claim+"version"], c[claim+"deployment_id"] = "LtiDeepLinkingResponse", "1.3.0", "2"
			c["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"] = []any{
				map[string]any{"type": "ltiResourceLink", "title": "Élève d’or", "custom": map[string]string{"badge": "b1"}},
				map[string]any{"type": "link", "url": "https://elsewhere.example"},
			}
			if change != nil {
				change(c)
			}
		})
		return x.post(t, path, url.Values{"JWT": {token}})
	}
	for name, change := range map[string]func(map[string]any){
		"wrong audience":   func(c map[string]any) { c["aud"] = "https://elsewhere.example" },
		"wrong issuer":     func(c map[string]any) { c["iss"] = "somebody" },
		"wrong deployment": func(c map[string]any) { c[claim+"deployment_id"] = "9" },
		"expired":          func(c map[string]any) { c["exp"] = x.clock().Add(-time.Minute).Unix() },
		"no nonce":         func(c map[string]any) { delete(c, "nonce") },
		"data":             func(c map[string]any) { c["https://purl.imsglobal.org/spec/lti-dl/claim/data"] = "x" },
	} {
		if got := answer(change); got.status != http.StatusNotFound {
			t.Errorf("%s: answered %d", name, got.status)
		}
	}
	if got := x.post(t, path, url.Values{"JWT": {x.assertion(t, nil) + "x"}}); got.status != http.StatusNotFound {
		t.Errorf("bad signature: answered %d", got.status)
	}
	if got := answer(nil); got.status != http.StatusOK || !strings.Contains(got.body, `id="placed"`) {
		t.Fatalf("a good answer: %d %s", got.status, got.body)
	}
	if got := x.get(t, "/course/2?as=6"); strings.Count(got.body, "Élève d’or") != 1 || strings.Contains(got.body, "elsewhere") {
		t.Errorf("the course shows %s", got.body)
	}
}
