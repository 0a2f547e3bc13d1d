package evidence

import "github.com/insigne-badges/insigne/moodle"

// ofCourse reports whether an error concerns the course and not the whole site.
func ofCourse(err error) bool {
	switch moodle.ReasonOf(err) { //nolint:exhaustive // the others concern the site
	case moodle.CourseNotFound, moodle.CourseClosed, moodle.CompletionOff, moodle.NoCriteria, moodle.WrongCourse, moodle.CapabilityMissing:
		return true
	}
	return false
}

// ofLearner reports whether an error concerns one learner only.
func ofLearner(err error) bool {
	switch moodle.ReasonOf(err) { //nolint:exhaustive // the others concern the course or the site
	case moodle.NotEnrolled, moodle.UserNotFound, moodle.WrongUser, moodle.Refused:
		return true
	}
	return false
}

// ofReport reports whether an error means that a report cannot be used, although the
// site can be read.
func ofReport(err error) bool {
	return moodle.OfReport(err) || moodle.ReasonOf(err) == moodle.FunctionMissing
}
