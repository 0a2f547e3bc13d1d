// Package moodle reads a Moodle site through its web services, and sends
// messages to its users.
//
// A site's address and token go in; the roster, activities, completions and
// grades of one course come out as plain values. It knows nothing of badges.
//
// What always holds:
//   - What could not be read is absent or listed as unread, never reported as
//     "not done". Moodle often shortens an answer where it should refuse.
//   - Every error of a call is an *Error with a stable Reason. Neither the token
//     nor an e-mail address appears in its text.
//   - Each call has a deadline, a bounded answer and a place in the site's queue.
//     Redirects are not followed: they would carry the token elsewhere.
//   - Only calls that read are repeated, once, and only when the network failed.
//
// Shapes and errors were recorded from Moodle 4.5; testdata holds the recordings.
package moodle
