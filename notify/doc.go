// Package notify sends notices about badges to learners, by e-mail and by a message in
// the LMS, in the learner's language.
//
// It also mails the link that confirms an address that a learner gave.
//
// A [Notice] contains everything that the notice says; the package looks up nothing. A
// mail contains the picture, one button and a plain-text part. Its Message-ID is made
// from the assertion, so that mail programs recognise a mail that was sent twice.
// Names, titles and addresses come from the LMS and are not trusted: none of them can
// add a header, a recipient or markup.
//
// Errors are fault.Upstream with a key that says who can act:
//
//	mail.not_configured     no server is configured
//	mail.sender_invalid     the administrator must correct the sender
//	mail.address_invalid    the learner's address in the LMS is not valid
//	mail.recipient_refused  the server refuses this learner permanently
//	mail.refused            the server refuses the mail permanently
//	mail.server_busy        the server asks to try again later
//	mail.server_unreachable the server does not answer
//	mail.server_failed      the connection broke, or is not encrypted
//
// The errors contain neither addresses nor links. If the context is cancelled, the
// error is context.Canceled and has no kind.
package notify
