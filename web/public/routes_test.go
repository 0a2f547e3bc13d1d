package public_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestRoutes opens every route without and with a session. The answer is the same, no
// site may embed it, and nothing changes.
func TestRoutes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.MakeAward(t, webtest.Claimed)
	kept := map[string]string{
		"/schemas/rule.json":                "public, max-age=86400",
		"/pictures/{hash:[0-9a-f]{64}}.png": "public, max-age=31536000, immutable",
	}
	paths := map[string]string{ // one for each route; a new route needs a line
		"/":                                 "/",
		"/v/{assertion:[0-9a-f-]{36}}":      pageOf(a.ID),
		"/v/{assertion:[0-9a-f-]{36}}.json": pageOf(a.ID) + ".json",
		"/v/{assertion:[0-9a-f-]{36}}.png":  pageOf(a.ID) + ".png",
		"/badges/{version:[0-9a-f-]{36}}":   "/badges/" + string(a.Version),
		"/issuers/{issuer:[0-9a-f-]{36}}":   "/issuers/" + string(s.World.Issuer),
		"/schemas/rule.json":                "/schemas/rule.json",
		"/pictures/{hash:[0-9a-f]{64}}.png": "/pictures/" + string(s.World.Badge.Current.Picture) + ".png",
	}
	routes := webtest.Routes(t, handler(s))
	if len(routes) != 2*len(paths) {
		t.Errorf("%d routes, want %d", len(routes), 2*len(paths))
	}
	for _, route := range routes {
		method, pattern, _ := strings.Cut(route, " ")
		t.Run(route, func(t *testing.T) {
			path, known := paths[pattern]
			if !known {
				t.Fatalf("%s is not in the table", route)
			}
			if method != http.MethodGet && method != http.MethodHead {
				t.Errorf("%s can be used to change something", route)
			}
			for who, b := range map[string]*webtest.Browser{
				"anybody": s.Anybody(), "a learner": s.Open(t, page.Session{User: "6"}), "a teacher": s.Open(t, page.Session{User: "3", Teacher: true}),
				"an administrator": s.Administrator(t),
			} {
				got := b.Do(httptest.NewRequest(method, path, nil))
				if got.Status != http.StatusOK {
					t.Errorf("%s, as %s: %d", route, who, got.Status)
				}
				if policy := got.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "; frame-ancestors 'none'") {
					t.Errorf("%s, as %s: policy %q", route, who, policy)
				}
				cache := "no-store"
				if kept[pattern] != "" {
					cache = kept[pattern]
				}
				for header, want := range map[string]string{
					"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": cache, "Set-Cookie": "",
				} {
					if got.Header.Get(header) != want {
						t.Errorf("%s, as %s: %s %q, want %q", route, who, header, got.Header.Get(header), want)
					}
				}
			}
			if got := s.Anybody().Post(path, nil); got.Status != http.StatusMethodNotAllowed {
				t.Errorf("POST %s: %d", pattern, got.Status)
			}
		})
	}
}
