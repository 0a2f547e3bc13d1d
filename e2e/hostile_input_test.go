package e2e_test

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// TestRefusedLaunches sends launches that no honest platform sends. The answer to each
// is a page that says what to do, with the reason code.
func TestRefusedLaunches(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	refuse := func(t *testing.T, w *httptest.ResponseRecorder, reason string) {
		t.Helper()
		if text := said(w); w.Code != http.StatusBadRequest || !strings.Contains(text, "Code: "+reason) || !strings.Contains(text, "Open Insigne again") {
			t.Errorf("answer %d: %s; want 400 with %s and what to do", w.Code, text, reason)
		}
		for _, c := range w.Result().Cookies() {
			if c.MaxAge >= 0 {
				t.Errorf("a refused launch leaves the cookie %s", c)
			}
		}
	}
	t.Run("expired", func(t *testing.T) {
		nonce, state := v.login(t, 3)
		token, err := d.Campus.MintLaunch(v.client(t), 3, nonce, func(c map[string]any) {
			c["iat"], c["exp"] = time.Now().Add(-time.Hour).Unix(), time.Now().Add(-59*time.Minute).Unix()
		})
		must(t, err)
		refuse(t, v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {state}}), "token_expired")
	})
	t.Run("forged", func(t *testing.T) {
		nonce, state := v.login(t, 3)
		token, err := d.Campus.MintLaunch(v.client(t), 3, nonce, nil)
		must(t, err)
		parts := strings.Split(token, ".")
		parts[2] = strings.Repeat("A", len(parts[2]))
		refuse(t, v.post(t, "/lti/launch", url.Values{"id_token": {strings.Join(parts, ".")}, "state": {state}}), "signature_invalid")
	})
	t.Run("replayed", func(t *testing.T) {
		nonce, state := v.login(t, 3)
		token, err := d.Campus.MintLaunch(v.client(t), 3, nonce, nil)
		must(t, err)
		form := url.Values{"id_token": {token}, "state": {state}}
		kept := maps.Clone(v.cookies)
		if w := v.post(t, "/lti/launch", form); w.Code != http.StatusSeeOther {
			t.Fatalf("the first launch answers %d: %s", w.Code, said(w))
		}
		thief := visitor{demo: d, cookies: kept}
		refuse(t, thief.post(t, "/lti/launch", form), "state_unknown")
	})
}

// TestLongLaunches sends launches with very long values that are allowed. The pages
// must open.
func TestLongLaunches(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	course := ltiClaim + "context"
	var learners []string
	for i := range 500 {
		learners = append(learners, fmt.Sprint("learner-", i))
	}
	for name, change := range map[string]func(map[string]any){
		"title": func(c map[string]any) { c[course] = map[string]any{"id": "2", "title": strings.Repeat("é", 5000)} },
		"name":  func(c map[string]any) { c["name"] = strings.Repeat("<", 5000) },
		"locale": func(c map[string]any) {
			c[ltiClaim+"launch_presentation"] = map[string]any{"locale": strings.Repeat("fr-", 4000)}
		},
		"history": func(c map[string]any) {
			c[ltiClaim+"custom"] = map[string]string{"context_history": strings.Repeat(strings.Repeat("x", 250)+",", 10)}
		},
		"mentor of many": func(c map[string]any) {
			c[ltiClaim+"roles"], c[ltiClaim+"role_scope_mentor"] = []string{membership + "#Mentor"}, append(learners, "6")
		},
		"learner with a slash": func(c map[string]any) {
			c[ltiClaim+"message_type"], c[ltiClaim+"for_user"], c["sub"] = "LtiSubmissionReviewRequest", map[string]string{"user_id": "a/b"}, "a/b"
		},
		"ids": func(c map[string]any) {
			c["sub"], c[course] = strings.Repeat("<", 255), map[string]any{"id": strings.Repeat("<", 255)}
		},
	} {
		v := d.visitor()
		if w := v.get(t, v.launchWith(t, 3, change)); w.Code != http.StatusOK {
			t.Errorf("%s: the page answers %d: %s", name, w.Code, said(w))
		}
	}
}

// TestRefusedWithoutCookies sends a platform's error to a browser that keeps no
// cookies. The tab proves the login and shows that error (case 24).
func TestRefusedWithoutCookies(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	begun := d.visitor()
	_, state := begun.login(t, 3)
	form := url.Values{"error": {"access_denied"}, "state": {state}}
	asked := d.visitor().post(t, "/lti/launch", form)
	if !strings.Contains(asked.Body.String(), `name="error" value="access_denied"`) {
		t.Fatalf("the page that proves the login loses the error: %d %s", asked.Code, asked.Body)
	}
	for _, c := range begun.cookies {
		if strings.HasPrefix(c.Name, "__Host-lti-") {
			form.Set("proof", c.Value)
		}
	}
	if w := d.visitor().do(t, fromOurPage(t, form)); w.Code != http.StatusBadRequest || !strings.Contains(said(w), "platform_refused") {
		t.Errorf("answer %d: %s", w.Code, said(w))
	}
}

// fromOurPage returns a launch that our own page posts to prove a login.
func fromOurPage(t *testing.T, form url.Values) *http.Request {
	t.Helper()
	return fromPage(t, "/lti/launch", form)
}

// fromPage returns a post from a page of ours.
func fromPage(t *testing.T, path string, form url.Values) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// TestForeignProof is an attack: an attacker starts a login and makes a victim post its
// answer and its proof. The victim must not be signed in as the attacker (case 15,
// login CSRF).
func TestForeignProof(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	attacker := d.visitor()
	nonce, state := attacker.login(t, 6)
	token, err := d.Campus.MintLaunch(attacker.client(t), 6, nonce, nil)
	must(t, err)
	form := url.Values{"id_token": {token}, "state": {state}}
	for _, c := range attacker.cookies {
		if strings.HasPrefix(c.Name, "__Host-lti-") {
			form.Set("proof", c.Value)
		}
	}
	for _, site := range []string{"cross-site", "same-site", "none", ""} {
		for name, victim := range map[string]visitor{"with cookies": d.visitor(), "without": d.visitor()} {
			if name == "with cookies" {
				victim.launch(t, 3)
			}
			r := fromOurPage(t, form)
			r.Header.Set("Sec-Fetch-Site", site)
			r.Header.Set("Origin", "https://evil.example")
			w := victim.do(t, r)
			if w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "X-Insigne-Session") || !strings.Contains(said(w), "browser_mismatch") {
				t.Errorf("%s, from %q: %d %s", name, site, w.Code, said(w))
			}
		}
	}
	asked := fromOurPage(t, url.Values{"id_token": {"x"}, "state": {state}})
	asked.Header.Set("Origin", "https://evil.example")
	if w := d.visitor().do(t, asked); strings.Contains(w.Body.String(), "evil.example") {
		t.Error("the page asks the site that posted the launch for the proof")
	}
	if w := d.visitor().do(t, fromOurPage(t, form)); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "X-Insigne-Session") {
		t.Errorf("from our own page: %d %s", w.Code, said(w))
	}
}

// TestLaunchIsPosted opens the launch address by hand (case 25).
func TestLaunchIsPosted(t *testing.T) {
	t.Parallel()
	w := runningDemo(t).visitor().get(t, "/lti/launch")
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodPost {
		t.Errorf("%d, Allow: %q", w.Code, w.Header().Get("Allow"))
	}
}

// TestUninvited posts a registration without an invitation. The answer is the same for
// connected and unknown platforms, and no request goes out.
func TestUninvited(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	var hits atomic.Int32
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer canary.Close()
	known, _, err := d.Campus.RegistrationInvite()
	must(t, err)
	for _, address := range []string{known, canary.URL} {
		for _, again := range []string{"", "1"} {
			w := d.visitor().post(t, "/lti/register", url.Values{"invite": {"made-up"}, "openid_configuration": {address}, "again": {again}})
			if w.Code != http.StatusGone {
				t.Errorf("%s (again %q) is answered %d: %s", address, again, w.Code, said(w))
			}
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d requests went out", n)
	}
}

// TestUnreadableText sends text that databases refuse.
func TestUnreadableText(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	session := v.launch(t, 3)
	for _, path := range []string{session + "/learners/%00", session + "/learners/%ff", "/claim/%00", "/v/%00", "/nothing/%00"} {
		if w := v.get(t, path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s answers %d", path, w.Code)
		}
	}
	for _, bad := range []string{"\x00", "\xff"} {
		login := v.initiation(t)
		login.Set("client_id", "x"+bad)
		if w := v.post(t, "/lti/login", login); w.Code != http.StatusUnprocessableEntity || len(w.Result().Cookies()) != 0 {
			t.Errorf("login with %q answers %d", bad, w.Code)
		}
		if w := v.get(t, "/lti/login?"+login.Encode()); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("GET login with %q answers %d", bad, w.Code)
		}
		if w := v.post(t, "/lti/launch", url.Values{"state": {bad}, "id_token": {"x"}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("launch with %q answers %d", bad, w.Code)
		}
		if w := v.post(t, session+"/badges/take-over", url.Values{"csrf": {v.csrf(t, session+"/badges/new")}, "source": {bad}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("form with %q answers %d", bad, w.Code)
		}
	}
}

// TestHostileUploads sends files that are not pictures. The page says why, the form
// keeps what was typed, and no badge is made.
func TestHostileUploads(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	session := v.launch(t, 3)
	csrf := v.csrf(t, session+"/badges/new")
	const name = "Badge of the hostile picture"
	for _, tt := range []struct {
		name    string
		content []byte
		want    string
		kept    bool // the form is shown again
	}{
		{"no picture", []byte("%PDF-1.7 not a picture"), "PNG", true},
		{"script in an SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script></svg>`), "script", true},
		{"20 MB", bytes.Repeat([]byte{0x89}, 20<<20), "2 Mo", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			for field, value := range map[string]string{"csrf": csrf, "name": name, "description": "What it proves", "match": "all"} {
				must(t, form.WriteField(field, value))
			}
			file, err := form.CreateFormFile("upload", "badge.png")
			must(t, err)
			if _, err := file.Write(tt.content); err != nil {
				t.Fatal(err)
			}
			must(t, form.Close())
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, session+"/badges/new", &body)
			r.Header.Set("Content-Type", form.FormDataContentType())
			w := v.do(t, r)
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(said(w), tt.want) {
				t.Errorf("answer %d: %s; want 422 and %q", w.Code, said(w), tt.want)
			}
			if tt.kept && !strings.Contains(w.Body.String(), name) {
				t.Error("what was typed is lost")
			}
		})
	}
	if list := said(v.get(t, session+"/badges")); strings.Contains(list, name) {
		t.Error("a badge was made")
	}
}

// TestClaims claims twice, in two browsers, and with links that were never sent.
func TestClaims(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	link := d.claimPath(t, zoesMail)
	if w := d.visitor().get(t, link); w.Code != http.StatusOK || d.assertions(t, "6")[0].State != badges.Pending {
		t.Fatalf("opening the link answers %d, and leaves the badge %s", w.Code, d.assertions(t, "6")[0].State)
	}
	for range 2 {
		if w := d.visitor().post(t, link, url.Values{"decision": {"accept"}, "show_name": {"1"}}); w.Code != http.StatusSeeOther {
			t.Errorf("claim answers %d: %s", w.Code, said(w))
		}
	}
	got := d.assertions(t, "6")
	if len(got) != 1 || !got[0].Public() || !got[0].ShowName {
		t.Errorf("assertions = %+v, want one, claimed, with the name", got)
	}
	for _, path := range []string{"/claim/unknown", link + "x", "/claim/" + strings.Repeat("A", 5000), "/v/unknown", "/v/00000000-0000-0000-0000-000000000000"} {
		if w := d.visitor().get(t, path); w.Code != http.StatusNotFound || len(said(w)) < 40 {
			t.Errorf("GET %.40s answers %d: %s", path, w.Code, said(w))
		}
	}
}
