package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func (v visitor) initiation(t *testing.T) url.Values {
	t.Helper()
	return url.Values{
		"iss": {v.CampusURL}, "client_id": {v.client(t)}, "login_hint": {"6"}, "lti_message_hint": {`{"cmid":18, "launchid":"a b+c%2F"}`},
		"target_link_uri": {v.url + "/lti/launch"},
	}
}

// TestLoginInitiation sends good login initiations in every way that platforms use
// (cases 46, 50, 51, 52).
func TestLoginInitiation(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	for name, w := range map[string]*httptest.ResponseRecorder{
		"46 GET":  v.get(t, "/lti/login?"+v.initiation(t).Encode()),
		"46 POST": v.post(t, "/lti/login", v.initiation(t)),
	} {
		to, err := url.Parse(w.Header().Get("Location"))
		if err != nil || w.Code != http.StatusFound || !strings.HasPrefix(to.String(), d.CampusURL+"/mod/lti/auth.php?") {
			t.Fatalf("%s: %d %s", name, w.Code, to)
		}
		q := to.Query()
		if q.Get("lti_message_hint") != `{"cmid":18, "launchid":"a b+c%2F"}` {
			t.Errorf("50: the hint is now %q", q.Get("lti_message_hint"))
		}
		for field, want := range map[string]string{
			"scope": "openid", "response_mode": "form_post", "response_type": "id_token", "prompt": "none", "redirect_uri": d.url + "/lti/launch",
		} {
			if q.Get(field) != want {
				t.Errorf("51: %s = %q, want %q", field, q.Get(field), want)
			}
		}
	}
	framed := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/lti/login?"+v.initiation(t).Encode(), nil)
	framed.Header.Set("Sec-Fetch-Dest", "iframe")
	if w := d.visitor().do(t, framed); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "data-autosubmit") {
		t.Errorf("52: in a frame, before cookies are known: %d", w.Code)
	}
	// A browser that keeps cookies in the frame goes on at once, and also the next
	// time.
	keeps := d.visitor()
	found := hidden(keeps.do(t, framed.Clone(t.Context())))
	if want := v.initiation(t); found.Get("lti_message_hint") != want.Get("lti_message_hint") || found.Get("insigne_probe") != "1" {
		t.Errorf("50, 52: the page that looks for cookies has %v", found)
	}
	if w := keeps.post(t, "/lti/login", found); w.Code != http.StatusFound || !strings.HasPrefix(w.Header().Get("Location"), d.CampusURL+"/mod/lti/auth.php?") {
		t.Errorf("52: in a frame with cookies: %d", w.Code)
	}
	if w := keeps.do(t, framed.Clone(t.Context())); w.Code != http.StatusFound {
		t.Errorf("52: in a frame, the next time: %d", w.Code)
	}
	again := v.initiation(t)
	again.Set("insigne_probe", "1")
	if w := d.visitor().post(t, "/lti/login", again); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "data-store-login") {
		t.Errorf("52: in a frame without cookies: %d", w.Code)
	}
	if w := v.get(t, "/lti/launch"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("25: GET on the launch URL: %d, want 405", w.Code)
	}
}

// TestForgedInitiations sends login initiations that no connected platform sends (cases
// 47 to 49). The answer is a page with the reason, never a redirect.
func TestForgedInitiations(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	for name, change := range map[string]func(url.Values){
		"47 no issuer":      func(q url.Values) { q.Del("iss") },
		"47 no login hint":  func(q url.Values) { q.Del("login_hint") },
		"47 no target":      func(q url.Values) { q.Del("target_link_uri") },
		"48 unknown issuer": func(q url.Values) { q.Set("iss", "https://evil.example") },
		"48 unknown client": func(q url.Values) { q.Set("client_id", "nobody") },
		"22 target":         func(q url.Values) { q.Set("target_link_uri", "https://evil.example/") },
		"22 target twice":   func(q url.Values) { q.Set("target_link_uri", "//evil.example/lti/launch") },
		"huge":              func(q url.Values) { q.Set("login_hint", strings.Repeat("x", 1<<16)) },
	} {
		v := d.visitor()
		q := v.initiation(t)
		change(q)
		w := v.get(t, "/lti/login?"+q.Encode())
		if w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" || len(w.Result().Cookies()) != 0 || !strings.Contains(said(w), "Code") {
			t.Errorf("%s: %d, cookies %v: %s", name, w.Code, w.Result().Cookies(), said(w))
		}
	}
}

// TestLaunchOverAnotherSession launches in a browser that has the cookies of another
// person, and of an earlier session of the same person.
func TestLaunchOverAnotherSession(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	first := v.launch(t, 6)
	cookie := "__Host-insigne-" + strings.TrimPrefix(first, "/c/")
	before := v.cookies[cookie].Value
	if second := v.launch(t, 6); second != first || v.cookies[cookie].Value == before {
		t.Errorf("a second launch keeps the session of the first")
	}
	teacher := v.launch(t, 3)
	if teacher == first {
		t.Error("two people share a session")
	}
	planted := d.visitor()
	planted.cookies["__Host-insigne-"+strings.TrimPrefix(teacher, "/c/")] = v.cookies[cookie]
	if w := planted.get(t, teacher+"/badges"); w.Code != http.StatusUnauthorized {
		t.Errorf("a learner's cookie under the teacher's name opens the page: %d", w.Code)
	}
}

// TestLoginWithoutClient leaves out the client id. It works if the issuer has one
// client, and is refused if it has two (case 49).
func TestLoginWithoutClient(t *testing.T) {
	t.Parallel()
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
