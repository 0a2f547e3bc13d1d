package campus

import (
	"errors"
	"fmt"
)

// exception is an error of a web service.
type exception struct {
	Exception string `json:"exception"`
	Code      string `json:"errorcode"`
	Message   string `json:"message"`
}

func (e *exception) Error() string { return e.Code }

const moodleException = `core\exception\moodle_exception`

// The recorded exceptions.
var (
	errToken         = &exception{moodleException, "invalidtoken", "Invalid token - token not found"}
	errMaintenance   = &exception{moodleException, "sitemaintenance", "The site is undergoing maintenance and is currently not available"}
	errAccess        = &exception{"webservice_access_exception", "accessexception", "Access control exception"}
	errParameter     = &exception{`core\exception\invalid_parameter_exception`, "invalidparameter", "Invalid parameter value detected"}
	errNoUser        = &exception{"dml_missing_record_exception", "invaliduser", "Invalid user"}
	errNotEnrolled   = &exception{moodleException, "usernotenroled", "User is not enrolled in this course"}
	errNoEntry       = &exception{`core\exception\require_login_exception`, "requireloginerror", "Course or activity not accessible."}
	errNoReport      = &exception{moodleException, "cannotviewreport", "You cannot view this report"}
	errAudience      = &exception{`core_reportbuilder\exception\report_access_exception`, "errorreportview", "You cannot view this report"}
	errMessageFormat = &exception{moodleException, "formatnotsupported", "webservice/formatnotsupported"}
)

func noContext(course int64) error {
	return &exception{moodleException, "errorcoursecontextnotvalid", fmt.Sprintf("You cannot execute functions in the course context (course id:%d). The context error message was: Course or activity not accessible.", course)}
}

func missingRecord(table string) error {
	return &exception{"dml_missing_record_exception", "invalidrecord", "Can't find data record in database table " + table + "."}
}

// noPermission returns the exception for a missing capability, named as in Moodle's
// language file.
func noPermission(what string) error {
	return &exception{`core\exception\required_capability_exception`, "nopermissions", "Sorry, but you do not currently have permissions to do that (" + what + ")."}
}

// asException returns the exception that is sent for an error. An error that is not an
// exception is a defect of the campus.
func asException(err error) *exception {
	var e *exception
	if errors.As(err, &e) {
		return e
	}
	return &exception{moodleException, "generalexceptionmessage", err.Error()}
}
