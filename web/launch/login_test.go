package launch_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestLogin starts a login at the platform. Browsers keep its cookie inside the LMS
// frame, and scripts cannot read it.
func TestLogin(t *testing.T) {
	s := newSite(t)
	form := initiation()
	form.Set("lti_message_hint", `{"cmid":18}`)
	for name, send := range map[string]func(b *webtest.Browser) webtest.Answer{
		"by GET":  func(b *webtest.Browser) webtest.Answer { return b.Get(page.LoginPath + "?" + form.Encode()) },
		"by POST": func(b *webtest.Browser) webtest.Answer { return request(b, page.LoginPath, form, "cross-site") },
	} {
		a := send(s.Anybody())
		if a.Status != http.StatusFound {
			t.Fatalf("%s: status %d, %s", name, a.Status, a.Text())
		}
		address, err := url.Parse(a.Header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		q := address.Query()
		for field, want := range map[string]string{
			"client_id": "client", "login_hint": "6", "lti_message_hint": `{"cmid":18}`, "redirect_uri": webtest.BaseURL + page.LaunchPath,
		} {
			if got := q.Get(field); got != want {
				t.Errorf("%s: the platform gets %s %q, want %q", name, field, got, want)
			}
		}
		kept := map[string]bool{}
		for _, c := range cookies(a) {
			kept[c.Name] = true
			if !c.Secure || !c.HttpOnly || !c.Partitioned || c.SameSite != http.SameSiteNoneMode || c.Path != "/" {
				t.Errorf("%s: cookie %s is %+v", name, c.Name, c)
			}
		}
		if len(kept) != 2 || !kept[lti.CookieName(q.Get("state"))] || !kept["__Host-insigne-probe"] {
			t.Errorf("%s: cookies %v", name, kept)
		}
	}
	if noted := s.noted(t); len(noted) > 0 {
		t.Errorf("a login without a launch stores %v", noted)
	}
}

// TestLoginRefused sends logins that no connected platform sends. The administrator can
// read about them, and nothing is stored.
func TestLoginRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(form url.Values)
		reason lti.Reason
		says   string
	}{
		{"unknown platform", func(f url.Values) { f.Set("iss", "https://stranger.example") }, lti.RegistrationUnknown, "This platform is not connected to Insigne."},
		{"unknown client", func(f url.Values) { f.Set("client_id", "other") }, lti.RegistrationUnknown, "This platform is not connected to Insigne."},
		{"no login hint", func(f url.Values) { f.Del("login_hint") }, lti.ParameterMissing, "The platform left out something"},
		{"a link to elsewhere", func(f url.Values) { f.Set("target_link_uri", "https://evil.example/lti/launch") }, lti.TargetForeign, "The link points to another site"},
	} {
		form := initiation()
		tt.change(form)
		// In a frame without cookies the login starts in another way and is refused
		// with the same reason.
		inTab := url.Values{"insigne_probe": {"1"}}
		for field, values := range form {
			inTab[field] = values
		}
		for where, sent := range map[string]url.Values{"": form, " in a tab": inTab} {
			t.Run(tt.name+where, func(t *testing.T) {
				s := newSite(t)
				a := request(s.Anybody(), page.LoginPath, sent, "cross-site")
				if a.Status != http.StatusBadRequest || code(a) != string(tt.reason) || !a.Shows(tt.says, "Open Insigne again from your course.") {
					t.Errorf("status %d: %s", a.Status, a.Text())
				}
				if len(cookies(a)) > 0 || a.Header.Get("Location") != "" {
					t.Errorf("refused, but the answer sets %v", a.Header)
				}
				refused := s.diagnosis.Logins()
				if len(refused) != 1 || refused[0].Reason != tt.reason || refused[0].Issuer != form.Get("iss") || refused[0].ClientID != form.Get("client_id") {
					t.Errorf("the diagnosis has %+v", refused)
				}
				if noted := s.noted(t); len(noted) > 0 {
					t.Errorf("stored: %v", noted)
				}
			})
		}
	}
}

// TestLoginRefusedInFrench answers in the browser's language.
func TestLoginRefusedInFrench(t *testing.T) {
	b := newSite(t).Anybody()
	b.Language = "fr-FR,fr;q=0.9"
	a := b.Get(page.LoginPath + "?iss=https://stranger.example&login_hint=6&target_link_uri=" + url.QueryEscape(webtest.BaseURL+page.LaunchPath))
	if !a.Shows("Cette plateforme n’est pas connectée à Insigne.", "Ouvrez à nouveau Insigne depuis votre cours.") || a.Header.Get("Content-Language") != "fr" {
		t.Error(a.Text())
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// fields returns the hidden fields of the form on a page.
func fields(a webtest.Answer) url.Values {
	form := url.Values{}
	for _, found := range hidden.FindAllStringSubmatch(a.Body, -1) {
		form.Set(found[1], strings.NewReplacer("&#43;", "+", "&amp;", "&").Replace(found[2]))
	}
	return form
}

// framed starts a login in a frame of the LMS.
func framed(b *webtest.Browser) webtest.Answer {
	r := httptest.NewRequest(http.MethodGet, page.LoginPath+"?"+initiation().Encode()+"&lti_storage_target=_parent&other=x", nil)
	r.Header.Set("Sec-Fetch-Dest", "iframe")
	return b.Do(r)
}

// TestProbe starts a login in a frame. The first page finds out whether the browser
// keeps our cookies there. It sends on what the platform sent, and nothing else.
func TestProbe(t *testing.T) {
	s := newSite(t)
	b := s.Anybody()
	a := framed(b)
	form := fields(a)
	want := initiation()
	want.Set("lti_storage_target", "_parent")
	want.Set("insigne_probe", "1")
	if a.Status != http.StatusOK || form.Encode() != want.Encode() || !a.Shows("Opening Insigne…") {
		t.Fatalf("status %d, fields %v: %s", a.Status, form, a.Text())
	}
	if !strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors *") {
		t.Errorf("policy %q", a.Header.Get("Content-Security-Policy"))
	}
	for name, tt := range map[string]struct {
		browser *webtest.Browser
		status  int
	}{"cookies are kept": {b, http.StatusFound}, "cookies are lost": {s.Anybody(), http.StatusOK}} {
		a := request(tt.browser, page.LoginPath, form, "same-origin")
		inTab := strings.Contains(a.Body, "data-store-login")
		if a.Status != tt.status || inTab != (tt.status == http.StatusOK) || (len(cookies(a)) > 0) == inTab {
			t.Errorf("%s: status %d, the secret is in the tab: %t, cookies %v", name, a.Status, inTab, cookies(a))
		}
	}
	if again := framed(b); again.Status != http.StatusFound {
		t.Errorf("the next time in a browser that keeps cookies: status %d", again.Status)
	}
}

// TestLoginsAreLimited starts too many logins at one moment. The last one must wait; a
// moment later a login works.
func TestLoginsAreLimited(t *testing.T) {
	s := newSite(t)
	b := s.Anybody()
	ask := func() webtest.Answer {
		r := httptest.NewRequest(http.MethodGet, page.LoginPath, nil)
		r.Header.Set("Accept", "application/json") // a short answer
		return b.Do(r)
	}
	for i := range 5000 {
		if a := ask(); a.Status != http.StatusBadRequest {
			t.Fatalf("login %d: status %d", i+1, a.Status)
		}
	}
	if a := b.Get(page.LoginPath + "?" + initiation().Encode()); a.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "10" ||
		!a.Shows("Too many people open Insigne at this moment.") {
		t.Errorf("one too many: status %d, %s", a.Status, a.Text())
	}
	s.Clock.Add(time.Millisecond)
	if a := b.Get(page.LoginPath + "?" + initiation().Encode()); a.Status != http.StatusFound {
		t.Errorf("a moment later: status %d", a.Status)
	}
}
