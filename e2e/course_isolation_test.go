package e2e_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestOtherCourse opens the badge of another course by its address. For a teacher of
// another course it must not exist, at any address.
func TestOtherCourse(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	badge := "/badges/" + string(d.seededBadge(t).ID)
	here, there := d.visitor(), d.visitor()
	own, other := here.launch(t, 3), sessionOf(there.launchWith(t, 3, otherCourse))
	if w := here.get(t, own+badge); w.Code != http.StatusOK {
		t.Fatalf("the course's own teacher is answered %d", w.Code)
	}
	if list := said(there.get(t, other+"/badges")); strings.Contains(list, d.seededBadge(t).Current.Name) {
		t.Errorf("the other course lists the badge: %s", list)
	}
	form := url.Values{"csrf": {there.csrf(t, other+"/badges/new")}, "name": {"Taken over"}, "description": {"x"}, "match": {"all"}}
	for _, path := range []string{"", "/edit", "/preview"} {
		if w := there.get(t, other+badge+path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s is answered %d", path, w.Code)
		}
	}
	for _, path := range []string{"/edit", "/switch"} {
		if w := there.post(t, other+badge+path, form); w.Code != http.StatusNotFound {
			t.Errorf("POST %s is answered %d: %s", path, w.Code, said(w))
		}
	}
	if got := d.seededBadge(t); got.State != badges.On || got.Current.Name == "Taken over" {
		t.Errorf("the badge is now %+v", got)
	}
}

// TestSessionsAreApart opens the address of a session without its cookie, with the
// cookie of another session, and as another person.
func TestSessionsAreApart(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	teacher, learner := d.visitor(), d.visitor()
	teaching, learning := teacher.launch(t, 3), learner.launch(t, 6)
	if w := d.visitor().get(t, teaching+"/badges"); w.Code != http.StatusUnauthorized {
		t.Errorf("without a cookie: %d, want 401", w.Code)
	}
	if w := learner.get(t, teaching+"/badges"); w.Code != http.StatusUnauthorized {
		t.Errorf("with another session's cookie: %d, want 401", w.Code)
	}
	for _, path := range []string{"/badges", "/badges/new", "/badges/" + string(d.seededBadge(t).ID)} {
		if w := learner.get(t, learning+path); w.Code != http.StatusForbidden {
			t.Errorf("a learner opens %s: %d, want 403", path, w.Code)
		}
	}
	// Two people in one browser must not disturb each other.
	both := teacher
	second := both.launch(t, 6)
	if w := both.get(t, teaching+"/badges"); w.Code != http.StatusOK {
		t.Errorf("the teacher's tab after a learner's launch: %d", w.Code)
	}
	if w := both.get(t, second+"/mine"); w.Code != http.StatusOK {
		t.Errorf("the learner's tab: %d", w.Code)
	}
}

// TestForgedRequests sends posts that a page of another site could make a browser send.
func TestForgedRequests(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	session := v.launch(t, 3)
	form := url.Values{"csrf": {v.csrf(t, session+"/badges/new")}}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, session+"/check", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://evil.example")
	if w := v.do(t, r); w.Code != http.StatusForbidden {
		t.Errorf("from another site: %d, want 403", w.Code)
	}
	for name, form := range map[string]url.Values{"no token": {}, "wrong token": {"csrf": {"x"}}} {
		if w := v.post(t, session+"/check", form); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", name, w.Code)
		}
	}
	if w := v.post(t, session+"/check", form); w.Code != http.StatusSeeOther {
		t.Errorf("the page's own form: %d, want 303", w.Code)
	}
}

// TestFraming checks which sites may embed which pages.
func TestFraming(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	session := v.launch(t, 3)
	for path, want := range map[string]string{
		session + "/badges": "frame-ancestors 'self' " + d.CampusURL,
		"/admin":            "frame-ancestors 'none'",
		"/claim/unknown":    "frame-ancestors 'none'",
		"/v/unknown":        "frame-ancestors 'none'",
	} {
		w := v.get(t, path)
		policy := strings.Split(w.Header().Get("Content-Security-Policy"), "; ")
		if !slices.Contains(policy, want) {
			t.Errorf("%s: policy = %q, want %s", path, policy, want)
		}
	}
}

// TestLogsHoldNoSecrets does everything that uses a secret, with every log level on. No
// secret may be in the log.
func TestLogsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	var logged webtest.Log
	d := newLoggedDemo(t, campus.Faults{MailRefused: true}, slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	d.start(t)
	eventually(t, "the award", func() bool { return len(d.assertions(t, "6")) == 1 })
	eventually(t, "a refused mail", func() bool { return strings.Contains(logged.String(), "notice not sent") })
	d.Campus.SetFaults(campus.Faults{TokenRevoked: true})
	eventually(t, "a refused reading", func() bool { return strings.Contains(logged.String(), "token_invalid") })
	d.Campus.SetFaults(campus.Faults{})

	secrets := map[string]string{
		"web-service token": d.Campus.Token(), "learner's mail": zoesMail, "other learner's mail": sineadsMail, "learner's name": "Zoë",
	}
	v := d.visitor()
	nonce, state := v.login(t, 6)
	token, err := d.Campus.MintLaunch(v.client(t), 6, nonce, nil)
	must(t, err)
	secrets["nonce"], secrets["state"], secrets["id_token"] = nonce, state, token
	if w := v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {state}}); w.Code != http.StatusSeeOther {
		t.Fatalf("launch answers %d", w.Code)
	}
	v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {state}})
	v.post(t, "/lti/launch", url.Values{"id_token": {token + "x"}, "state": {state}})
	for name, c := range v.cookies {
		secrets["cookie "+name] = c.Value
	}
	link, err := d.App.AdminLink(t.Context())
	must(t, err)
	admin, err := url.Parse(link)
	must(t, err)
	secrets["sign-in link"] = admin.Path[strings.LastIndex(admin.Path, "/")+1:]
	v.get(t, admin.Path)
	v.post(t, admin.Path, nil)
	key, err := d.Config.Secret.Key("claim")
	must(t, err)
	claim, err := credential.NewClaimLinks(key).Token(d.assertions(t, "6")[0].ID)
	must(t, err)
	secrets["claim link"] = claim
	v.get(t, "/claim/"+claim)
	v.post(t, "/claim/"+claim, url.Values{"decision": {"accept"}})
	v.get(t, "/claim/"+claim+"x")

	text := logged.String()
	if strings.Count(text, "msg=request") < 8 {
		t.Fatalf("the requests are not logged:\n%s", text)
	}
	for name, secret := range secrets {
		if len(secret) > 3 && strings.Contains(text, secret) {
			t.Errorf("the log has the %s", name)
		}
	}
}
