// Package moodle reads a Moodle site through its web services, and sends
// messages to its users.
//
// A site's address and token go in; the roster, groups, activities, completions
// and grades of one course come out as plain values. It knows nothing of badges.
//
// Who completed a course is asked for each learner, or of everybody at once by a
// custom report that the site's administrator has made: see CompletionReport.
// Large answers are read as they arrive, and hold in memory what is wanted.
//
// What always holds:
//   - What could not be read is absent or listed as unread, never reported as
//     "not done". Moodle often shortens an answer where it should refuse.
//   - Every error of a call is an *Error with a stable Reason. Neither the token
//     nor an e-mail address appears in its text.
//   - Each call has a deadline, a bounded answer and a place in the site's queue.
//     Redirects are not followed: they would carry the token elsewhere.
//   - Only calls that read are repeated, once, and only when the network failed.
//   - A site that fails again and again is left alone for a while: SiteResting.
//     What Moodle refuses about a learner or a course is no failure of the site.
//   - An answer that names another course or learner than asked about is refused.
//
// Shapes and errors were recorded from Moodle 4.5; testdata holds the recordings.
package moodle
