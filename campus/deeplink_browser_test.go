package campus_test

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A teacher adds an activity in Chromium: the button opens the tool in a frame, and the
// tool's answer leads back to the course.
func TestDeepLinkingInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("short: no browser")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no Chromium:", err)
	}
	s := newSite(t)
	var x tool
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { x.choose(t, w, r) }))
	t.Cleanup(home.Close)
	x = tool{site: s, home: home.URL}
	x.client = s.register(t, x.registration()).json(t).(map[string]any)["client_id"].(string)
	if err := s.Activate(x.client); err != nil {
		t.Fatal(err)
	}
	ctx := visit(t, s.url+"/course/2?as=3&lang=fr")
	if err := chromedp.Do(ctx, chromedp.Click("#add-activity")); err != nil {
		t.Fatal(err)
	}
	activities, err := chromedp.Run(ctx, chromedp.Text("a.activity"))
	if err != nil {
		t.Fatal(err)
	}
	if added := s.added(); len(added) != 1 || activities != added[0].Name {
		t.Errorf("the page shows %q, added are %v", activities, added)
	}
}

// choose answers deep linking at once with a recorded item.
func (x tool) choose(t *testing.T, w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/login" && strings.HasPrefix(r.FormValue("target_link_uri"), x.home+"/dl"):
		q := url.Values{
			"scope": {"openid"}, "response_type": {"id_token"}, "response_mode": {"form_post"}, "client_id": {x.client},
			"redirect_uri": {x.home + "/launch"}, "login_hint": {r.FormValue("login_hint")}, "lti_message_hint": {r.FormValue("lti_message_hint")},
			"state": {"a-state"}, "nonce": {"a-nonce"},
		}
		http.Redirect(w, r, x.url+"/mod/lti/auth.php?"+q.Encode(), http.StatusFound)
	case r.URL.Path == "/launch" && r.FormValue("id_token") != "":
		settings := tokenClaims(t, r.FormValue("id_token"))[dlClaim+"deep_linking_settings"].(map[string]any)
		content := sign(t, x.recordedContent(t, recorded(t, "deeplink-3-response-one-item-no-url-no-lineitem")), toolKID)
		_, _ = io.WriteString(w, `<!doctype html><form method="post" action="`+html.EscapeString(settings["deep_link_return_url"].(string))+`"><input name="JWT" value="`+content+`"></form><script>document.forms[0].submit()</script>`)
	case r.URL.Path == "/jwks":
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{publicKey(t)}})
	}
}

// visit opens an address in Chromium, which closes when the test ends.
func visit(t *testing.T, address string) context.Context {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	return ctx
}
