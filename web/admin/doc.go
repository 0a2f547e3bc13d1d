// Package admin serves the administrator of the installation: the platforms and
// how they are connected, organisations, the mail sender, the tool's keys, and
// what went wrong.
//
// Guarantees: every page but the sign-in asks for an administrator's session; an
// invitation or a token is shown once and never again; a check says only what it
// tried.
package admin
