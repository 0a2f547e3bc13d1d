// Package moodle reads a Moodle site through its web services, and sends messages to
// its users.
//
// The input is a site's address and token. The output is the roster, groups,
// activities, completions and grades of one course as plain values. The package knows
// nothing of badges.
//
// Course completions are read for each learner or, if the site's administrator has made
// a suitable custom report, for all learners at once: see CompletionReport. Large
// answers are read while they arrive, and only the wanted part stays in memory.
//
// Guarantees:
//   - Anything that could not be read is absent or listed as unread, never reported as
//     "not done". Moodle often leaves something out where it should refuse.
//   - Every error of a call is an *Error with a stable Reason. Its text contains
//     neither the token nor an e-mail address.
//   - Each call has a deadline, a limit on the size of its answer and a place in the
//     site's queue. Redirects are not followed, because they would send the token
//     elsewhere.
//   - A call that reads is repeated once if the network failed. Other calls are not
//     repeated.
//   - A site that fails again and again gets no calls for a while: SiteResting. A
//     refusal that concerns a learner or a course does not count as a failure.
//   - An answer about another course or learner than requested is refused.
//
// Shapes and errors were recorded from Moodle 4.5; testdata contains the recordings.
package moodle
