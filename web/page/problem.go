package page

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
)

// Errors of HTTP. ErrMethod and ErrBusy have no kind, because the domain has no methods
// and no server load.
var (
	ErrNoPage      = fault.New(fault.NotFound, "problem.no_page")
	ErrCrossOrigin = fault.New(fault.Forbidden, "problem.cross_origin")
	ErrMethod      = errors.New("method not allowed")
	ErrBusy        = errors.New("too many requests")
)

// returnError is an error with the address that leads back to the LMS.
type returnError struct {
	error
	returnURL string
}

func (e *returnError) Unwrap() error { return e.error }

// WithReturn adds to err the address that leads back to the LMS. Only the error page
// shows it, because it contains the LMS's session key.
func WithReturn(err error, returnURL string) error { return &returnError{err, returnURL} }

// returnURLOf returns the address that leads back to the LMS; empty if err has none.
func returnURLOf(err error) string {
	if e, ok := errors.AsType[*returnError](err); ok {
		return e.returnURL
	}
	if e, ok := errors.AsType[*lti.Error](err); ok {
		return e.ReturnURL
	}
	return ""
}

// movedError says that a form was sent to a former address of the service.
type movedError struct{ to string }

func (e *movedError) Error() string { return "sent to a former address of the service" }

// Moved returns the error of a form that was sent to a former address of the service.
// The error page links to the address to, which must be one of ours; empty: no link.
func Moved(to string) error { return &movedError{to} }

// Problem answers with the status and page of err, and logs it. It is the only place
// that does this.
func (p *Renderer) Problem(w http.ResponseWriter, r *http.Request, err error, who *Session) {
	locale := p.Locale(r, who)
	data := Describe(err, locale)
	data.Request = RequestOf(r.Context()).ID
	data.Back = lti.ReturnWithError(returnURLOf(err), data.Message, "Insigne: "+data.Code+", request "+data.Request)
	if r.URL.Path == LoginPath || r.URL.Path == LaunchPath {
		data.Advice = locale.T("problem.launch_advice", nil)
	}
	p.logProblem(r, err, data)
	if data.Status == http.StatusMethodNotAllowed {
		allowed := "GET, POST"
		if r.URL.Path == LaunchPath {
			allowed = "POST"
		}
		w.Header().Set("Allow", allowed)
	}
	if data.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "10")
	}
	if WantsJSON(r) {
		writeProblemJSON(w, data)
		return
	}
	page := templates.Page{Title: locale.T("problem."+data.Kind+"_title", nil), Data: data}
	name := "shared/public/problem"
	if who != nil || strings.HasPrefix(r.URL.Path, "/lti/") {
		name = "shared/frame/problem"
	}
	p.showProblem(w, r, data.Status, locale, name, page)
}

// logProblem logs errors that an operator must see: defects and failing services. Of
// the other errors it logs only refused launches; visitors can correct the rest.
func (p *Renderer) logProblem(r *http.Request, err error, data Problem) {
	switch {
	case data.Status == http.StatusInternalServerError:
		p.Log.ErrorContext(r.Context(), "internal error", "request_id", data.Request, "error", err)
	case data.Status >= 500:
		p.Log.WarnContext(r.Context(), "upstream failure", "request_id", data.Request, "code", data.Code, "error", err)
	case strings.HasPrefix(r.URL.Path, "/lti/"):
		p.Log.InfoContext(r.Context(), "launch refused", "request_id", data.Request, "code", data.Code)
	}
}

func writeProblemJSON(w http.ResponseWriter, data Problem) {
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.WriteHeader(data.Status)
	// An error here means that the client has left: nobody is there to read it.
	_ = json.NewEncoder(w).Encode(map[string]any{
		"status": data.Status, "title": http.StatusText(data.Status), "detail": data.Message, "code": data.Code,
	})
}
