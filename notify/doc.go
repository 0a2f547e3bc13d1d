// Package notify tells learners of their badges, by e-mail and by a message in
// the LMS, in their language.
//
// A [Notice] holds everything that is said; nothing is looked up here. A mail
// carries the picture, one button and a plain-text part; its Message-ID is made
// from the assertion, so that a mail sent twice is recognisable as one.
//
// Errors are fault.Upstream with a key that tells a mail server that does not
// answer from one that refuses. Neither addresses nor links stand in them.
package notify
