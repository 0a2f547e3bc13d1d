// Package learner serves the people who earn badges, and their mentors: the claim page,
// which the link in a notice opens, and the pages in the course, which show what the
// learner has earned, can earn, and still has to do.
//
// Guarantees: opening a page changes nothing; a person can read about another learner
// only as a teacher of the course or as that learner's mentor; only a learner's own
// page has links that claim. A learner without an address gives one only in a session
// from the LMS, and only the link in the mail to it can claim then.
package learner
