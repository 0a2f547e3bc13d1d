package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/templates"
)

var (
	errNoPage      = fault.New(fault.NotFound, "problem.no_page")
	errCrossOrigin = fault.New(fault.Forbidden, "problem.cross_origin")
	// errMethod is a kind of its own only here: HTTP's, not the domain's.
	errMethod = errors.New("method not allowed")
	// errBusy is too: more logins than an installation can have.
	errBusy = errors.New("too many requests")
)

// problemData is what the error page shows.
type problemData struct {
	Status  int
	Kind    string // catalogue suffix of the heading: problem.<kind>
	Message string // what happened, and what to do
	Advice  string // what to do if that does not help; may be empty
	Code    string // short reason code to quote to whoever runs the service
	Request string // request id, found again in the log
	Back    string // address of the LMS that takes the message, where a launch told one; else empty
}

// stranded is what went wrong after the LMS vouched for a launch: there is a way
// back, and nobody else is told of it, as it holds the LMS's session key.
type stranded struct {
	error
	returnURL string
}

func (e *stranded) Unwrap() error { return e.error }

// returnURLOf is the way back to the LMS that an error knows, empty without one.
func returnURLOf(err error) string {
	if e, ok := errors.AsType[*stranded](err); ok {
		return e.returnURL
	}
	if e, ok := errors.AsType[*lti.Error](err); ok {
		return e.ReturnURL
	}
	return ""
}

// problem is the one place where errors become a status, a page and a log line.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, err error, who *Session) {
	locale := s.locale(r, who)
	data := describe(err, locale)
	data.Request = requestInfoOf(r.Context()).id
	data.Back = lti.ReturnWithError(returnURLOf(err), data.Message, "Insigne: "+data.Code+", request "+data.Request)
	if r.URL.Path == "/lti/login" || r.URL.Path == "/lti/launch" {
		data.Advice = locale.T("problem.launch_advice", nil)
	}
	s.logProblem(r, err, data)
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
	if wantsJSON(r) {
		writeProblemJSON(w, data)
		return
	}
	page := templates.Page{Title: locale.T("problem."+data.Kind+"_title", nil), Data: data}
	name := "shared/public/problem"
	if who != nil || strings.HasPrefix(r.URL.Path, "/lti/") {
		name = "shared/frame/problem"
	}
	s.write(w, r, data.Status, locale, name, page)
}

// logProblem logs what somebody has to look at: defects and failing services.
// The others are the visitor's to mend and were told to them.
func (s *Server) logProblem(r *http.Request, err error, data problemData) {
	switch {
	case data.Status == http.StatusInternalServerError:
		s.Log.ErrorContext(r.Context(), "internal error", "request_id", data.Request, "error", err)
	case data.Status >= 500:
		s.Log.WarnContext(r.Context(), "upstream failure", "request_id", data.Request, "code", data.Code, "error", err)
	case strings.HasPrefix(r.URL.Path, "/lti/"):
		s.Log.InfoContext(r.Context(), "launch refused", "request_id", data.Request, "code", data.Code)
	}
}

var statusOf = map[fault.Kind]struct {
	status int
	name   string
}{
	fault.Internal:        {http.StatusInternalServerError, "internal"},
	fault.Invalid:         {http.StatusUnprocessableEntity, "invalid"},
	fault.Unauthenticated: {http.StatusUnauthorized, "unauthenticated"},
	fault.Forbidden:       {http.StatusForbidden, "forbidden"},
	fault.NotFound:        {http.StatusNotFound, "not_found"},
	fault.Conflict:        {http.StatusConflict, "conflict"},
	fault.Gone:            {http.StatusGone, "gone"},
	fault.Upstream:        {http.StatusBadGateway, "upstream"},
}

// describe turns an error of any package into what may be shown.
func describe(err error, locale templates.Locale) problemData {
	if errors.Is(err, errMethod) {
		return problemData{
			Status: http.StatusMethodNotAllowed, Kind: "invalid",
			Message: locale.T("problem.method", nil), Code: "method_not_allowed",
		}
	}
	if errors.Is(err, errBusy) {
		return problemData{
			Status: http.StatusTooManyRequests, Kind: "upstream", Message: locale.T("problem.busy", nil), Code: "too_many_requests",
		}
	}
	if e, ok := errors.AsType[*lti.Error](err); ok {
		data := problemData{
			Status: http.StatusBadRequest, Kind: "invalid",
			Message: locale.T(e.Key(), nil), Code: string(e.Reason),
		}
		if e.Reason.OfService() {
			data.Status, data.Kind = http.StatusBadGateway, "upstream"
		}
		return data
	}
	if e, ok := errors.AsType[*moodle.Error](err); ok {
		return problemData{
			Status: http.StatusBadGateway, Kind: "upstream",
			Message: locale.T(e.Key(), nil), Code: string(e.Reason),
		}
	}
	kind := statusOf[fault.KindOf(err)]
	data := problemData{Status: kind.status, Kind: kind.name, Message: locale.T("problem."+kind.name, nil), Code: kind.name}
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Kind != fault.Internal {
		data.Message, data.Code = locale.T(e.Key(), e.Args), strings.TrimPrefix(e.Key(), "problem.")
	}
	return data
}

// message is describe's sentence alone, for a form that is shown again.
func message(err error, locale templates.Locale) string { return describe(err, locale).Message }

func writeProblemJSON(w http.ResponseWriter, data problemData) {
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.WriteHeader(data.Status)
	// The client may have gone; there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(map[string]any{
		"status": data.Status, "title": http.StatusText(data.Status), "detail": data.Message, "code": data.Code,
	})
}
