// Package launch serves what an LMS opens: logins, launches, the tool's public
// keys, the choice of what a link opens (LTI Deep Linking 2.0), and dynamic
// registration.
//
// A launch that package lti verified goes in. The course, the person and their
// session come out, in one transaction with the login that it uses up; then the
// browser goes to the page that fits the role, or that the link names.
//
// Guarantees: a launch is used once; a refused one changes nothing but the list of
// refused launches; a browser that keeps no cookies for us gets a session that
// lives in its tab.
package launch
