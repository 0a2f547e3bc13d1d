package web

import (
	"net/http"
	"net/url"
	"strings"
)

// securityHeaders sets what every page carries. framedBy lists the origins that
// may embed the page; none means nobody.
func securityHeaders(w http.ResponseWriter, framedBy ...string) {
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

// allowForm lets the page's form go to one address elsewhere, or with "*" to
// any: browsers also hold redirects that follow a form against the policy.
func allowForm(w http.ResponseWriter, address string) {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		address = u.Scheme + "://" + u.Host + u.EscapedPath()
	}
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "form-action 'self'", "form-action "+address, 1))
}
