package e2e_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/insigne-badges/insigne/app"
)

// withoutCookies starts a browser that reaches the service through a proxy that
// takes every cookie away, as browsers do that block those of other sites.
func withoutCookies(t *testing.T, d *demo) chromedp.ExecAllocatorOption {
	t.Helper()
	target, err := url.Parse(d.url)
	must(t, err)
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Cookie")
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Del("Set-Cookie")
			return nil
		},
	})
	t.Cleanup(proxy.Close)
	_, port, err := net.SplitHostPort(proxy.Listener.Addr().String())
	must(t, err)
	return chromedp.Flag("host-resolver-rules", "MAP "+target.Host+" 127.0.0.1:"+port)
}

// teacherWithoutCookies makes a badge in the frame while no cookie is kept: the
// session lives in the tab.
func teacherWithoutCookies(t *testing.T, d *demo) {
	ctx := browser(t, "fr", withoutCookies(t, d))
	frame := inFrame(t, ctx, d, "3", "#new-badge")
	run(t, ctx, "open the form", chromedp.Click(chromedp.CSS("#new-badge"), frame), chromedp.WaitVisible(chromedp.CSS("#badge-form"), frame))
	run(t, ctx, "send it with an error in it",
		chromedp.SetAttributeValue(chromedp.CSS("#badge-form"), "novalidate", "", frame),
		chromedp.Click(chromedp.CSS("#save-badge"), frame),
		chromedp.WaitVisible(chromedp.CSS("#badge-form .alert-danger, .alert-danger"), frame))
	said := read(t, ctx, "read the error", chromedp.Text(chromedp.CSS(".alert-danger"), frame))
	if !strings.Contains(said, "image") {
		t.Errorf("the form says %q, want the missing picture", said)
	}
	run(t, ctx, "fill it in", badgeOfQuiz(frame, "Sans témoin", "Fait sans témoin de connexion.", "95"),
		chromedp.Click(chromedp.CSS("#save-badge"), frame),
		chromedp.WaitVisible(chromedp.CSS("#switch-on"), frame), shots("tab-badge-fr"),
		chromedp.Click(chromedp.CSS("#switch-on"), frame), chromedp.WaitVisible(chromedp.CSS("#switch-off"), frame))
	cookies := read(t, ctx, "look for cookies", chromedp.Evaluate[string](`document.querySelector("#contentframe").contentDocument?.cookie ?? ""`))
	if cookies != "" {
		t.Errorf("cookies = %q", cookies)
	}
}

// learnerWithoutCookies reads the page in the course.
func learnerWithoutCookies(t *testing.T, d *demo) {
	ctx := browser(t, "fr", withoutCookies(t, d))
	frame := inFrame(t, ctx, d, "10", ".in-progress")
	said := read(t, ctx, "what is missing", chromedp.Text(chromedp.CSS("#my-badges"), frame))
	if !strings.Contains(said, "Exploratrice") {
		t.Errorf("the learner reads %q", said)
	}
}

// withoutStorage closes the tool's own storage too, as a browser does that is
// set to keep nothing of other sites.
func withoutStorage(t *testing.T, ctx context.Context, d *demo) {
	t.Helper()
	script := fmt.Sprintf(`if (location.origin === %q) Object.defineProperty(window, "sessionStorage", {get() { throw new DOMException("closed", "SecurityError"); }});`, d.url)
	run(t, ctx, "close the storage", beforeEveryPage(script))
}

// TestClosedBrowser opens the course where neither cookies nor storage are
// kept: an LMS that offers to keeps the login, and without it a tab of its own
// is the way.
func TestClosedBrowser(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	t.Run("with platform storage", func(t *testing.T) {
		t.Parallel()
		d := browserDemo(t, app.DemoConfig{PlatformStorage: true})
		ctx := browser(t, "fr", withoutCookies(t, d))
		withoutStorage(t, ctx, d)
		inFrame(t, ctx, d, "3", "#new-badge")
	})
	t.Run("without", func(t *testing.T) {
		t.Parallel()
		d := browserDemo(t, app.DemoConfig{})
		ctx := browser(t, "fr", withoutCookies(t, d))
		withoutStorage(t, ctx, d)
		inFrame(t, ctx, d, "3", "#open-tab")
		run(t, ctx, "look at it", shots("open-tab-fr"))
	})
}
