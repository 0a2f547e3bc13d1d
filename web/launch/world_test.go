package launch_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
	"github.com/insigne-badges/insigne/web/launch"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// The platform of the tests. Its pages and its login are on two hosts.
const (
	issuer    = "https://lms.example.org"
	authURL   = "https://login.example.org/auth"
	returnURL = issuer + "/course/view.php?id=2&sesskey=S3ssKey"
)

// site is an installation with a platform that answers.
type site struct {
	*webtest.Site

	lms         *lms
	tool        *lti.Tool
	invitations connect.Invitations
	diagnosis   *connect.Diagnosis
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{Site: webtest.NewSite(t), lms: newLMS(t)}
	s.save(t, lti.Registration{Issuer: issuer, ClientID: "client", AuthURL: authURL, TokenURL: s.lms.URL + "/token", KeysURL: s.lms.URL + "/keys"})
	var err error
	s.tool, err = lti.New(lti.Config{
		BaseURL: webtest.BaseURL, LoginPath: page.LoginPath, LaunchPath: page.LaunchPath, KeysPath: page.KeysPath, Registrations: s.Store,
		Keys: ownKey{}, StateKey: bytes.Repeat([]byte("k"), 32), Client: &http.Client{Timeout: time.Minute}, Now: s.Clock.Now, Rand: rand.Reader, AllowHTTP: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.invitations = connect.NewInvitations(s.Store, webtest.BaseURL, rand.Reader)
	s.diagnosis = connect.NewDiagnosis(s.Store, s.Clock.Now)
	s.Mount(launch.New(launch.Config{
		Gates: s.Gates, Store: s.Store, Tool: s.tool, Diagnosis: s.diagnosis, PictureURL: s.Links.Picture, Now: s.Clock.Now,
		Columns:      &gradebook.Columns{Store: s.Store, Tool: s.tool, PublicURL: s.Links.Page, Now: s.Clock.Now},
		Registration: connect.NewRegistration(s.Store, s.invitations, s.tool, connect.Client(s.tool.LaunchURL(), webtest.BaseURL+"/icon.svg")),
	}))
	return s
}

// save registers a platform with the deployment "1".
func (s *site) save(t *testing.T, reg lti.Registration) (id badges.PlatformID) {
	t.Helper()
	storetest.Tx(t, s.Store, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = tx.SavePlatform(ctx, reg, "1", badges.ByPlatform)
		return err
	})
	return id
}

// ownKey signs messages of the tool.
type ownKey struct{}

func (ownKey) SigningKeys(context.Context) ([]lti.SigningKey, error) {
	key, err := toolKey()
	return []lti.SigningKey{{ID: "own", Private: key}}, err
}

// initiation returns the parameters with which the platform starts a login.
func initiation() url.Values {
	return url.Values{"iss": {issuer}, "client_id": {"client"}, "login_hint": {"6"}, "target_link_uri": {webtest.BaseURL + page.LaunchPath}}
}

// request sends a form from a page. from is the Sec-Fetch-Site of that page.
func request(b *webtest.Browser, path string, form url.Values, from string) webtest.Answer {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if from != "" {
		r.Header.Set("Sec-Fetch-Site", from)
	}
	return b.Do(r)
}

// visit is a login that a browser started.
type visit struct {
	*site

	browser      *webtest.Browser
	state, nonce string
	cookie       *http.Cookie // nil if the secret is in the tab
}

func (s *site) login(t *testing.T, b *webtest.Browser) visit {
	t.Helper()
	a := b.Get(page.LoginPath + "?" + initiation().Encode())
	if a.Status != http.StatusFound {
		t.Fatalf("login: status %d, %s", a.Status, a.Text())
	}
	v := s.began(t, b, a.Header.Get("Location"))
	for _, c := range cookies(a) {
		if c.Name == lti.CookieName(v.state) {
			v.cookie = c
		}
	}
	return v
}

// began returns the login that redirects to address, at the platform.
func (s *site) began(t *testing.T, b *webtest.Browser, address string) visit {
	t.Helper()
	rest, ok := strings.CutPrefix(address, authURL+"?")
	q, err := url.ParseQuery(rest)
	if !ok || err != nil || q.Get("state") == "" || q.Get("nonce") == "" {
		t.Fatalf("the login redirects to %q", address)
	}
	return visit{site: s, browser: b, state: q.Get("state"), nonce: q.Get("nonce")}
}

func claim(name string) string { return "https://purl.imsglobal.org/spec/lti/claim/" + name }

// roles returns the full names of roles in a course.
func roles(names ...string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = "http://purl.imsglobal.org/vocab/lis/v2/membership#" + name
	}
	return list
}

// message returns the claims about a learner who opens a link in the course.
func (v visit) message() map[string]any {
	now := v.Clock.Now()
	return map[string]any{
		"iss": issuer, "aud": "client", "sub": "6", "nonce": v.nonce, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"name": "Zoë Ångström", "email": "zoe@lms.example.org",
		claim("version"): "1.3.0", claim("message_type"): "LtiResourceLinkRequest", claim("deployment_id"): "1",
		claim("target_link_uri"): webtest.BaseURL + page.LaunchPath, claim("roles"): roles("Learner"),
		claim("context"):             map[string]any{"id": "2", "label": "BADGE101", "title": "Données"},
		claim("resource_link"):       map[string]any{"id": "1", "title": "Badges"},
		claim("launch_presentation"): map[string]any{"locale": "en", "return_url": returnURL},
	}
}

// form returns the platform's answer to the login, with claims changed by change.
func (v visit) form(t *testing.T, change func(m map[string]any)) url.Values {
	t.Helper()
	m := v.message()
	if change != nil {
		change(m)
	}
	return url.Values{"state": {v.state}, "id_token": {sign(t, platformKey, m)}}
}

// opens sends the platform's answer from a page of the platform.
func (v visit) opens(t *testing.T, change func(m map[string]any)) webtest.Answer {
	t.Helper()
	return request(v.browser, page.LaunchPath, v.form(t, change), "cross-site")
}

// with returns a function that sets claims.
func with(claims ...any) func(m map[string]any) {
	return func(m map[string]any) {
		for i := 0; i < len(claims); i += 2 {
			m[claims[i].(string)] = claims[i+1] // claims must be names and values in turn
		}
	}
}

func cookies(a webtest.Answer) []*http.Cookie { return (&http.Response{Header: a.Header}).Cookies() }

// session returns the session that an answer starts, and its first page.
func (s *site) session(t *testing.T, a webtest.Answer) (who page.Session, opens string) {
	t.Helper()
	rest, ok := strings.CutPrefix(a.Header.Get("Location"), "/c/")
	handle, opens, _ := strings.Cut(rest, "/")
	if a.Status != http.StatusSeeOther || !ok {
		t.Fatalf("status %d, to %q: %s", a.Status, a.Header.Get("Location"), a.Text())
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range cookies(a) {
		r.AddCookie(c)
	}
	who, err := s.Gates.Sessions.Read(mux.SetURLVars(r, map[string]string{"session": handle}))
	if err != nil {
		t.Fatal(err)
	}
	return who, "/" + opens
}

// beginsSession reports whether an answer starts a session.
func beginsSession(a webtest.Answer) bool {
	for _, c := range cookies(a) {
		if strings.HasPrefix(c.Name, "__Host-insigne-") && c.Name != "__Host-insigne-probe" {
			return true
		}
	}
	return strings.Contains(a.Body, page.TabHeader)
}

var codeOnPage = regexp.MustCompile(`id="problem-code">([a-z_]+)<`)

// code returns the reason code on an error page.
func code(a webtest.Answer) string {
	if found := codeOnPage.FindStringSubmatch(a.Body); found != nil {
		return found[1]
	}
	return ""
}

// noted returns the launches in the store, the newest first: the message type of each,
// or the reason of its refusal.
func (s *site) noted(t *testing.T) (list []string) {
	t.Helper()
	launches, err := s.Store.Launches(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range launches {
		list = append(list, string(l.Message)+string(l.Reason))
	}
	return list
}

// untouched checks that no course and no person was saved.
func (s *site) untouched(t *testing.T) {
	t.Helper()
	members, err := s.Store.Members(t.Context(), s.World.Course)
	if err != nil || len(members) > 0 {
		t.Errorf("members: %+v, %v", members, err)
	}
	courses, err := s.Store.Courses(t.Context(), s.World.Course.Platform)
	if err != nil || len(courses) != 1 || courses[0].Title != "Course" {
		t.Errorf("courses: %+v, %v", courses, err)
	}
}

func newPost(path string, form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}
