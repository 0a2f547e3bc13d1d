package moodle

import (
	"fmt"
	"strconv"
)

// Moodle's identifiers are numbers. A course id equals the LTI context id, and a user
// id equals the LTI subject. They are therefore kept as text, in decimal.
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

// number converts an id for Moodle's web services. It returns InvalidID for text that
// is not a number, for example the LTI subject of another LMS.
func number[T ~string](id T) (int64, error) {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil || n <= 0 {
		return 0, &Error{Reason: InvalidID, Err: fmt.Errorf("%T is not a Moodle number", id)}
	}
	return n, nil
}

func id[T ~string](n int64) T { return T(strconv.FormatInt(n, 10)) }
