// Package admin serves the administrator of the installation: the platforms and their
// connections, organisations, the mail sender, the tool's keys, and the problems.
//
// Guarantees: every page except the sign-in needs an administrator's session; an
// invitation or a token is shown only once; a check reports only what it tried.
package admin
