package page_test

import (
	"net/http/httptest"
	"testing"

	"github.com/insigne-badges/insigne/web/page"
)

// TestSecurityHeaders checks that all pages have the same headers, except for the sites
// that may embed them.
func TestSecurityHeaders(t *testing.T) {
	for name, tt := range map[string]struct {
		by   []string
		want string
	}{
		"nobody":      {nil, "'none'"},
		"anybody":     {[]string{"*"}, "*"},
		"one LMS":     {[]string{"'self'", "https://lms.example.org"}, "'self' https://lms.example.org"},
		"two origins": {[]string{"'self'", "https://a.example https://b.example"}, "'self' https://a.example https://b.example"},
	} {
		w := httptest.NewRecorder()
		page.SecurityHeaders(w, tt.by...)
		for directiveName, want := range map[string]string{
			"frame-ancestors": tt.want, "default-src": "'self'", "img-src": "'self' data: blob:", "object-src": "'none'",
			"base-uri": "'none'", "form-action": "'self'",
		} {
			if got := directive(w.Header(), directiveName); got != want {
				t.Errorf("%s: %s %q, want %q", name, directiveName, got, want)
			}
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Permissions-Policy": "camera=(), microphone=(), geolocation=()",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s %q, want %q", name, header, got, want)
			}
		}
	}
}

// TestAllowForm checks that no address of an LMS can end a directive or start a new
// policy.
func TestAllowForm(t *testing.T) {
	for name, tt := range map[string]struct {
		addresses []string
		want      string
	}{
		"one address":         {[]string{"https://lms.example/return"}, "https://lms.example/return"},
		"two":                 {[]string{"https://a.example/x", "https://b.example/y"}, "https://a.example/x https://b.example/y"},
		"a query":             {[]string{"https://lms.example/return?id=1&x=2#top"}, "https://lms.example/return"},
		"a semicolon":         {[]string{"https://lms.example/return;jsessionid=1"}, "https://lms.example/return%3Bjsessionid=1"},
		"a comma":             {[]string{"https://lms.example/a,b"}, "https://lms.example/a%2Cb"},
		"an escaped path":     {[]string{"https://lms.example/a%20b"}, "https://lms.example/a%20b"},
		"a user and password": {[]string{"https://u:p@lms.example/a"}, "https://lms.example/a"},
		"anywhere":            {[]string{"*"}, "*"},
	} {
		w := httptest.NewRecorder()
		page.SecurityHeaders(w)
		page.AllowForm(w, tt.addresses...)
		if got := directive(w.Header(), "form-action"); got != tt.want {
			t.Errorf("%s: form-action %q, want %q", name, got, tt.want)
		}
		if got := directive(w.Header(), "frame-ancestors"); got != "'none'" {
			t.Errorf("%s: frame-ancestors %q", name, got)
		}
	}
}
