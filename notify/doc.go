// Package notify tells learners of their badges, by e-mail and by a message in
// the LMS, in their language.
//
// A [Notice] holds everything that is said; nothing is looked up here. A mail
// carries the picture, one button and a plain-text part; its Message-ID is made
// from the assertion, so that a mail sent twice is recognisable as one. Names,
// titles and addresses come from the LMS and are trusted with nothing: none of
// them can add a header, a recipient or markup.
//
// Errors are fault.Upstream with a key that says whose turn it is:
//
//	mail.not_configured     no server is set up
//	mail.sender_invalid     the administrator has to mend the sender
//	mail.address_invalid    the LMS's address of the learner is none
//	mail.recipient_refused  the server refuses this learner for good
//	mail.refused            the server refuses the mail for good
//	mail.server_busy        the server asks to try again later
//	mail.server_unreachable nobody answers
//	mail.server_failed      the connection broke, or is not encrypted
//
// Neither addresses nor links stand in them. A context that is cancelled is
// nobody's failure and is returned as it is.
package notify
