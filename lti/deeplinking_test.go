package lti_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"github.com/insigne-badges/insigne/lti"
)

const claimSettings = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"

func settings() map[string]any {
	return map[string]any{
		"deep_link_return_url": "https://lms.example/return?sesskey=s", "accept_types": []string{"ltiResourceLink", "link"},
		"accept_presentation_document_targets": []string{"iframe"}, "accept_multiple": true, "data": "opaque & ünïcode",
	}
}

// placing changes a message into a deep linking request with changed settings.
func placing(change func(settings map[string]any)) func(map[string]any) {
	return func(m map[string]any) {
		s := settings()
		if change != nil {
			change(s)
		}
		m[claim("message_type")], m[claim("roles")], m[claimSettings] = "LtiDeepLinkingRequest", []string{instructor}, s
		delete(m, claim("resource_link"))
	}
}

func TestDeepLinkingRequest(t *testing.T) { // case 53
	l, err := newFixture(t).launch(placing(nil))
	if err != nil {
		t.Fatal(err)
	}
	want := &lti.DeepLinking{ReturnURL: "https://lms.example/return?sesskey=s", Data: "opaque & ünïcode", Multiple: true, LineItems: true}
	if diff := cmp.Diff(want, l.DeepLinking); diff != "" {
		t.Error(diff)
	}
}

// A platform that says nothing about columns accepts them, as Moodle does (LTI Deep
// Linking 2.0, section 4.4.1, accept_lineitem).
func TestDeepLinkingAcceptsColumns(t *testing.T) { // case 62
	for name, tt := range map[string]struct {
		change func(map[string]any)
		want   bool
	}{
		"nothing said": {nil, true}, "null": {set("accept_lineitem", nil), true},
		"yes": {set("accept_lineitem", true), true}, "no": {set("accept_lineitem", false), false},
	} {
		l, err := newFixture(t).launch(placing(tt.change))
		if err != nil || l.DeepLinking.LineItems != tt.want {
			t.Errorf("%s: %+v, %v; want %t", name, l.DeepLinking, err, tt.want)
		}
	}
}

func TestDeepLinkingRefused(t *testing.T) {
	both := func(changes ...func(map[string]any)) func(map[string]any) {
		return func(m map[string]any) {
			for _, change := range changes {
				change(m)
			}
		}
	}
	for _, tt := range []struct {
		name   string
		change func(map[string]any)
		want   lti.Reason
	}{
		{"53 no settings", both(placing(nil), without(claimSettings)), lti.DeepLinkReturn},
		{"53 settings of another shape", both(placing(nil), set(claimSettings, "x")), lti.TokenMalformed},
		{"56 takes no links to tools", placing(set("accept_types", []string{"link", "file"})), lti.DeepLinkTypes},
		{"56 takes nothing", placing(without("accept_types")), lti.DeepLinkTypes},
		{"59 student", both(placing(nil), set(claim("roles"), []string{learner})), lti.RoleForbidden},
		{"59 nobody in particular", both(placing(nil), set(claim("roles"), []string{})), lti.RoleForbidden},
		{"60 return without TLS", placing(set("deep_link_return_url", "http://lms.example/return")), lti.DeepLinkReturn},
		{"60 return to anywhere", placing(set("deep_link_return_url", "https://*/return")), lti.DeepLinkReturn},
		{"60 return by script", placing(set("deep_link_return_url", "javascript:alert(1)")), lti.DeepLinkReturn},
		{"60 no return", placing(without("deep_link_return_url")), lti.DeepLinkReturn},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newFixture(t).launch(tt.change)
			wantReason(t, err, tt.want)
		})
	}
}

// respond signs an answer and returns its header and payload, verified with the
// published key.
func respond(t *testing.T, d lti.DeepLinking, items ...lti.ContentItem) (header, payload map[string]any) {
	t.Helper()
	f := newFixture(t)
	key := toolKey()
	f.store.keys = []lti.SigningKey{key}
	token, err := f.tool.DeepLinkingResponse(t.Context(), f.store.registrations[0], "1", d, items)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := jws.Verify([]byte(token), jws.WithKey(jwa.RS256, key.Private.Public()))
	if err != nil {
		t.Fatal(err)
	}
	for part, into := range map[string]*map[string]any{unsegment(t, strings.Split(token, ".")[0]): &header, string(raw): &payload} {
		if err := json.Unmarshal([]byte(part), into); err != nil {
			t.Fatal(err)
		}
	}
	if header["kid"] != key.ID || header["alg"] != "RS256" {
		t.Errorf("header = %v, want the key's id", header)
	}
	if nonce, ok := payload["nonce"].(string); !ok || len(nonce) < 32 {
		t.Errorf("nonce = %v", payload["nonce"])
	}
	delete(payload, "nonce")
	return header, payload
}

func TestDeepLinkingResponse(t *testing.T) { // cases 54, 55, 58, 62
	now := float64(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Unix())
	message := func(content []any) map[string]any {
		return map[string]any{
			"iss": "client-1", "aud": []any{"https://lms.example"}, "iat": now - 20, "exp": now + 300,
			claim("version"): "1.3.0", claim("message_type"): "LtiDeepLinkingResponse", claim("deployment_id"): "1",
			"https://purl.imsglobal.org/spec/lti-dl/claim/content_items": content,
		}
	}
	column := &lti.ContentLineItem{Label: "Badge", Maximum: 100, ResourceID: "b1", Tag: "earned"}
	item := lti.ContentItem{Title: "Élève d’or 🏅 <b>", Text: "Un texte", Custom: map[string]string{"badge": "b1"}, LineItem: column}
	sent := map[string]any{"type": "ltiResourceLink", "title": item.Title, "text": "Un texte", "custom": map[string]any{"badge": "b1"}}
	withColumn := map[string]any{"lineItem": map[string]any{"label": "Badge", "scoreMaximum": 100.0, "resourceId": "b1", "tag": "earned"}}
	for name, value := range sent {
		withColumn[name] = value
	}
	reviewed, unreviewed := item, item
	reviewing, never := *column, *column
	reviewing.Review, never.Review = &lti.SubmissionReview{Statuses: []lti.ActivityProgress{lti.ActivityCompleted}}, &lti.SubmissionReview{}
	reviewed.LineItem, unreviewed.LineItem = &reviewing, &never
	withReview := maps.Clone(withColumn)
	withReview["lineItem"] = map[string]any{
		"label": "Badge", "scoreMaximum": 100.0, "resourceId": "b1", "tag": "earned", "submissionReview": map[string]any{"reviewableStatus": []any{"Completed"}},
	}
	withData := message([]any{})
	withData["https://purl.imsglobal.org/spec/lti-dl/claim/data"] = "opaque"
	for _, tt := range []struct {
		name  string
		d     lti.DeepLinking
		items []lti.ContentItem
		want  map[string]any
	}{
		{"54, 58 one item, column not taken", lti.DeepLinking{}, []lti.ContentItem{item}, message([]any{sent})},
		{"62 column taken", lti.DeepLinking{LineItems: true}, []lti.ContentItem{item}, message([]any{withColumn})},
		{"62 column with review", lti.DeepLinking{LineItems: true}, []lti.ContentItem{reviewed}, message([]any{withReview})},
		{"62 review of no status", lti.DeepLinking{LineItems: true}, []lti.ContentItem{unreviewed}, message([]any{withColumn})},
		{"56 several", lti.DeepLinking{Multiple: true}, []lti.ContentItem{{Title: "a"}, {Title: "b", URL: launchURL}}, message([]any{
			map[string]any{"type": "ltiResourceLink", "title": "a"},
			map[string]any{"type": "ltiResourceLink", "title": "b", "url": launchURL},
		})},
		{"55, 57 given up, with data", lti.DeepLinking{Data: "opaque"}, nil, withData},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got := respond(t, tt.d, tt.items...)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// No answer repeats a nonce (case 54).
func TestDeepLinkingNonces(t *testing.T) {
	f := newFixture(t)
	f.store.keys = []lti.SigningKey{toolKey()}
	seen := map[any]bool{}
	for range 2 {
		token, err := f.tool.DeepLinkingResponse(t.Context(), f.store.registrations[0], "1", lti.DeepLinking{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		seen[verifyAssertion(t, f.store.keys[0], token)["nonce"]] = true
	}
	if len(seen) != 2 {
		t.Errorf("two answers share a nonce: %v", seen)
	}
}

func TestDeepLinkingResponseTooMany(t *testing.T) { // case 56
	f := newFixture(t)
	_, err := f.tool.DeepLinkingResponse(t.Context(), f.store.registrations[0], "1", lti.DeepLinking{}, []lti.ContentItem{{Title: "a"}, {Title: "b"}})
	if err == nil {
		t.Error("two items are sent where one is taken")
	}
}

func TestSubmissionReview(t *testing.T) {
	review := func(learner any) func(map[string]any) {
		return func(m map[string]any) {
			m[claim("message_type")], m[claim("for_user")], m[claim("roles")] = "LtiSubmissionReviewRequest", learner, []string{instructor}
			delete(m, claim("resource_link"))
		}
	}
	l, err := newFixture(t).launch(review(map[string]any{"user_id": "7"}))
	if err != nil || l.Reviewed != "7" {
		t.Errorf("launch about %q, %v; want 7", l.Reviewed, err)
	}
	for name, tt := range map[string]struct {
		learner any
		want    lti.Reason
	}{
		"nobody":     {nil, lti.ReviewedMissing},
		"no id":      {map[string]any{"name": "x"}, lti.ReviewedMissing},
		"a long id":  {map[string]any{"user_id": strings.Repeat("x", 256)}, lti.IDTooLong},
		"a list":     {[]any{"7"}, lti.TokenMalformed},
		"a bare id":  {"7", lti.TokenMalformed},
		"PHP object": {[]any{}, lti.ReviewedMissing},
	} {
		_, err := newFixture(t).launch(review(tt.learner))
		if got := lti.ReasonOf(err); got != tt.want {
			t.Errorf("%s: reason = %q, want %q", name, got, tt.want)
		}
	}
}
