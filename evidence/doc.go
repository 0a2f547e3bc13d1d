// Package evidence reads what the learners of a course did.
//
// A course and the subjects some rules ask about go in; the roster, what rules
// can ask about and, for each learner, the observations come out. What could
// not be read is left unknown, with the cause; only a failure of the whole site
// is an error. It stands between the packages that know the LMS, moodle and
// lti, and package badges, which knows rules; both the background jobs and the
// teacher's live preview read through it.
//
// Moodle's web services tell everything. Where they are not set up, the roster
// (Names and Role Provisioning Services) and the results of Insigne's own line
// items (Assignment and Grade Services) are what any LMS tells.
package evidence
