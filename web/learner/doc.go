// Package learner serves the people who earn badges, and their mentors: the claim
// page, which the link in a notice opens, and the pages in the course that show
// what was earned, what can be earned and what is missing.
//
// Guarantees: opening a page changes nothing; a person reads about another learner
// only as a teacher of the course or as that learner's mentor; only a learner's
// own page has links that claim.
package learner
