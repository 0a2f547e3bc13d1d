package e2e_test

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/campus"
)

var formAction = regexp.MustCompile(`<form method="post" action="([^"]+)"`)

// TestContentGoesBack lets the campus ask for content as Moodle does, and posts the
// answer. It must go to the address in the request, with the LMS's session key, and
// nowhere else. The chosen content can be opened, an empty choice changes nothing, and
// no answer repeats a nonce (cases 53 to 61).
func TestContentGoesBack(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	badge := d.seededBadge(t)
	const asking = "/mod/lti/contentitem.php?id=2&course=2&as=3"
	nonces, ids := map[any]bool{}, len(d.Campus.Activities(2))
	for _, tt := range []struct {
		choice string
		items  int
	}{{string(badge.ID), 1}, {"course", 1}, {"nothing", 0}, {string(badge.ID), 1}} {
		v := d.visitor()
		page := v.page(t, v.opens(t, asking))
		form := url.Values{
			"csrf": {v.csrf(t, page)}, "choice": {tt.choice},
			// Parameters that a page of an attacker could add.
			"return_url": {"https://evil.example/"}, "deep_link_return_url": {"https://evil.example/"}, "url": {"https://evil.example/"},
		}
		w := v.post(t, page, form)
		actions := formAction.FindAllStringSubmatch(w.Body.String(), -1)
		if w.Code != http.StatusOK || len(actions) != 1 || strings.Contains(w.Body.String(), "evil.example") {
			t.Fatalf("%s: %d, forms %v", tt.choice, w.Code, actions)
		}
		address := html.UnescapeString(actions[0][1])
		to, err := url.Parse(address)
		must(t, err)
		if !strings.HasPrefix(address, d.CampusURL+"/mod/lti/contentitem_return.php?") || to.Query().Get("sesskey") == "" || to.Query().Get("course") != "2" {
			t.Errorf("%s: the answer goes to %s", tt.choice, address)
		}
		if policy, want := policyOf(w, "form-action"), d.CampusURL+"/mod/lti/contentitem_return.php"; policy != want {
			t.Errorf("%s: the page may post to %s, want %s", tt.choice, policy, want)
		}
		token := carried(w.Body.String()).Get("JWT")
		claims := claimsOf(t, token)
		nonces[claims["nonce"]] = true
		if items, _ := claims["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"].([]any); len(items) != tt.items {
			t.Errorf("%s: items %v, want %d", tt.choice, items, tt.items)
		}
		if claims["iss"] != d.Campus.ClientIDs()[0] || claims[ltiClaim+"deployment_id"] != "2" || claims["https://purl.imsglobal.org/spec/lti-dl/claim/data"] != nil {
			t.Errorf("%s: claims %v", tt.choice, claims)
		}
		if status, answer := d.browse(t, http.MethodPost, address, url.Values{"JWT": {token}}); status != http.StatusOK {
			t.Fatalf("%s: the campus answers %d: %s", tt.choice, status, answer)
		}
		ids += tt.items
		activities := d.Campus.Activities(2)
		if len(activities) != ids {
			t.Fatalf("%s: %d activities, want %d", tt.choice, len(activities), ids)
		}
		if tt.items == 0 {
			continue
		}
		made, want := activities[len(activities)-1], map[string][2]string{"course": {"/badges", "/mine"}}[tt.choice]
		if tt.choice != "course" {
			want = [2]string{"/badges/" + tt.choice, "/mine/" + tt.choice}
		}
		for i, user := range []int64{3, 6} { // case 61
			v := d.visitor()
			nonce, state := v.login(t, user)
			claims, err := d.Campus.ActivityClaims(v.client(t), made.CMID, user, nonce)
			must(t, err)
			payload, err := json.Marshal(claims)
			must(t, err)
			token, err := d.Campus.Forge(payload, campus.Forgery{})
			must(t, err)
			opened := v.page(t, v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {state}}))
			if !strings.HasSuffix(opened, want[i]) {
				t.Errorf("%s: user %d opens %s, want …%s", tt.choice, user, opened, want[i])
			}
		}
	}
	if len(nonces) != 4 {
		t.Errorf("four answers share nonces: %v", nonces)
	}
}

// claimsOf returns the claims of a token without checking its signature.
func claimsOf(t *testing.T, token string) (claims map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("not a token: %q", token)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	must(t, err)
	must(t, json.Unmarshal(payload, &claims))
	return claims
}

// TestPlacementIsOnesOwn answers the request of another teacher of the course, of
// another course and of another platform, and a request that is too old. All are
// refused, and the owner can still answer.
func TestPlacementIsOnesOwn(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	other := d.another(t)
	owner := d.visitor()
	page := owner.launchWith(t, 3, d.placing)
	place := page[len("/c/")+32:]
	teaching := func(c map[string]any) { c[ltiClaim+"roles"] = []string{membership + "#Instructor"} }
	for name, tt := range map[string]struct {
		v      visitor
		user   int64
		change func(map[string]any)
	}{
		"a colleague":      {d.visitor(), 14, teaching},
		"another course":   {d.visitor(), 3, otherCourse},
		"another platform": {other.visitor(), 3, nil},
	} {
		session := sessionOf(tt.v.launchWith(t, tt.user, tt.change))
		form := url.Values{"csrf": {tt.v.token(t, session+"/badges")}, "choice": {"course"}}
		if w := tt.v.post(t, session+place, form); w.Code != http.StatusGone || strings.Contains(w.Body.String(), "JWT") {
			t.Errorf("%s: %d %s", name, w.Code, said(w))
		}
	}
	if w := owner.post(t, page, url.Values{"csrf": {owner.csrf(t, page)}, "choice": {"course"}}); w.Code != http.StatusOK {
		t.Errorf("the owner is answered %d: %s", w.Code, said(w))
	}
}
