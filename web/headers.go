package web

import (
	"net/http"
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
	h.Set("Content-Security-Policy",
		"default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors "+ancestors)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
}
