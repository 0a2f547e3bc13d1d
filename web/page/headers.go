package page

import (
	"net/http"
	"net/url"
	"strings"
)

// SecurityHeaders sets the headers that every page has. framedBy lists the origins that
// may embed the page; empty means that no site may.
func SecurityHeaders(w http.ResponseWriter, framedBy ...string) {
	ancestors := "'none'"
	if len(framedBy) > 0 {
		ancestors = strings.Join(framedBy, " ")
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "+ancestors)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
}

// AllowForm lets the forms of the page go to the addresses; "*" allows every address.
// It is needed for redirects too: browsers apply the policy to a redirect that answers
// a form.
func AllowForm(w http.ResponseWriter, addresses ...string) {
	sources := make([]string, len(addresses))
	for i, address := range addresses {
		sources[i] = formSource(address)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "form-action 'self'", "form-action "+strings.Join(sources, " "), 1))
}

// formSource returns an address in the form that a policy needs. Semicolons and commas
// separate directives and policies, so they are escaped in the path (CSP Level 3,
// section 2.3.1). Real paths have them, such as ";jsessionid=".
func formSource(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return u.Scheme + "://" + u.Host + strings.NewReplacer(";", "%3B", ",", "%2C").Replace(u.EscapedPath())
}
