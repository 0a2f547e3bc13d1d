package e2e_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/campus"
)

// visitor is a browser reduced to its cookies. It keeps Secure cookies for the
// loopback address, as browsers do.
type visitor struct {
	*demo
	cookies map[string]*http.Cookie
}

func (d *demo) visitor() visitor { return visitor{demo: d, cookies: map[string]*http.Cookie{}} }

func (v visitor) do(t *testing.T, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	r.Host = strings.TrimPrefix(v.url, "http://")
	r.Header.Set("Accept-Language", "en")
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
	return v.do(t, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
}

func (v visitor) post(t *testing.T, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(t, r)
}

// login starts a launch and returns what the platform must echo.
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

// launch opens the course as somebody and returns the path of the session.
func (v visitor) launch(t *testing.T, user int64) string {
	t.Helper()
	return sessionOf(v.launchWith(t, user, nil))
}

// sessionOf is the part of a page's path that names the session.
func sessionOf(page string) string { return page[:len("/c/")+32] }

// launchWith changes the claims first and returns the path of the first page.
func (v visitor) launchWith(t *testing.T, user int64, change func(claims map[string]any)) string {
	t.Helper()
	nonce, state := v.login(t, user)
	token, err := v.Campus.MintLaunch(v.client(t), user, nonce, change)
	if err != nil {
		t.Fatal(err)
	}
	w := v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {state}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("launch answers %d: %s", w.Code, said(w))
	}
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return to.Path
}

var csrfInput = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// csrf is the token in the forms of a page.
func (v visitor) csrf(t *testing.T, path string) string {
	t.Helper()
	w := v.get(t, path)
	found := csrfInput.FindStringSubmatch(w.Body.String())
	if found == nil {
		t.Fatalf("no form: %d %s", w.Code, said(w))
	}
	return html.UnescapeString(found[1])
}

var tags = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]*>`)

// said is the text of a page.
func said(w *httptest.ResponseRecorder) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(w.Body.String(), " "))), " ")
}

// runningDemo is a demo whose first mail has arrived.
func runningDemo(t *testing.T) *demo {
	t.Helper()
	d := newDemo(t, campus.Faults{})
	d.start(t)
	eventually(t, "the first mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	return d
}
