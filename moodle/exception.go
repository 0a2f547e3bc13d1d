package moodle

import "strings"

// exception is what Moodle answers instead of a result, with HTTP status 200.
type exception struct {
	Exception string `json:"exception"`
	ErrorCode string `json:"errorcode"`
	Message   string `json:"message"`
}

func (x exception) is() bool { return x.Exception != "" || x.ErrorCode != "" }

// reasons maps Moodle's error codes. Codes that mean different things by
// function are decided in reason.
var reasons = map[string]Reason{
	"invalidtoken":               TokenInvalid,
	"accessexception":            FunctionMissing,
	"nopermissions":              CapabilityMissing,
	"cannotviewreport":           CapabilityMissing,
	"sitemaintenance":            Maintenance,
	"upgraderunning":             Maintenance,
	"requireloginerror":          CourseClosed,
	"errorcoursecontextnotvalid": CourseClosed,
	"invalidcourseid":            CourseNotFound,
	"completionnotenabled":       CompletionOff,
	"nocriteriaset":              NoCriteria,
	"errorreportview":            ReportClosed,
	"usernotenroled":             NotEnrolled,
	"notenroled":                 NotEnrolled,
	"invaliduser":                UserNotFound,
	"userdeleted":                UserNotFound,
	"usernotconfirmed":           UserNotFound,
}

// reason classifies the exception by its code. Messages are in the language of
// the site; only names of database tables are the same everywhere.
func (x exception) reason() Reason {
	if x.ErrorCode == "invalidrecord" || x.ErrorCode == "invalidrecordunknown" {
		switch {
		case strings.Contains(x.Message, "external_functions"):
			return FunctionMissing
		case strings.Contains(x.Message, "reportbuilder_report"):
			return ReportNotFound
		case strings.Contains(x.Message, "course"):
			return CourseNotFound
		}
	}
	if r, ok := reasons[x.ErrorCode]; ok {
		return r
	}
	return Refused
}

// failure makes the error of an exception that function answered.
func (c *Client) failure(function string, x exception) *Error {
	return &Error{
		Function:  function,
		Reason:    x.reason(),
		Code:      c.redact(x.ErrorCode),
		Exception: c.redact(x.Exception),
		Message:   c.redact(x.Message),
	}
}
