package main

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/store"
)

// browse asks the campus, as a browser that follows nothing.
func (d *demo) browse(t *testing.T, method, address string, form url.Values) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	must(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w, err := http.DefaultTransport.RoundTrip(r)
	must(t, err)
	defer func() { must(t, w.Body.Close()) }()
	text, err := io.ReadAll(w.Body)
	must(t, err)
	return w.StatusCode, string(text)
}

var hiddenField = regexp.MustCompile(`<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"`)

// carried are the fields of a form that a page of the campus posts.
func carried(page string) url.Values {
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	return form
}

// opens goes the whole way from a page of the campus to the answer of the
// launch: initiation, authentication, launch.
func (v visitor) opens(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	_, page := v.browse(t, http.MethodGet, v.campusURL+path, nil)
	to := v.post(t, "/lti/login", carried(page)).Header().Get("Location")
	if to == "" {
		t.Fatalf("%s begins no login: %s", path, page)
	}
	_, page = v.browse(t, http.MethodGet, to, nil)
	return v.post(t, "/lti/launch", carried(page))
}

// page is where a launch leads.
func (v visitor) page(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther {
		t.Fatalf("the launch is answered %d: %s", w.Code, said(w))
	}
	return to.Path
}

var formAction = regexp.MustCompile(`<form method="post" action="([^"]+)"`)

// TestContentGoesBack lets the campus ask for content as Moodle does, and posts
// the answer where the page says: to the address that came with the request,
// the LMS's session key included, and nowhere else. What was chosen can be
// opened, an empty choice changes nothing, and no answer looks like another
// (cases 53 to 61).
func TestContentGoesBack(t *testing.T) {
	d := seededDemo(t)
	badge := d.seededBadge(t)
	const asking = "/mod/lti/contentitem.php?id=2&course=2&as=3"
	nonces, ids := map[any]bool{}, len(d.campus.Activities(2))
	for _, tt := range []struct {
		choice string
		items  int
	}{{string(badge.ID), 1}, {"course", 1}, {"nothing", 0}, {string(badge.ID), 1}} {
		v := d.visitor()
		page := v.page(t, v.opens(t, asking))
		form := url.Values{
			"csrf": {v.csrf(t, page)}, "choice": {tt.choice},
			// What a page of somebody else's could add.
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
		if !strings.HasPrefix(address, d.campusURL+"/mod/lti/contentitem_return.php?") || to.Query().Get("sesskey") == "" || to.Query().Get("course") != "2" {
			t.Errorf("%s: the answer goes to %s", tt.choice, address)
		}
		if policy, want := policyOf(w, "form-action"), d.campusURL+"/mod/lti/contentitem_return.php"; policy != want {
			t.Errorf("%s: the page may post to %s, want %s", tt.choice, policy, want)
		}
		token := carried(w.Body.String()).Get("JWT")
		claims := claimsOf(t, token)
		nonces[claims["nonce"]] = true
		if items, _ := claims["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"].([]any); len(items) != tt.items {
			t.Errorf("%s: items %v, want %d", tt.choice, items, tt.items)
		}
		if claims["iss"] != d.campus.ClientIDs()[0] || claims[ltiClaim+"deployment_id"] != "2" || claims["https://purl.imsglobal.org/spec/lti-dl/claim/data"] != nil {
			t.Errorf("%s: claims %v", tt.choice, claims)
		}
		if status, answer := d.browse(t, http.MethodPost, address, url.Values{"JWT": {token}}); status != http.StatusOK {
			t.Fatalf("%s: the campus answers %d: %s", tt.choice, status, answer)
		}
		ids += tt.items
		activities := d.campus.Activities(2)
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
			claims, err := d.campus.ActivityClaims(v.client(t), made.CMID, user, nonce)
			must(t, err)
			payload, err := json.Marshal(claims)
			must(t, err)
			token, err := d.campus.Forge(payload, campus.Forgery{})
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

// claimsOf reads a token without a look at its signature.
func claimsOf(t *testing.T, token string) (claims map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("no token, but %q", token)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	must(t, err)
	must(t, json.Unmarshal(payload, &claims))
	return claims
}

// TestPlacementIsOnesOwn answers a request that belongs to another teacher of
// the course, to another course and to another platform, and one that is too
// old: nothing is answered, and its owner still can.
func TestPlacementIsOnesOwn(t *testing.T) {
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

// scoreLog keeps the scores that are posted to a campus.
type scoreLog struct {
	campus http.Handler
	mu     sync.Mutex
	posted []map[string]any
}

func (l *scoreLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/scores") {
		body, _ := io.ReadAll(r.Body) // what cannot be read fails the campus
		var score map[string]any
		_ = json.Unmarshal(body, &score)
		l.mu.Lock()
		l.posted = append(l.posted, score)
		l.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
	}
	l.campus.ServeHTTP(w, r)
}

// of are the scores of one learner, in the order they came.
func (l *scoreLog) of(user string) []map[string]any {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(l.posted), func(score map[string]any) bool { return score["userId"] != user })
}

// TestScoresAreEachLater has a badge scored when it is awarded and again when it
// is claimed. The second score is later by a whole second even where the clock
// fell behind the first, and each is one that Moodle counts (case 75).
func TestScoresAreEachLater(t *testing.T) {
	d := newDemo(t, campus.Faults{})
	log := &scoreLog{campus: d.campus.Handler()}
	serveCampusBehind(t, d, log)
	must(t, d.seed(t.Context()))
	d.serveWeb(t)
	d.visitor().launch(t, 6)
	v := d.visitor()
	page := v.launch(t, 3) + "/badges/" + string(d.seededBadge(t).ID)
	csrf := v.token(t, page)
	for path, form := range map[string]url.Values{"/column": {"column": {"on"}}, "/award": {"do": {"award"}, "learner": {"6"}, "text": {evidenceText}}} {
		form.Set("csrf", csrf)
		if w := v.post(t, page+path, form); w.Code != http.StatusSeeOther {
			t.Fatalf("%s is answered %d: %s", path, w.Code, said(w))
		}
	}
	d.work(t)
	award := d.assertions(t, "6")[0]
	noted := func() time.Time {
		at, err := d.service.store.ScoredAt(t.Context(), award.ID)
		must(t, err)
		return at
	}
	eventually(t, "the first score", func() bool { return !noted().IsZero() })
	ahead := noted().Add(time.Minute) // as if our clock had been set back since
	must(t, d.service.store.Tx(t.Context(), func(tx *store.Tx) error { return tx.ScoreSent(t.Context(), award.ID, ahead, "") }))
	d.visitor().post(t, d.claimLink(t, award.ID), url.Values{"decision": {"accept"}})
	eventually(t, "the second score", func() bool { return noted().After(ahead) })
	scores := log.of("6")
	if len(scores) != 2 {
		t.Fatalf("%d scores, want 2: %v", len(scores), scores)
	}
	for i, s := range scores {
		if s["scoreGiven"] != 100.0 || s["scoreMaximum"] != 100.0 || s["gradingProgress"] != "FullyGraded" || s["activityProgress"] != "Completed" {
			t.Errorf("score %d = %v", i, s)
		}
	}
	second, err := time.Parse(time.RFC3339Nano, scores[1]["timestamp"].(string))
	if err != nil || second.Unix() <= ahead.Unix() {
		t.Errorf("the second score is of %v, the first of %v: %v", second, ahead, err)
	}
	if link, _ := scores[1]["comment"].(string); scores[0]["comment"] != nil || !strings.Contains(link, "/v/"+string(award.ID)) {
		t.Errorf("comments: %v and %q", scores[0]["comment"], link)
	}
	if _, comment, ok := d.campus.Score(6, d.seededBadge(t).Current.Name); !ok || !strings.Contains(comment, "/v/") {
		t.Errorf("the gradebook says %q", comment)
	}
}

// TestKeysAreServed fetches the key set as an LMS does: the key in use and the
// next one, and nothing of them that signs (case 91).
func TestKeysAreServed(t *testing.T) {
	d := seededDemo(t)
	w := d.visitor().get(t, "/lti/jwks.json")
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal(w.Body.Bytes(), &set); err != nil || w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s, %v", w.Code, w.Header().Get("Content-Type"), err)
	}
	keys, err := d.service.store.SigningKeys(t.Context())
	must(t, err)
	if len(set.Keys) != len(keys) || len(keys) == 0 {
		t.Fatalf("%d keys are served of %d", len(set.Keys), len(keys))
	}
	for i, key := range set.Keys {
		for member := range key {
			if !strings.Contains(" kid kty alg use n e ", " "+member+" ") {
				t.Errorf("key %d tells %q", i, member)
			}
		}
		if key["kid"] != keys[i].ID || key["alg"] != "RS256" || key["kty"] != "RSA" || key["use"] != "sig" {
			t.Errorf("key %d = %v", i, key)
		}
	}
}

// TestLoginWithoutClient leaves the client id out: good where the issuer has one
// client, refused where it has two (case 49).
func TestLoginWithoutClient(t *testing.T) {
	d := seededDemo(t)
	d.registerTwice(t)
	v := d.visitor()
	q := v.initiation(t)
	q.Del("client_id")
	w := v.get(t, "/lti/login?"+q.Encode())
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusFound || to.Query().Get("client_id") != v.client(t) {
		t.Errorf("one client: %d to %v", w.Code, to)
	}
	for client, status := range map[string]int{"": http.StatusBadRequest, "a": http.StatusFound, "b": http.StatusFound, v.client(t): http.StatusBadRequest} {
		q.Set("iss", twiceIssuer)
		q.Set("client_id", client)
		w := d.visitor().get(t, "/lti/login?"+q.Encode())
		if at := w.Header().Get("Location"); w.Code != status || status == http.StatusFound && !strings.Contains(at, "client_id="+client+"&") {
			t.Errorf("two clients, %q named: %d %s", client, w.Code, at)
		}
	}
}
