package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/web/webtest"
)

// wiretap is a proxy in front of a campus. It records the secrets that pass. It can
// also answer as a careless LMS does: with an error that repeats the request.
type wiretap struct {
	campus  http.Handler
	mu      sync.Mutex
	echoing string // which errors repeat the request: "tokens" or "services"
	secrets map[string]string
	echoed  int
}

func (w *wiretap) keep(name, secret string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if secret != "" {
		w.secrets[fmt.Sprintf("%s %d", name, len(w.secrets))] = secret
	}
}

func (w *wiretap) echo(where string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.echoing = where
}

func (w *wiretap) echoes() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.echoed
}

func (w *wiretap) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // a broken body fails at the campus
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body)) // scores are not a form
	for _, name := range []string{"client_assertion", "wstoken", "JWT"} {
		w.keep(name, form.Get(name))
	}
	bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	w.keep("bearer", bearer)
	service := strings.HasPrefix(r.URL.Path, "/mod/lti/services.php/") || r.URL.Path == "/webservice/rest/server.php"
	token := r.URL.Path == "/mod/lti/token.php"
	w.mu.Lock()
	echoes := service && w.echoing == "services" || token && w.echoing == "tokens"
	if echoes {
		w.echoed++
	}
	w.mu.Unlock()
	switch {
	case echoes && token:
		rw.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(rw, form.Get("client_assertion")+" was refused")
	case echoes && strings.HasPrefix(r.URL.Path, "/webservice/"):
		_ = json.NewEncoder(rw).Encode(map[string]string{"exception": "x", "errorcode": "invalid", "message": "no " + form.Get("wstoken"), "debuginfo": "called with " + string(body)})
	case echoes:
		rw.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(rw, "refused: Authorization: Bearer "+bearer+" for "+r.URL.String())
	case token:
		answer := httptest.NewRecorder()
		w.campus.ServeHTTP(answer, r)
		var granted struct {
			Token string `json:"access_token"`
		}
		_ = json.Unmarshal(answer.Body.Bytes(), &granted) // a refusal has no token
		w.keep("access token", granted.Token)
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(answer.Body.Bytes())
	default:
		w.campus.ServeHTTP(rw, r)
	}
}

// keepCookies records the cookies that a browser has now, of logins and sessions.
func (w *wiretap) keepCookies(v visitor) {
	for name, c := range v.cookies {
		if len(c.Value) > 3 {
			w.keep("session cookie "+name, c.Value)
		}
	}
}

var tabHeaders = regexp.MustCompile(`hx-headers="([^"]+)"`)

// TestSecretsStayOut does everything that uses a secret, with success and without, at
// an LMS that repeats secrets in its errors. All log levels are on. No secret may be in
// the log, and in the database only encrypted or hashed.
func TestSecretsStayOut(t *testing.T) {
	t.Parallel()
	var logged webtest.Log
	d := newLoggedDemo(t, campus.Faults{}, slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	tap := &wiretap{campus: d.Campus.Handler(), secrets: map[string]string{}}
	serveCampusBehind(t, d, tap)
	must(t, d.Seed(t.Context()))
	d.serveWeb(t)
	d.secretsOfRegistrations(t, tap)
	d.secretsOfLaunches(t, tap)
	d.secretsOfTabs(t, tap)
	d.secretsOfContent(t, tap)
	d.secretsOfServices(t, tap)
	d.secretsOfLinks(t, tap)

	text := logged.String()
	if strings.Count(text, "msg=request") < 30 || strings.Count(text, "launch refused") < 5 || tap.echoes() < 3 {
		t.Fatalf("not enough happened: %d requests echoed\n%s", tap.echoes(), text)
	}
	rows := strings.Join(d.rows(t), "\n")
	kinds := map[string]bool{}
	for name, secret := range tap.secrets {
		kind, _, _ := strings.Cut(name, " ")
		kinds[kind] = true
		for _, form := range []string{secret, url.QueryEscape(secret), html.EscapeString(secret)} {
			if i := strings.Index(text, form); i >= 0 {
				t.Errorf("the log has the %s: %s", name, around(text, i))
			}
			if i := strings.Index(rows, form); i >= 0 && kind != "person" {
				t.Errorf("the database has the %s: %s", name, around(rows, i))
			}
		}
	}
	for _, kind := range []string{"access", "bearer", "client_assertion", "wstoken", "JWT", "sesskey", "tab", "session", "invitation", "registration", "sign-in", "claim", "state", "nonce", "id_token", "person"} {
		if !kinds[kind] {
			t.Errorf("no %s passed", kind)
		}
	}
}

// around returns the text around an index.
func around(text string, i int) string {
	return text[max(0, i-150):min(len(text), i+30)]
}

// secretsOfRegistrations makes registrations that fail, at a platform that repeats the
// token, and opens registration pages.
func (d *demo) secretsOfRegistrations(t *testing.T, tap *wiretap) {
	t.Helper()
	r := newRegistrar(t)
	r.status, r.answer = http.StatusUnauthorized, "registration token r3gistration-t0ken was used already"
	configuration := r.URL + "/configuration?code=c0nfiguration-secret"
	tap.keep("registration token", "r3gistration-t0ken")
	tap.keep("registration address", "c0nfiguration-secret")
	for range 2 { // the second time the platform cannot be reached
		invite := d.invite(t)
		tap.keep("invitation", invite)
		form := url.Values{"invite": {invite}, "openid_configuration": {configuration}, "registration_token": {"r3gistration-t0ken"}, "again": {"1"}}
		d.visitor().get(t, "/lti/register?"+form.Encode())
		if w := d.visitor().post(t, "/lti/register", form); w.Code != http.StatusBadRequest {
			t.Errorf("the registration is answered %d", w.Code)
		}
		r.Close()
	}
}

// secretsOfLaunches sends launches with all claims, good ones and refused ones.
func (d *demo) secretsOfLaunches(t *testing.T, tap *wiretap) {
	t.Helper()
	for i, change := range []func(map[string]any){
		nil,
		func(c map[string]any) { c["exp"] = 22222 },
		func(c map[string]any) { c["name"] = map[string]any{"full": zoesMail} },
		func(c map[string]any) { c["email"] = []string{zoesMail} },
		func(c map[string]any) { c[ltiClaim+"message_type"] = "Lti" + strings.Repeat("x", 90) },
		func(c map[string]any) { c[ltiClaim+"deployment_id"] = "never seen" },
		func(c map[string]any) { c["nonce"] = "another" },
	} {
		v := d.visitor()
		nonce, state := v.login(t, 6)
		token, err := d.Campus.MintLaunch(v.client(t), 6, nonce, func(c map[string]any) {
			c[ltiClaim+"launch_presentation"] = map[string]any{"locale": "fr", "return_url": d.CampusURL + "/mod/lti/return.php?sesskey=s3ssion-key-of-moodle"}
			if change != nil {
				change(c)
			}
		})
		must(t, err)
		for _, kept := range [][2]string{{"nonce", nonce}, {"state", state}, {"id_token", token}, {"id_token signature", token[strings.LastIndex(token, ".")+1:]}} {
			tap.keep(kept[0], kept[1])
		}
		tap.keepCookies(v)
		for _, token := range []string{token + "x", token, token} { // forged, unchanged, sent again
			v.post(t, "/lti/launch", url.Values{"id_token": {token}, "state": {state}})
			v.get(t, "/lti/launch?"+url.Values{"id_token": {token}, "state": {state}}.Encode())
		}
		tap.keepCookies(v)
		if i == 0 && len(v.cookies) < 2 {
			t.Error("the good launch leaves no session")
		}
	}
	tap.keep("sesskey of the return address", "s3ssion-key-of-moodle")
	for name, text := range map[string]string{"mail": zoesMail, "other mail": sineadsMail, "name": "Ångström"} {
		tap.keep("person "+name, text)
	}
}

// secretsOfTabs launches in a browser that keeps no cookies.
func (d *demo) secretsOfTabs(t *testing.T, tap *wiretap) {
	t.Helper()
	begun := d.visitor()
	nonce, state := begun.login(t, 6)
	token, err := d.Campus.MintLaunch(begun.client(t), 6, nonce, nil)
	must(t, err)
	form := url.Values{"id_token": {token}, "state": {state}}
	for _, c := range begun.cookies {
		if strings.HasPrefix(c.Name, "__Host-lti-") {
			form.Set("proof", c.Value)
		}
	}
	tap.keep("state of a tab", state)
	tap.keep("session proof", form.Get("proof"))
	w := d.visitor().do(t, fromOurPage(t, form))
	found := tabHeaders.FindStringSubmatch(w.Body.String())
	if found == nil {
		t.Fatalf("no tab: %d %s", w.Code, w.Body)
	}
	var headers map[string]string
	must(t, json.Unmarshal([]byte(html.UnescapeString(found[1])), &headers))
	session := regexp.MustCompile(`/c/[0-9a-f]{32}`).FindString(w.Body.String())
	for name, value := range headers {
		tap.keep("tab token", value)
		for value, want := range map[string]int{value: http.StatusOK, value + "x": http.StatusUnauthorized} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, session+"/mine", nil)
			r.Header.Set(name, value)
			if w := d.visitor().do(t, r); w.Code != want {
				t.Errorf("the tab's page is answered %d, want %d", w.Code, want)
			}
		}
	}
}

// secretsOfContent answers a deep linking request twice.
func (d *demo) secretsOfContent(t *testing.T, tap *wiretap) {
	t.Helper()
	v := d.visitor()
	page := v.page(t, v.opens(t, "/mod/lti/contentitem.php?id=2&course=2&as=3"))
	form := url.Values{"csrf": {v.csrf(t, page)}, "choice": {"course"}}
	w := v.post(t, page, form)
	address, err := url.Parse(html.UnescapeString(formAction.FindStringSubmatch(w.Body.String())[1]))
	must(t, err)
	tap.keep("sesskey", address.Query().Get("sesskey"))
	tap.keep("JWT", carried(w.Body.String()).Get("JWT"))
	tap.keep("session token of forms", form.Get("csrf"))
	v.post(t, page, form)
}

// secretsOfServices uses every service, with success and with the careless LMS.
func (d *demo) secretsOfServices(t *testing.T, tap *wiretap) {
	t.Helper()
	admin := d.admin(t)
	for _, c := range admin.cookies {
		tap.keep("session cookie of the administrator", c.Value)
	}
	tap.keep("wstoken", d.Campus.Token())
	platform := "/admin/platforms/" + string(d.platform(t))
	teacher := d.visitor()
	page := teacher.launch(t, 3) + "/badges/" + string(d.seededBadge(t).ID)
	csrf := teacher.token(t, page)
	d.work(t)
	eventually(t, "the award", func() bool { return len(d.assertions(t, "6")) == 1 })
	for _, where := range []string{"tokens", "", "services"} {
		tap.echo(where)
		for _, path := range []string{"/connection", "/check"} {
			admin.post(t, platform+path, url.Values{"csrf": {admin.csrf(t, platform)}})
		}
		admin.post(t, platform+"/service", url.Values{"csrf": {admin.csrf(t, platform)}, "url": {d.CampusURL}, "token": {d.Campus.Token()}})
		teacher.post(t, page+"/column", url.Values{"csrf": {csrf}, "column": {"on"}})
		teacher.get(t, page+"/preview")
		teacher.post(t, page[:len("/c/")+32]+"/check", url.Values{"csrf": {csrf}})
		before := tap.echoes()
		if where == "services" {
			eventually(t, "a reading that fails", func() bool { return d.problem(t) != "" && tap.echoes() > before+3 })
		}
	}
	tap.echo("")
	wrong := "0123456789abcdef-wr0ng"
	tap.keep("wstoken that is wrong", wrong)
	admin.post(t, platform+"/service", url.Values{"csrf": {admin.csrf(t, platform)}, "url": {d.CampusURL}, "token": {wrong}})
}

// secretsOfLinks opens the links that sign in and that claim.
func (d *demo) secretsOfLinks(t *testing.T, tap *wiretap) {
	t.Helper()
	link, err := d.App.AdminLink(t.Context())
	must(t, err)
	address, err := url.Parse(link)
	must(t, err)
	claim := d.claimLink(t, d.assertions(t, "6")[0].ID)
	tap.keep("sign-in link", address.Path[strings.LastIndex(address.Path, "/")+1:])
	tap.keep("claim link", strings.TrimPrefix(claim, "/claim/"))
	for _, path := range []string{address.Path, claim} {
		for range 2 {
			d.visitor().get(t, path)
			d.visitor().get(t, path+"x")
			d.visitor().post(t, path, url.Values{"decision": {"accept"}})
		}
	}
}
