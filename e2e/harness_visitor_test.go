package e2e_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// visitor keeps cookies as a browser does, and does nothing else of a browser. It keeps
// Secure cookies for the loopback address too.
type visitor struct {
	*demo
	cookies map[string]*http.Cookie
}

func (d *demo) visitor() visitor { return visitor{demo: d, cookies: map[string]*http.Cookie{}} }

func (v visitor) do(t *testing.T, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	r.Host = strings.TrimPrefix(v.url, "http://")
	r.Header.Set("Accept-Language", "en")
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "text/html,*/*;q=0.8")
	}
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.handler().ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if v.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
	return w
}

func (v visitor) get(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	return v.ask(t, http.MethodGet, path, nil)
}

func (v visitor) post(t *testing.T, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	return v.ask(t, http.MethodPost, path, form)
}

// login starts a login and returns the values that the platform must send back.
func (v visitor) login(t *testing.T, user int64) (nonce, state string) {
	t.Helper()
	w := v.get(t, "/lti/login?"+url.Values{
		"iss": {v.CampusURL}, "client_id": {v.client(t)}, "login_hint": {fmt.Sprint(user)}, "target_link_uri": {v.url + "/lti/launch"},
	}.Encode())
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusFound {
		t.Fatalf("login initiation answers %d, %v", w.Code, err)
	}
	return to.Query().Get("nonce"), to.Query().Get("state")
}

func (v visitor) client(t testing.TB) string {
	t.Helper()
	ids := v.Campus.ClientIDs()
	if len(ids) != 1 {
		t.Fatalf("client ids = %v, want one", ids)
	}
	return ids[0]
}

// launch opens the course as a user and returns the path of the session.
func (v visitor) launch(t *testing.T, user int64) string {
	t.Helper()
	return sessionOf(v.launchWith(t, user, nil))
}

// sessionOf returns the part of a page's path that names the session.
func sessionOf(page string) string { return page[:len("/c/")+32] }

// launchWith is launch with changed claims. It returns the path of the first page.
func (v visitor) launchWith(t *testing.T, user int64, change func(claims map[string]any)) string {
	t.Helper()
	return v.page(t, v.launched(t, user, "", change))
}

var csrfInput = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// csrf returns the token in the forms of a page.
func (v visitor) csrf(t *testing.T, path string) string {
	t.Helper()
	w := v.get(t, path)
	found := csrfInput.FindStringSubmatch(w.Body.String())
	if found == nil {
		t.Fatalf("no form: %d %s", w.Code, said(w))
	}
	return html.UnescapeString(found[1])
}

// admin returns a visitor who signed in as an administrator.
func (d *demo) admin(t *testing.T) visitor {
	t.Helper()
	v := d.visitor()
	link, err := d.App.AdminLink(t.Context())
	must(t, err)
	u, err := url.Parse(link)
	must(t, err)
	if w := v.post(t, u.Path, nil); w.Code != http.StatusSeeOther {
		t.Fatalf("sign-in answers %d: %s", w.Code, said(w))
	}
	return v
}

// browse sends a request to the campus without following redirects.
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

// opens opens the tool from a page of the campus: login initiation, authentication,
// launch. It returns the answer to the launch.
func (v visitor) opens(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	_, page := v.browse(t, http.MethodGet, v.CampusURL+path, nil)
	to := v.post(t, "/lti/login", carried(page)).Header().Get("Location")
	if to == "" {
		t.Fatalf("%s starts no login: %s", path, page)
	}
	_, page = v.browse(t, http.MethodGet, to, nil)
	return v.post(t, "/lti/launch", carried(page))
}

// page returns the path to which a launch redirects.
func (v visitor) page(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther {
		t.Fatalf("the launch is answered %d: %s", w.Code, said(w))
	}
	return to.Path
}

// ask sends a request, with a form if there is one.
func (v visitor) ask(t *testing.T, method, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return v.do(t, r)
}

// token returns the token that every form of a session has.
func (v visitor) token(t *testing.T, page string) string {
	t.Helper()
	w := v.get(t, page)
	found := csrfMeta.FindStringSubmatch(w.Body.String())
	if found == nil {
		t.Fatalf("%s has no token: %d %s", page, w.Code, said(w))
	}
	return found[1]
}

// launched posts the answer of the LMS to a login, with changed claims.
func (v visitor) launched(t *testing.T, user int64, query string, change func(claims map[string]any)) *httptest.ResponseRecorder {
	t.Helper()
	nonce, state := v.login(t, user)
	token, err := v.Campus.MintLaunch(v.client(t), user, nonce, change)
	must(t, err)
	return v.post(t, "/lti/launch"+query, url.Values{"id_token": {token}, "state": {state}})
}

// otherCourse changes the claims of a launch to another course of the same platform.
func otherCourse(claims map[string]any) {
	claims["https://purl.imsglobal.org/spec/lti/claim/context"] = map[string]any{
		"id": "77", "label": "OTHER", "title": "Another course", "type": []string{"http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"},
	}
}
