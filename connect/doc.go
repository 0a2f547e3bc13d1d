// Package connect connects an LMS to Insigne and shows an administrator whether the
// connection works.
//
//	Invitations   one-time addresses for dynamic registration: make, list, revoke
//	Registration  a platform registers itself, or an administrator types it in
//	Deployments   where a platform offers Insigne, and which are approved
//	Services      the platform's web services: save and check
//	Connection    what the platform grants over LTI: tokens, roster, columns, clocks
//	Diagnosis     launches and logins that were refused, and how to correct them
//	SignIn        the administrator's one-time link
//
// Each of these is a small value with the dependencies that it needs. A caller passes
// plain values and gets plain values. Errors are those of package fault and of package
// lti. The results of a check are values with a kind or a reason; their Key method
// returns the catalogue key of the sentence to show.
//
// Guarantees:
//   - the store keeps only the hash of a one-time token;
//   - without a valid invitation nothing is fetched, nothing is written, and nobody can
//     find out which platforms are connected;
//   - a registration that fails does not change its invitation;
//   - an invitation is used up and its platform is saved in one transaction;
//   - nothing is sent to the LMS inside a transaction.
package connect
