package page

import (
	"net/http"

	"github.com/insigne-badges/insigne/internal/fault"
)

// The gates. Each wraps a page with what its readers need: headers, the sites
// that may embed it, the session, and the error page.

// Func answers a request, or returns the error to show.
type Func func(w http.ResponseWriter, r *http.Request) error

// MemberFunc is a Func for a person who opened Insigne from a course.
type MemberFunc func(w http.ResponseWriter, r *http.Request, who Session) error

// AdminFunc is a Func for an administrator.
type AdminFunc func(w http.ResponseWriter, r *http.Request, admin AdminSession) error

// Public serves a page to anybody. No site may embed it.
func (p *Renderer) Public(f Func) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SecurityHeaders(w)
		if err := f(w, r); err != nil {
			p.Problem(w, r, err, nil)
		}
	})
}

// Embedded serves the pages that an LMS opens in a frame before we know the
// person. Any site may embed them: we learn only later which LMS it is, and a page
// that the LMS cannot show would hide the error that it explains.
func (p *Renderer) Embedded(f Func) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SecurityHeaders(w, "*")
		AllowForm(w, "*") // a login initiation sent by a form goes on to the LMS
		if err := f(w, r); err != nil {
			p.Problem(w, r, err, nil)
		}
	})
}

// Gates are the gates that ask for a session.
type Gates struct {
	*Renderer

	Sessions *Sessions
}

// Member serves a page to a person who opened Insigne from this course. Only
// their LMS may embed it.
func (g Gates) Member(f MemberFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SecurityHeaders(w)
		who, err := g.Sessions.Read(r)
		if err != nil {
			// The frame may belong to any LMS; the page has nothing to click.
			SecurityHeaders(w, "*")
			g.Problem(w, r, err, &Session{})
			return
		}
		SecurityHeaders(w, "'self'", who.FramedBy)
		if err := CheckCSRF(r, who.CSRF); err != nil {
			g.Problem(w, r, err, &who)
			return
		}
		if err := f(w, r, who); err != nil {
			g.Problem(w, r, err, &who)
		}
	})
}

// Teacher serves a page to a person who teaches the course.
func (g Gates) Teacher(f MemberFunc) http.Handler {
	return g.Member(func(w http.ResponseWriter, r *http.Request, who Session) error {
		if !who.Teacher {
			return fault.New(fault.Forbidden, "problem.teachers_only")
		}
		return f(w, r, who)
	})
}

// Admin serves a page to an administrator who signed in.
func (g Gates) Admin(f AdminFunc) http.Handler {
	return g.Public(func(w http.ResponseWriter, r *http.Request) error {
		admin, err := g.Sessions.ReadAdmin(r)
		if err != nil {
			return err
		}
		if err := CheckCSRF(r, admin.CSRF); err != nil {
			return err
		}
		return f(w, r, admin)
	})
}
