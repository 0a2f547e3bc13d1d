package moodle

import "strings"

// exception is Moodle's answer when a call fails. The HTTP status is still 200.
type exception struct {
	Exception string `json:"exception"`
	ErrorCode string `json:"errorcode"`
	Message   string `json:"message"`
}

func (x exception) is() bool { return x.Exception != "" || x.ErrorCode != "" }

// reasons maps Moodle's error codes to reasons. The method reason handles the codes
// whose meaning depends on the function.
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

// reason returns the reason for the exception's code. Moodle's messages are in the
// site's language; only the names of database tables in them are the same on every
// site.
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

// failure returns the error for an exception that the function returned.
func (c *Client) failure(function string, x exception) *Error {
	return &Error{
		Function:  function,
		Reason:    x.reason(),
		Code:      c.redact(x.ErrorCode),
		Exception: c.redact(x.Exception),
		Message:   c.redact(x.Message),
	}
}
