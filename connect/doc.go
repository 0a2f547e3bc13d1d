// Package connect connects an LMS to Insigne and tells an administrator whether
// the connection works.
//
//	Invitations   one-time addresses for dynamic registration: make, list, revoke
//	Registration  a platform registers itself, or an administrator types it in
//	Deployments   where a platform offers Insigne, and who approved it
//	Services      the platform's web services: save and check
//	Connection    what the platform grants over LTI: tokens, roster, columns, clocks
//	Diagnosis     launches and logins that were refused, and what to do about them
//	SignIn        the administrator's one-time link
//
// Each of these is a small value with the dependencies it needs. A caller passes
// plain values in and gets plain values back. Errors are those of package fault
// and of package lti. What a check finds is a value with a kind or a reason; its
// Key method names the sentence to show.
//
// What always holds:
//   - the store keeps only the hash of a one-time token;
//   - without a valid invitation nothing is fetched, nothing is written, and
//     nobody learns which platforms are connected;
//   - a registration that fails leaves its invitation as it was;
//   - an invitation is used and its platform is saved in one transaction;
//   - nothing is sent to the LMS inside a transaction.
package connect
