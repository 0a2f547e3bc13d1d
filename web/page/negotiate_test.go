package page_test

import (
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/web/page"
)

// TestNegotiate chooses among a page and two documents (RFC 9110, section 12.5.1).
func TestNegotiate(t *testing.T) {
	const html, two, three = "text/html", "application/ld+json", "application/vc+ld+json"
	for _, tt := range []struct{ name, accept, want string }{
		{"no wish", "", html},
		{"anything", "*/*", html},
		{"a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", html},
		{"exactly one", three, three},
		{"upper case", "Application/VC+LD+JSON", three},
		{"none of them", "image/png", html},
		{"the better quality", two + ";q=0.5, " + three + ";q=0.7", three},
		{"equal quality: the first in the header", three + ", " + two, three},
		{"equal quality: the exact one", "*/*, " + three, three},
		{"a range of types", "application/*", two},
		{"refused", two + ";q=0, application/*", three},
		{"everything refused", "*/*;q=0", html},
		{"only the page is refused", "text/html;q=0, */*", two},
		{"an unreadable quality counts as 0", two + ";q=high, " + three + ";q=0.1", three},
		{"a quality above 1 counts as 0", two + ";q=7, " + three + ";q=0.1", three},
		{"unreadable elements are left out", "///, ;;, " + three, three},
		{"a parameter of the type", two + `;profile="https://example.org/p";q=0.9`, two},
		{"far too many", strings.Repeat("image/png,", 1000) + three, html},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := get("/")
			if tt.accept != "" {
				r.Header.Set("Accept", tt.accept)
			}
			if got := page.Negotiate(r, html, two, three); got != tt.want {
				t.Errorf("Accept: %.80s: %s, want %s", tt.accept, got, tt.want)
			}
		})
	}
}

// TestWantsJSON distinguishes programs from browsers.
func TestWantsJSON(t *testing.T) {
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "text/html": false,
		"application/json":                   true,
		"application/ld+json":                true,
		"application/json, text/html;q=0.5":  true,
		"text/html, application/json;q=0.5":  false,
		"text/html,application/xhtml+xml":    false,
		"application/problem+json, */*;q=.1": true,
	} {
		r := get("/")
		r.Header.Set("Accept", accept)
		if got := page.WantsJSON(r); got != want {
			t.Errorf("Accept: %s: %t, want %t", accept, got, want)
		}
	}
}
