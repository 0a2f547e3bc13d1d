package web

import (
	"net/http"
	"path"
	"strings"

	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/web/page"
)

// leaveFormerHosts sends people who come to a former host to the current one. What
// programs read stays where it is, under its original address: documents, keys,
// pictures and status lists. Only addresses of our own get into a redirect.
func (s *Server) leaveFormerHosts(next http.Handler) http.Handler {
	redirect := s.render.Embedded(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Add("Vary", "Accept")
		// Temporary: a browser would remember a permanent redirect for ever, and the
		// service may move back. 307 keeps the method and the form of a login.
		http.Redirect(w, r, s.atCurrentHost(r), http.StatusTemporaryRedirect) //nolint:gosec // the address begins with our own base URL
		return nil
	})
	// A form cannot be redirected: the policy of its page allows no other host. It was
	// opened before the move, and its session is at the former host.
	moved := s.render.Embedded(func(_ http.ResponseWriter, r *http.Request) error {
		if again := firstPage(r.URL.Path); again != "" {
			return page.Moved(s.hosts.Current() + again)
		}
		return page.Moved("")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.hosts.Former(r) {
			page.RequestOf(r.Context()).Route = "former host" // for the log, unless a route matches
		}
		opens := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case !s.hosts.Former(r):
			next.ServeHTTP(w, r)
		case ofLMS(r), opens && forPeople(r):
			redirect.ServeHTTP(w, r)
		case forPeople(r):
			moved.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// atCurrentHost returns the address of the same page at the current host.
func (s *Server) atCurrentHost(r *http.Request) string {
	address := s.hosts.Current() + r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	return address
}

// ofLMS reports whether a request is part of a launch, which a page of the LMS sends.
func ofLMS(r *http.Request) bool {
	return r.URL.Path == page.LoginPath || r.URL.Path == page.LaunchPath
}

// forPeople reports whether a request is for a page, not for a document. Whatever is
// not named here stays at the former host.
func forPeople(r *http.Request) bool {
	p := r.URL.Path
	switch p {
	case "/", "/admin", connect.RegisterPath:
		return true
	}
	if award, found := strings.CutPrefix(p, "/v/"); found {
		return !strings.Contains(award, "/") && path.Ext(award) == "" && !page.WantsDocument(r)
	}
	for _, start := range []string{"/claim/", "/c/", "/admin/"} {
		if strings.HasPrefix(p, start) {
			return true
		}
	}
	return false
}

// firstPage returns the path where a person can begin again who sent a form to p. It
// is empty if there is none: such a person must open Insigne from the LMS.
func firstPage(p string) string {
	switch {
	case strings.HasPrefix(p, "/claim/"), strings.HasPrefix(p, connect.SignInPath):
		return p
	case strings.HasPrefix(p, "/admin"):
		return "/admin"
	default:
		return ""
	}
}
