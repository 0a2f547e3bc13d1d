package moodle

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Reason is a short stable name of why a call failed, which a page can translate.
type Reason string

// The reasons. The groups concern, in this order: the whole site or its token, one
// course, one custom report, one learner.
const (
	InvalidAddress    Reason = "invalid_address"    // the site's address cannot be used
	TokenInvalid      Reason = "token_invalid"      // not valid, expired or revoked
	FunctionMissing   Reason = "function_missing"   // not in the token's service, or the token may not use the service
	CapabilityMissing Reason = "capability_missing" // the token's user may not do this
	ServicesOff       Reason = "web_services_off"   // web services or their REST protocol are switched off
	Maintenance       Reason = "maintenance"        // temporarily closed; see RetryAfter
	RateLimited       Reason = "rate_limited"       // too many calls; see RetryAfter
	NotJSON           Reason = "not_json"           // a web page or an incomplete answer; perhaps not a Moodle site
	Moved             Reason = "moved"              // the address redirects; redirects are not followed
	NoService         Reason = "no_service"         // nothing answers at the web-service address (404)
	ServerFailed      Reason = "server_failed"      // another HTTP status than 200
	Unreachable       Reason = "unreachable"        // no connection, or the connection broke
	Timeout           Reason = "timeout"            // no answer in time
	Interrupted       Reason = "interrupted"        // the caller gave up
	TooLarge          Reason = "answer_too_large"   // more bytes than Config.MaxBody
	Unexpected        Reason = "unexpected_answer"  // JSON with another shape than Moodle's
	SiteResting       Reason = "site_resting"       // not called because it failed again and again; see RetryAfter
	Refused           Reason = "refused"            // any other exception of Moodle; see Code

	CourseNotFound Reason = "course_not_found"
	WrongCourse    Reason = "wrong_course"         // the answer is about another course than requested
	CourseClosed   Reason = "course_closed"        // the token's user may not enter the course
	CompletionOff  Reason = "completion_off"       // completion tracking is off in the course
	NoCriteria     Reason = "completion_undefined" // the course has no completion criteria

	ReportNotFound   Reason = "report_not_found"  // deleted, or never existed
	ReportClosed     Reason = "report_closed"     // the token's user is not in the report's audience
	ReportColumns    Reason = "report_columns"    // it lacks a column that we need
	ReportLanguage   Reason = "report_language"   // its titles or texts are not Moodle's English ones
	ReportTimezone   Reason = "report_timezone"   // its times are not UTC
	ReportUnfiltered Reason = "report_unfiltered" // it lacks the filter on the course or on the time of completion
	ReportMultiplied Reason = "report_multiplied" // a column, for example groups, gives a learner several rows
	ReportShifted    Reason = "report_shifted"    // its rows changed between pages, twice

	InvalidID      Reason = "invalid_id"      // not a number, so not an id of Moodle
	WrongUser      Reason = "wrong_user"      // the answer is about another user than requested
	UserNotFound   Reason = "user_not_found"  // the account does not exist or was deleted
	NotEnrolled    Reason = "not_enrolled"    // not enrolled as a learner, or the enrolment is suspended
	MessageRefused Reason = "message_refused" // Moodle did not deliver to this user
)

// Key returns the catalogue key of the sentence that describes r.
func (r Reason) Key() string { return "problem.moodle." + string(r) }

// Error is a failed call. Its text is safe for logs: it contains no token and no e-mail
// address.
type Error struct {
	Function   string        // the web-service function; empty before any call
	Reason     Reason        // never empty
	Code       string        // Moodle's errorcode, such as "invalidtoken"
	Exception  string        // Moodle's exception class
	Message    string        // Moodle's message, in the language of the site
	Status     int           // HTTP status if it is not 200
	RetryAfter time.Duration // how long the site asked us to wait; 0 if it did not say
	Err        error         // the cause; may be nil
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("moodle")
	for _, part := range []string{e.Function, string(e.Reason), e.Code, e.Message} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	if e.Status != 0 {
		b.WriteString(": HTTP " + strconv.Itoa(e.Status))
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Key returns the catalogue key of the sentence that describes e.
func (e *Error) Key() string { return e.Reason.Key() }

// ReasonOf returns the reason of the first *Error in err's chain; empty if there is
// none.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

// ofLearner reports whether the error concerns one learner only, so that the others can
// still be read. That includes exceptions without a Reason of their own: one broken
// record must not keep everybody from their badges.
func (e *Error) ofLearner() bool {
	switch e.Reason {
	case NotEnrolled, UserNotFound, WrongUser, Refused, Unexpected:
		return true
	default:
		return false
	}
}

// OfReport reports whether err concerns one custom report only, so that another report
// may still work.
func OfReport(err error) bool {
	switch ReasonOf(err) {
	case ReportNotFound, ReportClosed, ReportColumns, ReportLanguage, ReportTimezone, ReportUnfiltered, ReportMultiplied, ReportShifted,
		CapabilityMissing, Refused, Unexpected, TooLarge:
		return true
	default:
		return false
	}
}
