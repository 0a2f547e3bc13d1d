// Package evidence reads what the learners of a course did.
//
// The input is a course and the subjects of its rules. The output is the roster, the
// outline (what rules can use) and the observations of each learner. Something that
// could not be read is unknown, with the reason; only a failure of the whole site is an
// error. The package connects moodle and lti, which know the LMS, with badges, which
// knows rules. The background jobs and the teacher's live preview both use it.
//
// Moodle's web services provide all observations. Without them, only the roster (Names
// and Role Provisioning Services) and the results of Insigne's own line items
// (Assignment and Grade Services) can be read, as from any LMS.
package evidence
