package campus_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// assertion returns a tool's client assertion; change can make it invalid.
func (x tool) assertion(t *testing.T, change func(claims map[string]any)) string {
	t.Helper()
	now := x.clock()
	claims := map[string]any{
		"iss": x.client, "sub": x.client, "aud": x.url + "/mod/lti/token.php", "jti": uuid.NewString(),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	if change != nil {
		change(claims)
	}
	return sign(t, claims, toolKID)
}

// sign returns a token signed with the tool's key, whatever key it names.
func sign(t *testing.T, claims map[string]any, kid string) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	headers := jws.NewHeaders()
	for name, value := range map[string]string{jws.KeyIDKey: kid, jws.TypeKey: "JWT"} {
		if err := headers.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	signed, err := jws.Sign(payload, jws.WithKey(jwa.RS256, toolKey(), jws.WithProtectedHeaders(headers)))
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

func (x tool) tokenRequest(assertion, scope string) url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion": {assertion}, "scope": {scope},
	}
}

// token returns an access token for the scope.
func (x tool) token(t *testing.T, scope string) string {
	t.Helper()
	got := x.post(t, "/mod/lti/token.php", x.tokenRequest(x.assertion(t, nil), scope))
	if got.status != http.StatusOK {
		t.Fatalf("access token: %d %s", got.status, got.body)
	}
	return got.json(t).(map[string]any)["access_token"].(string)
}

// TestAccessTokens replays recorded requests for an access token.
func TestAccessTokens(t *testing.T) {
	s := newSite(t)
	x := s.newActiveTool(t)
	unchanged := func(map[string]any) {}
	set := func(name string, value any) func(map[string]any) {
		return func(c map[string]any) { c[name] = value }
	}
	failures := recorded(t, "token-2-failures").Cases
	for name, change := range map[string]func(map[string]any){
		"aud_issuer":         set("aud", x.url),
		"expired":            set("exp", s.clock().Add(-time.Hour).Unix()),
		"sub_unknown_client": set("sub", "nobody"),
		"jti_first":          unchanged,
	} {
		want := failures[name].Response
		got := x.post(t, "/mod/lti/token.php", x.tokenRequest(x.assertion(t, change), "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"))
		if got.status != want.Status || got.header.Get("Content-Type") != want.mediaType() {
			t.Errorf("%s: answer is %d %s, want %d %s", name, got.status, got.body, want.Status, want.mediaType())
			continue
		}
		compareShapes(t, got.json(t), want.JSON)
	}
	// Here the campus is stricter than Moodle, as the specification requires (Security
	// Framework 1.0, section 4.1.1).
	for name, change := range map[string]func(map[string]any){
		"audience of another": set("aud", "https://elsewhere.example"),
		"no audience":         func(c map[string]any) { delete(c, "aud") },
		"no expiry":           func(c map[string]any) { delete(c, "exp") },
		"id used before":      set("jti", "once"),
		"other issuer":        set("iss", "somebody"),
	} {
		for try := range 2 {
			got := x.post(t, "/mod/lti/token.php", x.tokenRequest(x.assertion(t, change), allScopes))
			if first := name == "id used before" && try == 0; (got.status == http.StatusOK) != first {
				t.Errorf("%s: answer is %d %s", name, got.status, got.body)
			}
		}
	}
	for name, want := range recorded(t, "token-1-ok").Cases {
		if name == "scope_toolsetting" || name == "scope_basicoutcome" {
			continue // this tool did not request these scopes at registration
		}
		got := x.post(t, "/mod/lti/token.php", x.tokenRequest(x.assertion(t, nil), want.Request.Form["scope"]))
		if got.status != want.Response.Status || got.header.Get("Content-Type") != want.Response.mediaType() {
			t.Errorf("%s: answer is %d %s, want %d", name, got.status, got.body, want.Response.Status)
		}
	}
}

// recordedHost and recordedItem are the recorded site and its line item.
var (
	recordedHost = "http://127.0.0.1:8045"
	recordedItem = regexp.MustCompile(`/services\.php/2/lineitems/19/lineitem([a-z/]*)\?type_id=2`)
	recordedTool = strings.NewReplacer("type_id=2", "type_id=1", "bindings/2", "bindings/1")
)

// TestServices replays recorded calls of the roster and grade services. Later calls use
// what earlier calls created.
func TestServices(t *testing.T) {
	s := newSite(t)
	x := s.newActiveTool(t)
	all := x.token(t, allScopes)
	readOnly := x.token(t, "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly")
	item := ""
	for _, tt := range []struct {
		name, token string
		except      []string
	}{
		{"nrps-full", all, nil},
		{"nrps-page-1", all, nil},
		{"nrps-page-role", all, nil},
		{"nrps-rlid", all, []string{".members[].message"}},
		{"nrps-rlid-unknown", all, nil},
		{"nrps-missing-course", all, nil},
		{"nrps-no-token", "", nil},
		{"ags-lineitems-accept-any", all, nil},
		{"ags-lineitems-accept-json", all, nil},
		{"ags-lineitem-create-json", all, nil},
		{"ags-lineitem-create-no-label", all, nil},
		{"ags-lineitem-create-foreign-link", all, nil},
		{"ags-lineitem-create-readonly-scope", readOnly, nil},
		{"ags-lineitem-create", all, nil},
		{"ags-lineitem-get", all, nil},
		{"ags-lineitem-put", all, nil},
		{"ags-lineitems", all, []string{"[].submissionReview"}},
		{"ags-lineitems-paged", all, nil},
		{"ags-score-bad-timestamp", all, nil},
		{"ags-score-content-type-json", all, nil},
		{"ags-score-wrong-scope", readOnly, nil},
		{"ags-score-full", all, nil},
		{"ags-score-same-timestamp", all, nil},
		{"ags-scores-get", all, nil},
		{"ags-results", all, []string{"[].comment"}},
		{"ags-foreign-grade-item", all, nil},
	} {
		r := recorded(t, tt.name)
		address := strings.TrimPrefix(r.Request.URL, recordedHost)
		if m := recordedItem.FindStringSubmatch(address); m != nil {
			address = strings.Replace(item, "/lineitem?", "/lineitem"+m[1]+"?", 1)
		}
		headers := []string{}
		for name, value := range r.Request.Headers {
			if name != "authorization" {
				headers = append(headers, name, value)
			}
		}
		if tt.token != "" {
			headers = append(headers, "Authorization", "Bearer "+tt.token)
		}
		got := s.send(t, r.Request.Method, recordedTool.Replace(address), string(r.Request.JSON), headers...)
		if got.status != r.Response.Status || got.header.Get("Content-Type") != r.Response.mediaType() {
			t.Errorf("%s: answer is %d %s %s, want %d %s", tt.name, got.status, got.header.Get("Content-Type"), got.body, r.Response.Status, r.Response.mediaType())
			continue
		}
		if r.Response.JSON != nil {
			t.Run(tt.name, func(t *testing.T) { compareShapes(t, got.json(t), r.Response.JSON, tt.except...) })
		}
		if tt.name == "ags-lineitem-create" {
			item = strings.TrimPrefix(got.json(t).(map[string]any)["id"].(string), s.url)
		}
	}
}
