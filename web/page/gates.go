package page

import (
	"net/http"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Each gate wraps a page with what its readers need: headers, the sites that may embed
// it, the session, and the error page.

// Func answers a request, or returns the error to show.
type Func func(w http.ResponseWriter, r *http.Request) error

// MemberFunc answers a person who opened Insigne from a course.
type MemberFunc func(w http.ResponseWriter, r *http.Request, who Session) error

// AdminFunc answers an administrator who signed in.
type AdminFunc func(w http.ResponseWriter, r *http.Request, admin AdminSession) error

// Public returns a handler that serves a page to anybody. No site may embed it.
func (p *Renderer) Public(f Func) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SecurityHeaders(w)
		if err := f(w, r); err != nil {
			p.Problem(w, r, err, nil)
		}
	})
}

// Embedded returns a handler for the pages that an LMS opens in a frame before we know
// the person. Any site may embed them, because we do not know the LMS yet and an error
// page that its frame cannot show helps nobody.
func (p *Renderer) Embedded(f Func) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SecurityHeaders(w, "*")
		AllowForm(w, "*") // the platform may start a login with a form, and then we redirect to the platform
		if err := f(w, r); err != nil {
			p.Problem(w, r, err, nil)
		}
	})
}

// Gates has the gates that need a session.
type Gates struct {
	*Renderer

	Sessions *Sessions
}

// Member returns a handler that serves a page to a person who opened Insigne from the
// course. Only the LMS of that person may embed it.
func (g Gates) Member(f MemberFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SecurityHeaders(w)
		who, err := g.Sessions.Read(r)
		if err != nil {
			// We do not know which LMS has the frame. Any site may embed this page: it
			// has nothing to click.
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

// Teacher returns a handler that serves a page to a person who teaches the course.
func (g Gates) Teacher(f MemberFunc) http.Handler {
	return g.Member(func(w http.ResponseWriter, r *http.Request, who Session) error {
		if !who.Teacher {
			return fault.New(fault.Forbidden, "problem.teachers_only")
		}
		return f(w, r, who)
	})
}

// Admin returns a handler that serves a page to an administrator who signed in.
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
