// Package launch serves what an LMS opens: logins, launches, the tool's public keys,
// the choice of what a link opens (LTI Deep Linking 2.0), and dynamic registration.
//
// Package lti verifies a launch. This package then saves the course and the person and
// starts a session, in the transaction that uses up the login. The browser goes to the
// page for the person's role, or to the page that the link names.
//
// Guarantees: a launch is used once; a refused launch writes only an entry in the list
// of refused launches and, if its deployment is new, the deployment that waits for
// approval; a browser that keeps no cookies for us gets a session in its tab.
package launch
