package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

const (
	formerHost = "old.lutece.example"
	formerURL  = "https://" + formerHost
)

// newMovedSite returns an installation that was at formerURL before.
func newMovedSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.config.Former = []string{formerURL}
	var err error
	if s.server, err = web.New(s.config); err != nil {
		t.Fatal(err)
	}
	s.Serve(s.server.Handler())
	return s
}

// at returns a request of a browser to a host.
func at(host, method, path string) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	r.Host = host
	r.Header.Set("Accept", "text/html")
	return r
}

// stays lists the routes for anybody that are answered at a former host. Everything
// else is for people, who are sent to the current host.
var stays = []string{
	"/v/{assertion}.jws", "/v/{assertion}/credential", "/v/{assertion}.jwt", "/v/{assertion}.svg", "/v/{assertion}.pdf", "/badges/{version}/{language}",
	"/issuers/{issuer}/did.json", "/issuers/{issuer}/keys/{key}", "/issuers/{issuer}/revocations.json", "/status/{list}",
	"/healthz", "/readyz", "/static/", "/lti/jwks.json", "/v/{assertion}.json", "/v/{assertion}.png", "/badges/{version}", "/issuers/{issuer}",
	"/schemas/rule.json", "/pictures/{hash}.png",
}

// TestEveryRouteAtFormerHost requests every route of the table at a former host. A new
// route must be put into forPeople, or into stays.
func TestEveryRouteAtFormerHost(t *testing.T) {
	s := newMovedSite(t)
	for _, route := range table(t) {
		t.Run(route.Method+" "+route.Path, func(t *testing.T) {
			p := path(s.Anybody(), route)
			a := s.Anybody().Do(at(formerHost, route.Method, p))
			where := a.Header.Get("Location")
			launch := p == page.LoginPath || p == page.LaunchPath
			switch {
			case slices.Contains(stays, route.Path):
				if a.Status == http.StatusTemporaryRedirect || a.Status == http.StatusGone || where != "" {
					t.Errorf("it does not stay: status %d, to %q", a.Status, where)
				}
			case route.Method == http.MethodGet, launch:
				if a.Status != http.StatusTemporaryRedirect || where != webtest.BaseURL+p {
					t.Errorf("status %d, to %q; want %s", a.Status, where, webtest.BaseURL+p)
				}
			default:
				if a.Status != http.StatusGone || where != "" || !a.Shows("Insigne has a new address", "Nothing was changed.") {
					t.Errorf("status %d, to %q: %s", a.Status, where, a.Text())
				}
			}
			if len(a.Header.Values("Set-Cookie")) > 0 {
				t.Errorf("it sets cookies: %q", a.Header.Values("Set-Cookie"))
			}
		})
	}
}

// TestLeaveFormerHost checks where people are sent. Only our own hosts get into a
// redirect, and only a host that is listed is a former one.
func TestLeaveFormerHost(t *testing.T) {
	s := newMovedSite(t)
	award := s.GiveAward(t, "5", badges.Claimed)
	awardPath := "/v/" + string(award.ID)
	for _, tt := range []struct {
		name, host, method, path string
		accept                   string
		status                   int
		location                 string
	}{
		{"a page of an award", formerHost, "GET", awardPath, "text/html,*/*", 307, webtest.BaseURL + awardPath},
		{"in a language", formerHost, "GET", awardPath + "?lang=fr&x=%2F%2Fevil.example", "", 307, webtest.BaseURL + awardPath + "?lang=fr&x=%2F%2Fevil.example"},
		{"in capitals, with the port", "OLD.lutece.example:443", "GET", awardPath, "", 307, webtest.BaseURL + awardPath},
		{"only its headers", formerHost, "HEAD", awardPath, "", 307, webtest.BaseURL + awardPath},
		{"its JSON", formerHost, "GET", awardPath, "application/json", 200, ""},
		{"its JSON-LD", formerHost, "GET", awardPath, "application/ld+json, text/html;q=0.1", 200, ""},
		{"its file", formerHost, "GET", awardPath + ".json", "text/html", 200, ""},
		{"at the current host", "badges.lutece.example", "GET", awardPath, "text/html", 200, ""},
		{"at a host that is not ours", "evil.example", "GET", awardPath, "text/html", 200, ""},
		{"at a host below a former one", "a." + formerHost, "GET", "/", "", 200, ""},
		{"with another port", formerHost + ":8443", "GET", "/", "", 200, ""},
		{"without a host", "", "GET", "/", "", 200, ""},
		{"the front page", formerHost, "GET", "/", "", 307, webtest.BaseURL + "/"},
		{"a claim", formerHost, "GET", "/claim/S3cret", "", 307, webtest.BaseURL + "/claim/S3cret"},
		{"an escaped path", formerHost, "GET", "/claim/a%2F..%2Fb%0d%0aX", "", 307, webtest.BaseURL + "/claim/a%2F..%2Fb%0d%0aX"},
		{"an invitation", formerHost, "GET", "/lti/register?invite=S3cret", "", 307, webtest.BaseURL + "/lti/register?invite=S3cret"},
		{"the console", formerHost, "GET", "/admin", "", 307, webtest.BaseURL + "/admin"},
		{"what begins like the console", formerHost, "GET", "/administration", "", 404, ""},
		{"another host in the path", formerHost, "GET", "//evil.example/claim/x", "", 301, "/evil.example/claim/x"},
		{"another host in a claim", formerHost, "GET", "/claim//evil.example", "", 307, webtest.BaseURL + "/claim//evil.example"},
		{"no page", formerHost, "GET", "/nothing", "", 404, ""},
		{"a login", formerHost, "GET", "/lti/login?iss=https%3A%2F%2Flms.example&login_hint=1", "", 307, webtest.BaseURL + "/lti/login?iss=https%3A%2F%2Flms.example&login_hint=1"},
		{"a login by a form", formerHost, "POST", "/lti/login", "", 307, webtest.BaseURL + "/lti/login"},
		{"a launch", formerHost, "POST", "/lti/launch", "", 307, webtest.BaseURL + "/lti/launch"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := at(tt.host, tt.method, tt.path)
			if tt.accept != "" {
				r.Header.Set("Accept", tt.accept)
			}
			r.Header.Set("X-Forwarded-Host", "evil.example")
			a := s.Anybody().Do(r)
			if got := a.Header.Get("Location"); a.Status != tt.status || got != tt.location {
				t.Errorf("status %d, to %q; want %d, to %q", a.Status, got, tt.status, tt.location)
			}
			if tt.status == 307 && (a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" || a.Header.Get("Vary") != "Accept") {
				t.Errorf("headers of the redirect: %v", a.Header)
			}
			if tt.host != formerHost && strings.Contains(a.Body, tt.host) && tt.host != "" && tt.host != "badges.lutece.example" {
				t.Errorf("the host %q is in the page", tt.host)
			}
		})
	}
}

// TestFormsAtFormerHost sends forms that were opened before the move. They change
// nothing, and lead to the page where the person can begin again.
func TestFormsAtFormerHost(t *testing.T) {
	s := newMovedSite(t)
	award := s.GiveAward(t, "5", badges.Pending)
	claim, err := s.Links.Claim(award.ID)
	if err != nil {
		t.Fatal(err)
	}
	claimPath := strings.TrimPrefix(claim, webtest.BaseURL)
	admin := s.Administrator(t)
	teacher := s.Open(t, page.Session{User: "3", Teacher: true})
	send := func(b *webtest.Browser, path string, form url.Values, headers ...string) webtest.Answer {
		form.Set("csrf", b.CSRF)
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Host = formerHost
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return b.Do(r)
	}
	for _, tt := range []struct {
		name string
		a    webtest.Answer
		link string
	}{
		{"a claim", send(s.Anybody(), claimPath, url.Values{"decision": {"claim"}}), claim},
		{"the console", send(admin, "/admin/invitations", url.Values{}), webtest.BaseURL + "/admin"},
		{"a course", send(teacher, teacher.Who.Path("/check"), url.Values{}), ""},
		{"a registration", send(s.Anybody(), "/lti/register", url.Values{}), ""},
	} {
		link := `id="moved" href="` + tt.link + `"`
		if tt.a.Status != http.StatusGone || !tt.a.Shows("Insigne has a new address") || strings.Contains(tt.a.Body, link) != (tt.link != "") {
			t.Errorf("%s: status %d, want a link to %q: %s", tt.name, tt.a.Status, tt.link, tt.a.Body)
		}
		if policy := tt.a.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors *") {
			t.Errorf("%s: the frame of the LMS cannot show it: %q", tt.name, policy)
		}
	}
	after, err := s.Store.Assertion(t.Context(), award.ID)
	if err != nil || after.State != badges.Pending {
		t.Errorf("the award is %s, %v", after.State, err)
	}
	if open, err := s.config.Invitations.Open(t.Context()); err != nil || len(open) > 0 {
		t.Errorf("%d invitations, %v", len(open), err)
	}
	if a := send(s.Anybody(), claimPath, url.Values{}, "Sec-Fetch-Site", "cross-site"); a.Status != http.StatusForbidden {
		t.Errorf("a form of another site: status %d", a.Status)
	}
	if a := send(s.Anybody(), claimPath, url.Values{}, "Accept", "application/json"); a.Status != http.StatusGone || !strings.Contains(a.Body, `"code":"moved"`) {
		t.Errorf("a program: status %d, %s", a.Status, a.Body)
	}
}

// TestFormerHostInLog logs requests at a former host without their address.
func TestFormerHostInLog(t *testing.T) {
	s := newMovedSite(t)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		s.Anybody().Do(at(formerHost, method, "/claim/S3cret"))
	}
	s.Anybody().Do(at(formerHost, http.MethodGet, "/healthz"))
	logged := s.Log.String()
	for _, want := range []string{`route="former host" status=307`, `route="former host" status=410`, "route=/healthz status=200"} {
		if !strings.Contains(logged, want) {
			t.Errorf("the log lacks %s: %s", want, logged)
		}
	}
	if strings.Contains(logged, "S3cret") {
		t.Errorf("the log has the secret: %s", logged)
	}
}

// TestMovedInFrench shows the page about the move in French too.
func TestMovedInFrench(t *testing.T) {
	s := newMovedSite(t)
	b := s.Anybody()
	b.Language = "fr"
	if a := b.Do(at(formerHost, http.MethodPost, "/claim/x")); !a.Shows("Insigne a changé d’adresse", "Rien n’a été modifié.") {
		t.Error(a.Text())
	}
}

// TestFormerBaseURLs refuses former addresses that cannot be told apart from others.
func TestFormerBaseURLs(t *testing.T) {
	cfg := newSite(t).config
	got := map[string]bool{}
	for _, former := range []string{formerURL, webtest.BaseURL, formerURL + "/", ""} {
		cfg.Former = []string{former}
		_, err := web.New(cfg)
		got[former] = err == nil
	}
	want := map[string]bool{formerURL: true, webtest.BaseURL: false, formerURL + "/": false, "": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("accepted (-want +got):\n%s", diff)
	}
}
