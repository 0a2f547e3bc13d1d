// Package evidence reads what the learners of a course did.
//
// A course and the subjects some rules ask about go in; the roster, the
// activities and, for each learner, the observations come out. What could not
// be read is left unknown, with the cause; only a failure of the whole site is
// an error. It stands between package moodle, which knows the LMS, and package
// badges, which knows rules; both the background jobs and the teacher's live
// preview read through it.
package evidence
