package e2e_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/lti"
)

// sent returns the length of the browser's Cookie header.
func (v visitor) sent() int {
	size := 0
	for _, c := range v.cookies {
		size += len(c.Name) + len(c.Value) + len("=; ")
	}
	return size
}

// TestLoginCookieGoes checks that a launch removes the cookie of its login. A launch
// that is sent again still gets another reason than one from another browser (case 13).
func TestLoginCookieGoes(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	nonce, state := v.login(t, 6)
	_, elsewhere := v.login(t, 7) // a login in another tab
	token, err := d.Campus.MintLaunch(v.client(t), 6, nonce, nil)
	must(t, err)
	form := url.Values{"id_token": {token}, "state": {state}}
	w := v.post(t, "/lti/launch", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("launch: %d %s", w.Code, said(w))
	}
	ended := false
	for _, line := range w.Header().Values("Set-Cookie") {
		if strings.HasPrefix(line, lti.CookieName(state)+"=;") {
			ended = true
			for _, attribute := range []string{"Path=/", "Max-Age=0", "Secure", "SameSite=None", "Partitioned"} {
				if !strings.Contains(line, "; "+attribute) {
					t.Errorf("browsers keep the cookie: %q lacks %s", line, attribute)
				}
			}
		}
	}
	if !ended || v.cookies[lti.CookieName(elsewhere)] == nil {
		t.Errorf("after the launch the browser has %v", v.cookies)
	}
	for name, again := range map[string]visitor{"the same browser": v, "another": d.visitor()} {
		if w := again.post(t, "/lti/launch", form); w.Code != http.StatusBadRequest || !strings.Contains(said(w), string(lti.StateUnknown)) {
			t.Errorf("sent again by %s: %d %s", name, w.Code, said(w))
		}
	}
}

// TestManyCourses opens many courses in one browser, as two people in turns. The Cookie
// header stays far below the limits of proxies, the newest sessions stay open, and the
// page of the oldest says what to do. The oldest course can be opened again (case 45).
func TestManyCourses(t *testing.T) {
	t.Parallel()
	d := runningDemo(t)
	v := d.visitor()
	open := func(n int) string {
		t.Helper()
		return v.launchWith(t, int64(6+n%2), func(c map[string]any) {
			c[ltiClaim+"context"] = map[string]any{"id": fmt.Sprint(1000 + n), "label": "X", "title": fmt.Sprintf("Données & société – niveau %d", n)}
		})
	}
	longest := 0
	pages := make([]string, 30)
	for n := range pages {
		pages[n] = open(n)
		longest = max(longest, v.sent())
	}
	if longest > 6<<10 {
		t.Errorf("the browser sent %d bytes of cookies", longest)
	}
	works := func(page string) bool { return v.get(t, page).Code == http.StatusOK }
	for n := len(pages) - 4; n < len(pages); n++ {
		if !works(pages[n]) {
			t.Errorf("course %d of %d is closed", n, len(pages))
		}
	}
	if w := v.get(t, pages[0]); w.Code != http.StatusUnauthorized || !strings.Contains(said(w), "Open Insigne again from your course") {
		t.Errorf("the oldest: %d %s", w.Code, said(w))
	}
	if page := open(0); !works(page) || !works(pages[len(pages)-1]) {
		t.Error("opened anew, the oldest or the newest is closed")
	}
	if open(28); !works(pages[29]) || !works(pages[28]) {
		t.Error("opening a course again closes another")
	}
	v.cookies["__Host-insigne-"+strings.Repeat("0", 32)] = &http.Cookie{Name: "__Host-insigne-" + strings.Repeat("0", 32), Value: strings.Repeat("x", 6000)}
	if page := open(5); !works(page) || !works(pages[29]) || v.sent() > 6<<10 {
		t.Errorf("with a cookie that nobody can read, %d bytes are sent", v.sent())
	}
}
