package page

import (
	"errors"
	"net/http"
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/templates"
)

// Problem is what the error page shows.
type Problem struct {
	Status  int
	Kind    string // catalogue suffix of the heading: problem.<kind>
	Message string // what happened, and what to do
	Advice  string // what to do if that does not help; may be empty
	Code    string // short reason code, for a report to the operator
	Request string // request id, to find the request in the log
	Moved   string // current address of the page; empty if the service did not move
	Back    string // address in the LMS that shows the message to the person; empty if no launch gave one
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

// Describe returns the status, the message and the code to show for err.
func Describe(err error, locale templates.Locale) Problem {
	if errors.Is(err, ErrMethod) {
		return Problem{
			Status: http.StatusMethodNotAllowed, Kind: "invalid",
			Message: locale.T("problem.method", nil), Code: "method_not_allowed",
		}
	}
	if errors.Is(err, ErrBusy) {
		return Problem{
			Status: http.StatusTooManyRequests, Kind: "upstream", Message: locale.T("problem.busy", nil), Code: "too_many_requests",
		}
	}
	if e, ok := errors.AsType[*movedError](err); ok {
		return Problem{
			Status: http.StatusGone, Kind: "moved", Message: locale.T("problem.moved", nil), Code: "moved", Moved: e.to,
		}
	}
	if e, ok := errors.AsType[*lti.Error](err); ok {
		data := Problem{
			Status: http.StatusBadRequest, Kind: "invalid",
			Message: locale.T(e.Key(), nil), Code: string(e.Reason),
		}
		if e.Reason.OfService() {
			data.Status, data.Kind = http.StatusBadGateway, "upstream"
		}
		return data
	}
	if e, ok := errors.AsType[*moodle.Error](err); ok {
		return Problem{
			Status: http.StatusBadGateway, Kind: "upstream",
			Message: locale.T(e.Key(), nil), Code: string(e.Reason),
		}
	}
	kind := statusOf[fault.KindOf(err)]
	data := Problem{Status: kind.status, Kind: kind.name, Message: locale.T("problem."+kind.name, nil), Code: kind.name}
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Kind != fault.Internal {
		data.Message, data.Code = locale.T(e.Key(), e.Args), strings.TrimPrefix(e.Key(), "problem.")
	}
	return data
}

// Message returns only the sentence of Describe, for a form that is shown again.
func Message(err error, locale templates.Locale) string { return Describe(err, locale).Message }
