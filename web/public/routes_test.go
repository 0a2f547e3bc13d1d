package public_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/webtest"
)

// place is an address of a route, and what it answers.
type place struct {
	path, mediaType, cache string
}

// places returns one address for each route; a new route needs a line.
func places(t *testing.T, s *webtest.Site) map[string]place {
	t.Helper()
	a := s.MakeAward(t, webtest.Claimed)
	entries, err := s.Store.StatusEntries(t.Context(), a.ID)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d status entries, %v", len(entries), err)
	}
	keys, err := webtest.Keys{}.IssuerKeys(t.Context(), s.World.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	issuer := "/issuers/" + string(s.World.Issuer)
	const html, ask, minutes = "text/html; charset=utf-8", "no-cache", "public, max-age=300"
	return map[string]place{
		"/":                                                            {"/", html, "no-store"},
		"/v/{assertion:[0-9a-f-]{36}}":                                 {pageOf(a.ID), html, "no-store"},
		"/v/{assertion:[0-9a-f-]{36}}.json":                            {pageOf(a.ID) + ".json", linkedData, ask},
		"/v/{assertion:[0-9a-f-]{36}}.jws":                             {pageOf(a.ID) + ".jws", "application/jose", ask},
		"/v/{assertion:[0-9a-f-]{36}}/credential":                      {pageOf(a.ID) + "/credential", credentialType, ask},
		"/v/{assertion:[0-9a-f-]{36}}.jwt":                             {pageOf(a.ID) + ".jwt", "text/plain", ask},
		"/v/{assertion:[0-9a-f-]{36}}.png":                             {pageOf(a.ID) + ".png", "image/png", ask},
		"/v/{assertion:[0-9a-f-]{36}}.svg":                             {pageOf(a.ID) + ".svg", "image/svg+xml", ask},
		"/v/{assertion:[0-9a-f-]{36}}.pdf":                             {pageOf(a.ID) + ".pdf", "application/pdf", ask},
		"/badges/{version:[0-9a-f-]{36}}":                              {"/badges/" + string(a.Version), linkedData, minutes},
		"/badges/{version:[0-9a-f-]{36}}/{language:[a-z]{2,3}}":        {"/badges/" + string(a.Version) + "/en", linkedData, minutes},
		"/issuers/{issuer:[0-9a-f-]{36}}":                              {issuer, linkedData, minutes},
		"/issuers/{issuer:[0-9a-f-]{36}}/did.json":                     {issuer + "/did.json", "application/did+json", minutes},
		"/issuers/{issuer:[0-9a-f-]{36}}/keys/{key:[0-9A-Za-z_-]{43}}": {issuer + "/keys/" + keys.RSA[0].ID, "application/jwk+json", "public, max-age=86400"},
		"/issuers/{issuer:[0-9a-f-]{36}}/revocations.json":             {issuer + "/revocations.json", linkedData, "public, max-age=60"},
		"/status/{list:[0-9a-f-]{36}}":                                 {"/status/" + string(entries[0].List), credentialType, "public, max-age=60"},
		"/schemas/rule.json":                                           {"/schemas/rule.json", "application/schema+json", "public, max-age=86400"},
		"/pictures/{hash:[0-9a-f]{64}}.png":                            {picturePath(s.World.Badge.Current.Picture), "image/png", "public, max-age=31536000, immutable"},
	}
}

func picturePath(hash badges.PictureHash) string { return "/pictures/" + string(hash) + ".png" }

// TestRoutes opens every route without and with a session. The answer is the same, no
// site may embed it, and nothing changes.
func TestRoutes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	all, seen := places(t, s), map[string]bool{}
	for _, route := range webtest.Routes(t, handler(s, webtest.Keys{})) {
		method, pattern, _ := strings.Cut(route, " ")
		seen[pattern] = true
		t.Run(route, func(t *testing.T) {
			want, known := all[pattern]
			if !known {
				t.Fatalf("%s is not in the table", route)
			}
			if method == http.MethodOptions {
				return // TestPreflight
			}
			if method != http.MethodGet && method != http.MethodHead {
				t.Errorf("%s can be used to change something", route)
			}
			for who, b := range map[string]*webtest.Browser{
				"anybody": s.Anybody(), "a learner": s.Open(t, page.Session{User: "6"}), "a teacher": s.Open(t, page.Session{User: "3", Teacher: true}),
				"an administrator": s.Administrator(t),
			} {
				r := httptest.NewRequest(method, want.path, nil)
				r.Header.Set("Accept", "*/*")
				got := b.Do(r)
				if got.Status != http.StatusOK {
					t.Errorf("%s, as %s: %d", route, who, got.Status)
				}
				if policy := got.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "; frame-ancestors 'none'") {
					t.Errorf("%s, as %s: policy %q", route, who, policy)
				}
				for header, want := range map[string]string{
					"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": want.cache, "Content-Type": want.mediaType, "Set-Cookie": "",
				} {
					if got.Header.Get(header) != want {
						t.Errorf("%s, as %s: %s %q, want %q", route, who, header, got.Header.Get(header), want)
					}
				}
			}
			if got := s.Anybody().Post(want.path, nil); got.Status != http.StatusMethodNotAllowed {
				t.Errorf("POST %s: %d", pattern, got.Status)
			}
		})
	}
	for pattern := range all {
		if !seen[pattern] {
			t.Errorf("%s is not mounted", pattern)
		}
	}
}

// isDocument reports whether programs read what is at a route.
func (p place) isDocument() bool {
	return p.path != "/" && p.mediaType != "application/schema+json"
}

// neverChanges reports whether the address of p stands for its content.
func (p place) neverChanges() bool { return strings.HasPrefix(p.path, "/pictures/") }

// TestPreflight asks for every document as a browser does before a script sends headers
// of its own.
func TestPreflight(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for pattern, p := range places(t, s) {
		got := s.Anybody().Do(httptest.NewRequest(http.MethodOptions, p.path, nil))
		if !p.isDocument() {
			if got.Status != http.StatusMethodNotAllowed {
				t.Errorf("OPTIONS %s: %d", pattern, got.Status)
			}
			continue
		}
		if got.Status != http.StatusNoContent || got.Header.Get("Access-Control-Allow-Origin") != "*" || got.Header.Get("Access-Control-Allow-Headers") != "*" ||
			got.Header.Get("Access-Control-Allow-Methods") != "GET, HEAD" || got.Body != "" {
			t.Errorf("OPTIONS %s: %d %v", pattern, got.Status, got.Header)
		}
	}
}

// TestScriptsReadErrors checks that a verifier in a browser sees why it gets nothing, also
// at the address that is the id of both generations.
func TestScriptsReadErrors(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	erased := s.MakeAward(t, webtest.Erased)
	for _, id := range []badges.AssertionID{unknownID, erased.ID} {
		for _, accept := range []string{"", linkedData, "application/json", credentialType, "application/vc+jwt"} {
			got := getAs(s, pageOf(id), accept)
			if got.Status < http.StatusBadRequest || got.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s for %q: %d %v", id, accept, got.Status, got.Header)
			}
		}
	}
	if got := getAs(s, pageOf(unknownID), "text/html"); got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("scripts of any site may read a page of errors")
	}
}

// TestUnchanged asks for every document twice. The second answer says only that nothing
// has changed (RFC 9110, section 13.1.2).
func TestUnchanged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for pattern, p := range places(t, s) {
		if !p.isDocument() || p.neverChanges() || p.mediaType == "text/html; charset=utf-8" {
			continue
		}
		first := getAs(s, p.path, "*/*")
		tag := first.Header.Get("ETag")
		if len(tag) != 24 || first.Header.Get("Access-Control-Allow-Origin") != "*" || first.Header.Get("Access-Control-Expose-Headers") != "ETag" {
			t.Errorf("%s: %v", pattern, first.Header)
		}
		for sent, want := range map[string]int{tag: http.StatusNotModified, `"another"`: http.StatusOK, "*": http.StatusNotModified} {
			r := httptest.NewRequest(http.MethodGet, p.path, nil)
			r.Header.Set("Accept", "*/*")
			r.Header.Set("If-None-Match", sent)
			got := s.Anybody().Do(r)
			if got.Status != want || got.Header.Get("ETag") != tag || (want == http.StatusNotModified) != (got.Body == "") {
				t.Errorf("%s with If-None-Match %s: %d, %d bytes, %s", pattern, sent, got.Status, len(got.Body), got.Header.Get("ETag"))
			}
		}
	}
}

// TestSilentClients asks as verifiers do that send no Accept header: each reads one form.
func TestSilentClients(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	all := places(t, s)
	for pattern, want := range map[string]string{
		"/v/{assertion:[0-9a-f-]{36}}":                                 linkedData,
		"/issuers/{issuer:[0-9a-f-]{36}}":                              linkedData,
		"/issuers/{issuer:[0-9a-f-]{36}}/did.json":                     "application/did+json",
		"/issuers/{issuer:[0-9a-f-]{36}}/keys/{key:[0-9A-Za-z_-]{43}}": linkedData,
		"/status/{list:[0-9a-f-]{36}}":                                 "application/vc+jwt",
	} {
		if got := getAs(s, all[pattern].path, ""); got.Status != http.StatusOK || got.Header.Get("Content-Type") != want || !slices.Contains(got.Header.Values("Vary"), "Accept") {
			t.Errorf("%s: %d, %s, varies by %s", pattern, got.Status, got.Header.Get("Content-Type"), got.Header.Values("Vary"))
		}
	}
}
