package web

import (
	"net/http"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
)

// The audiences. Each wraps a page with what its readers need: headers, who
// may embed it, the session, and the error page.

// frameHandler is a page inside the LMS frame.
type frameHandler func(w http.ResponseWriter, r *http.Request, who Session) error

// public serves a page to anybody, embedded by nobody.
func (s *Server) public(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		securityHeaders(w)
		if err := h(w, r); err != nil {
			s.problem(w, r, err, nil)
		}
	})
}

// member serves a page to whoever opened Insigne from this course.
func (s *Server) member(h frameHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		securityHeaders(w)
		who, err := s.sessions.read(r)
		if err != nil {
			// The frame may belong to any LMS; the page has nothing to click.
			securityHeaders(w, "*")
			s.problem(w, r, err, &Session{})
			return
		}
		securityHeaders(w, "'self'", who.FramedBy)
		if err := checkCSRF(r, who.CSRF); err != nil {
			s.problem(w, r, err, &who)
			return
		}
		if err := h(w, r, who); err != nil {
			s.problem(w, r, err, &who)
		}
	})
}

// teacher serves a page to whoever teaches the course.
func (s *Server) teacher(h frameHandler) http.Handler {
	return s.member(func(w http.ResponseWriter, r *http.Request, who Session) error {
		if !who.Teacher {
			return fault.New(fault.Forbidden, "problem.teachers_only")
		}
		return h(w, r, who)
	})
}

// page is what the layout shows around data in the LMS frame.
func (who Session) page(title string, data any) templates.Page {
	return templates.Page{Title: title, Session: who.Path(""), CSRF: who.CSRF, Data: data}
}
