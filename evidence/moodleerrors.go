package evidence

import "github.com/insigne-badges/insigne/moodle"

// ofCourse reports whether an error tells about a course rather than the site.
func ofCourse(err error) bool {
	switch moodle.ReasonOf(err) { //nolint:exhaustive // the others are the site's
	case moodle.CourseNotFound, moodle.CourseClosed, moodle.CompletionOff, moodle.NoCriteria, moodle.WrongCourse, moodle.CapabilityMissing:
		return true
	}
	return false
}

// ofLearner reports whether an error tells about one learner.
func ofLearner(err error) bool {
	switch moodle.ReasonOf(err) { //nolint:exhaustive // as above
	case moodle.NotEnrolled, moodle.UserNotFound, moodle.WrongUser, moodle.Refused:
		return true
	}
	return false
}

// ofReport reports whether an error tells that a report cannot serve, while
// the site can be read otherwise.
func ofReport(err error) bool {
	return moodle.OfReport(err) || moodle.ReasonOf(err) == moodle.FunctionMissing
}
