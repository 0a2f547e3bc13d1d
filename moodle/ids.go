package moodle

import (
	"fmt"
	"strconv"
)

// Moodle's identifiers are numbers. A course id equals the LTI context id and a
// user id the LTI subject, so they travel as text, written in decimal.
type (
	// CourseID is the id of a course.
	CourseID string
	// UserID is the id of a user.
	UserID string
	// ActivityID is a course module id (cmid), the number in an activity's address.
	ActivityID string
	// GroupID is the id of a group of a course.
	GroupID string
	// ReportID is the id of a custom report of the site.
	ReportID string
)

// number returns the id as Moodle's web services want it. The LTI subject and
// context of another LMS are no numbers and are refused with InvalidID.
func number[T ~string](id T) (int64, error) {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil || n <= 0 {
		return 0, &Error{Reason: InvalidID, Err: fmt.Errorf("%T is not a Moodle number", id)}
	}
	return n, nil
}

func id[T ~string](n int64) T { return T(strconv.FormatInt(n, 10)) }
