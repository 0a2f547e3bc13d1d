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

// Errors of HTTP. The last two have no kind: the domain knows neither methods nor
// the load of a server.
var (
	ErrNoPage      = fault.New(fault.NotFound, "problem.no_page")
	ErrCrossOrigin = fault.New(fault.Forbidden, "problem.cross_origin")
	ErrMethod      = errors.New("method not allowed")
	ErrBusy        = errors.New("too many requests")
)

// returnError is an error after the LMS vouched for a launch.
type returnError struct {
	error
	returnURL string
}

func (e *returnError) Unwrap() error { return e.error }

// WithReturn adds the address that leads back to the LMS. The error page alone
// shows it, because it has the LMS's session key.
func WithReturn(err error, returnURL string) error { return &returnError{err, returnURL} }

// returnURLOf returns the address that leads back to the LMS; empty if the error
// has none.
func returnURLOf(err error) string {
	if e, ok := errors.AsType[*returnError](err); ok {
		return e.returnURL
	}
	if e, ok := errors.AsType[*lti.Error](err); ok {
		return e.ReturnURL
	}
	return ""
}

// Problem is the one place where errors become a status, a page and a log line.
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

// logProblem logs what somebody has to look at: defects and failing services.
// The others are the visitor's to mend and were told to them.
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
	// The client may have gone; there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(map[string]any{
		"status": data.Status, "title": http.StatusText(data.Status), "detail": data.Message, "code": data.Code,
	})
}
