package campus_test

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/campus"
)

const (
	claim     = "https://purl.imsglobal.org/spec/lti/claim/"
	dlClaim   = "https://purl.imsglobal.org/spec/lti-dl/claim/"
	agsClaim  = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
	addsAsked = "/mod/lti/contentitem.php?id=2&course=2&as=3"
)

// launched is a launch as the tool receives it.
type launched struct {
	login  map[string]string
	claims map[string]any
}

// open follows a launch from a page of the campus to the id_token.
func (x tool) open(t *testing.T, path string) launched {
	t.Helper()
	page := x.get(t, path)
	l := launched{login: hiddenFields(page.body)}
	if page.status != http.StatusOK || l.login["lti_message_hint"] == "" {
		t.Fatalf("%s: answer is %d %s", path, page.status, page.body)
	}
	q := url.Values{
		"scope": {"openid"}, "response_type": {"id_token"}, "response_mode": {"form_post"}, "client_id": {x.client},
		"redirect_uri": {x.home + "/launch"}, "login_hint": {l.login["login_hint"]}, "lti_message_hint": {l.login["lti_message_hint"]},
		"state": {"a-state"}, "nonce": {"a-nonce"},
	}
	token := hiddenFields(x.get(t, "/mod/lti/auth.php?"+q.Encode()).body)["id_token"]
	l.claims = tokenClaims(t, token)
	return l
}

// tokenClaims reads a token without checking its signature.
func tokenClaims(t *testing.T, token string) (claims map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("no token, but %q", token)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

// returnPath returns the path to which the tool sends the content for course 2.
func (x tool) returnPath(t *testing.T) string {
	t.Helper()
	settings := x.open(t, addsAsked).claims[dlClaim+"deep_linking_settings"].(map[string]any)
	return strings.TrimPrefix(settings["deep_link_return_url"].(string), x.url)
}

// ours replaces the recorded addresses by those of this campus and tool. No test sends
// a request to the real example.org.
func (x tool) ours(recorded string) string {
	return strings.NewReplacer(recordedHost, x.url, "http://localhost:9245", x.home, "https://example.org", x.home).Replace(recorded)
}

// recordedContent returns a recorded answer with the names and times of this campus.
func (x tool) recordedContent(t *testing.T, r recording) map[string]any {
	t.Helper()
	raw, err := json.Marshal(r.Request.JWT.Payload)
	if err != nil {
		t.Fatal(err)
	}
	var payload map[string]any
	if err := json.Unmarshal([]byte(x.ours(string(raw))), &payload); err != nil {
		t.Fatal(err)
	}
	payload["iss"], payload["nonce"] = x.client, uuid.NewString()
	payload["iat"], payload["exp"] = x.clock().Unix(), x.clock().Add(5*time.Minute).Unix()
	return payload
}

// added returns the activities that deep linking made.
func (s *site) added() []campus.Activity {
	return slices.DeleteFunc(s.Activities(2), func(a campus.Activity) bool { return a.CMID <= campus.ToolCMID })
}

// The deep linking request has the form of Moodle's.
func TestDeepLinkingRequest(t *testing.T) {
	s := newSite(t)
	x := s.newActiveTool(t)
	got := x.open(t, addsAsked)
	want := recorded(t, "deeplink-1-login-initiation").Request.Form
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got.login))); diff != "" {
		t.Errorf("login initiation (-want +got):\n%s", diff)
	}
	if got.login["target_link_uri"] != x.home+"/dl" || strings.Contains(got.login["lti_message_hint"], "cmid") {
		t.Errorf("login initiation is %v", got.login)
	}
	// The recorded request has an empty line item because of the probe's own parameter
	// names.
	payload := recorded(t, "deeplink-2-request").IDToken.Payload
	compareShapes(t, got.claims, payload, "."+claim+"custom", "."+agsClaim+".lineitem")
	settings := got.claims[dlClaim+"deep_linking_settings"].(map[string]any)
	wanted := payload.(map[string]any)[dlClaim+"deep_linking_settings"].(map[string]any)
	for _, same := range []string{"accept_types", "accept_presentation_document_targets", "accept_multiple", "accept_copy_advice", "text"} {
		if diff := cmp.Diff(wanted[same], settings[same]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", same, diff)
		}
	}
}

// The recorded answers of a tool give the content of Moodle's form. As recorded,
// another audience or deployment and another type of item are accepted.
func TestDeepLinkingAnswers(t *testing.T) {
	for name, activities := range map[string]int{
		"one-item": 1, "one-item-no-url-no-lineitem": 1, "link-type": 1, "wrong-audience": 1, "wrong-deployment": 1,
		"two-items": 2, "empty": 0, "error": 0, "bad-signature": 0,
	} {
		t.Run(name, func(t *testing.T) {
			x := newSite(t).newActiveTool(t)
			r := recorded(t, "deeplink-3-response-"+name)
			kid := toolKID
			if name == "bad-signature" {
				kid = "unpublished"
			}
			got := x.post(t, x.returnPath(t), url.Values{"JWT": {sign(t, x.recordedContent(t, r), kid)}})
			if body := html.UnescapeString(got.body); got.status != r.Response.Status || !strings.Contains(body, html.UnescapeString(r.Response.Error)) {
				t.Errorf("answer is %d %s, want %d %s", got.status, got.body, r.Response.Status, r.Response.Error)
			}
			added := x.added()
			if len(added) != activities {
				t.Fatalf("activities = %+v, want %d", added, activities)
			}
			if activities == 1 {
				x.compareForm(t, added[0], r.Form)
			}
		})
	}
}

// compareForm compares a launch and a line item with the values in Moodle's form.
func (x tool) compareForm(t *testing.T, a campus.Activity, form map[string]any) {
	t.Helper()
	l := x.open(t, "/mod/lti/launch.php?as=6&id="+number(a.CMID))
	link := l.claims[claim+"resource_link"].(map[string]any)
	if link["title"] != form["name"] || link["description"] != form["introeditor[text]"] || a.Name != form["name"] {
		t.Errorf("link is %v, want %v", link, form["name"])
	}
	target := x.ours(form["toolurl"].(string))
	if target == "" {
		target = x.home + "/launch"
	}
	if l.login["target_link_uri"] != target || l.claims[claim+"target_link_uri"] != target {
		t.Errorf("target is %s, want %s", l.login["target_link_uri"], target)
	}
	custom := l.claims[claim+"custom"].(map[string]any)
	for line := range strings.Lines(form["instructorcustomparameters"].(string)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if want := strings.Replace(value, "$Context.id", "2", 1); custom[name] != want {
			t.Errorf("custom parameter %s is %v, want %s", name, custom[name], want)
		}
	}
	address, has := l.claims[agsClaim].(map[string]any)["lineitem"].(string)
	if has != form["instructorchoiceacceptgrades"] {
		t.Fatalf("line item: %q, wanted %v", address, form["instructorchoiceacceptgrades"])
	}
	if !has {
		return
	}
	item := x.get(t, strings.TrimPrefix(address, x.url), "Authorization", "Bearer "+x.token(t, allScopes), "Accept", "application/vnd.ims.lis.v2.lineitem+json").json(t)
	want := map[string]any{
		"id": address, "label": form["name"], "scoreMaximum": 40.0, "resourceId": form["lineitemresourceid"], "tag": form["lineitemtag"],
		"resourceLinkId": link["id"], "ltiLinkId": link["id"],
		"submissionReview": map[string]any{
			"url": x.ours(form["lineitemsubreviewurl"].(string)), "custom": map[string]any{"rev": "1"},
		},
	}
	if diff := cmp.Diff(want, item); diff != "" {
		t.Errorf("line item (-want +got):\n%s", diff)
	}
}

// The launch of a link made by deep linking has the form of Moodle's.
func TestDeepLinkedLaunch(t *testing.T) {
	x := newSite(t).newActiveTool(t)
	content := x.recordedContent(t, recorded(t, "deeplink-3-response-one-item"))
	x.post(t, x.returnPath(t), url.Values{"JWT": {sign(t, content, toolKID)}})
	a := x.added()[0]
	got := x.open(t, "/mod/lti/launch.php?as=6&id="+number(a.CMID))
	compareShapes(t, got.claims, recorded(t, "launch-student-deeplinked-2-launch").IDToken.Payload, "."+claim+"custom")
	if id := got.claims[claim+"resource_link"].(map[string]any)["id"]; id == number(a.CMID) || id == "1" {
		t.Errorf("resource link id is %v, activity %d", id, a.CMID)
	}
	if custom := got.claims[claim+"custom"].(map[string]any); custom["badge_id"] != "b-1" || custom["context_id"] != "2" {
		t.Errorf("custom parameters are %v", custom)
	}
	page := x.get(t, "/course/2?as=6")
	if !strings.Contains(page.body, "/mod/lti/view.php?id="+number(a.CMID)+"&amp;as=6") || !strings.Contains(page.body, html.EscapeString(a.Name)) {
		t.Errorf("the course does not link to it:\n%s", page.body)
	}
	if view := x.get(t, "/mod/lti/view.php?as=6&id="+number(a.CMID)); view.status != http.StatusOK || !strings.Contains(view.body, "/mod/lti/launch.php?id="+number(a.CMID)) {
		t.Errorf("its page is %d %s", view.status, view.body)
	}
}

// These answers must be refused.
func TestDeepLinkingRefused(t *testing.T) {
	x := newSite(t).newActiveTool(t)
	good := x.returnPath(t)
	r := recorded(t, "deeplink-3-response-one-item")
	learner := x.open(t, "/mod/lti/launch.php?id=18&as=6").claims[claim+"launch_presentation"].(map[string]any)["return_url"].(string)
	_, key, _ := strings.Cut(learner, "sesskey=")
	base, _, _ := strings.Cut(good, "sesskey=")
	for name, tt := range map[string]struct {
		path   string
		change func(map[string]any)
	}{
		"learner's session": {base + "sesskey=" + key, nil},
		"no session":        {base + "sesskey=", nil},
		"unknown session":   {base + "sesskey=0123456789", nil},
		"unknown course":    {strings.Replace(good, "course=2", "course=99", 1), nil},
		"unknown tool":      {strings.Replace(good, "&id=2", "&id=9", 1), nil},
		"other client":      {good, func(c map[string]any) { c["iss"] = "nobody" }},
		"no nonce":          {good, func(c map[string]any) { delete(c, "nonce") }},
		"expired":           {good, func(c map[string]any) { c["exp"] = x.clock().Unix() }},
		"from the future":   {good, func(c map[string]any) { c["iat"] = x.clock().Add(time.Hour).Unix() }},
	} {
		content := x.recordedContent(t, r)
		if tt.change != nil {
			tt.change(content)
		}
		if got := x.post(t, tt.path, url.Values{"JWT": {sign(t, content, toolKID)}}); got.status != http.StatusNotFound || len(x.added()) != 0 {
			t.Errorf("%s: answer is %d, activities %v", name, got.status, x.added())
		}
	}
	if got := x.post(t, good, url.Values{"JWT": {"no.token"}}); got.status != http.StatusNotFound {
		t.Errorf("garbage: answer is %d", got.status)
	}
	again := url.Values{"JWT": {sign(t, x.recordedContent(t, r), toolKID)}}
	for try, want := range []int{http.StatusOK, http.StatusNotFound} {
		if got := x.post(t, good, again); got.status != want || len(x.added()) != 1 {
			t.Errorf("try %d: answer is %d, activities %v", try+1, got.status, x.added())
		}
	}
}

// Only a teacher sees the button, and only for a tool that registered for deep linking.
func TestDeepLinkingOffered(t *testing.T) {
	s := newSite(t)
	s.newActiveTool(t)
	for _, who := range []string{"2", "3", "4", "6"} {
		teacher := who == "3"
		page := s.get(t, "/course/2?lang=fr&as="+who)
		if got := strings.Contains(page.body, ">Ajouter une "); got != teacher {
			t.Errorf("button for %s: %v", who, got)
		}
		for _, path := range []string{"/course/2/add?as=", "/mod/lti/contentitem.php?id=2&course=2&as="} {
			if got := s.get(t, path+who); (got.status == http.StatusOK) != teacher {
				t.Errorf("%s%s: answer is %d", path, who, got.status)
			}
		}
	}
	if page := s.get(t, "/course/2?lang=en&as=3"); !strings.Contains(page.body, "Add an activity with Insigne") {
		t.Error("no button in English")
	}
	plain := tool{site: s, home: "http://tool.example"}
	body := plain.registration()
	body[toolConfiguration].(map[string]any)["messages"] = []any{map[string]any{"type": "LtiResourceLinkRequest"}}
	if err := s.Activate(s.register(t, body).json(t).(map[string]any)["client_id"].(string)); err != nil {
		t.Fatal(err)
	}
	if page := s.get(t, "/course/2?as=3"); strings.Contains(page.body, "add-activity") {
		t.Error("a button for a tool without deep linking")
	}
}

// The campus sends Moodle's GET to an activity's address.
func TestActivityAddressIsFetched(t *testing.T) {
	x := newSite(t).newActiveTool(t)
	agents := make(chan string, 1)
	page := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { agents <- r.Method + " " + r.UserAgent() }))
	t.Cleanup(page.Close)
	content := x.recordedContent(t, recorded(t, "deeplink-3-response-link-type"))
	content[dlClaim+"content_items"].([]any)[0].(map[string]any)["url"] = page.URL
	x.post(t, x.returnPath(t), url.Values{"JWT": {sign(t, content, toolKID)}})
	if got := <-agents; got != "GET MoodleBot/4.5 (+"+x.url+")" {
		t.Errorf("looked at by %q", got)
	}
}
