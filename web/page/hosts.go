package page

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Hosts has the base URLs under which an installation is reached: the current one, and
// former ones, whose documents keep their addresses for ever. It is immutable. The zero
// value has no base URL.
type Hosts struct {
	current string
	bases   map[string]string // base URLs, by what a Host header may say
}

// NewHosts returns the hosts of an installation. It fails if a base URL is not
// scheme://host without a slash at the end, or if two have the same host.
func NewHosts(current string, former ...string) (Hosts, error) {
	h := Hosts{current: current, bases: map[string]string{}}
	for _, base := range append([]string{current}, former...) {
		u, err := url.Parse(base)
		if err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != base {
			return Hosts{}, fmt.Errorf("base URL %q: want scheme://host without a slash at the end", base)
		}
		for _, name := range hostNames(u) {
			if other, taken := h.bases[name]; taken {
				return Hosts{}, fmt.Errorf("base URL %q: %q has the same host", base, other)
			}
			h.bases[name] = base
		}
	}
	return h, nil
}

// hostNames returns what clients may write in the Host header for a base URL: they may
// leave out the usual port of its scheme or not (RFC 9110, section 4.2.3).
func hostNames(base *url.URL) []string {
	host := strings.ToLower(base.Host)
	usual := map[string]string{"https": ":443", "http": ":80"}[base.Scheme]
	switch short, found := strings.CutSuffix(host, usual); {
	case found:
		return []string{host, short}
	case base.Port() == "":
		return []string{host, host + usual}
	default:
		return []string{host}
	}
}

// Current returns the base URL that new addresses have.
func (h Hosts) Current() string { return h.current }

// Base returns the base URL to which a request was sent: documents have ids below it.
// It is the current one for a host that is not ours, so that a Host header never gets
// into a document.
func (h Hosts) Base(r *http.Request) string {
	if base, ours := h.bases[strings.ToLower(r.Host)]; ours {
		return base
	}
	return h.current
}

// Former reports whether a request was sent to a former host.
func (h Hosts) Former(r *http.Request) bool { return h.Base(r) != h.current }
