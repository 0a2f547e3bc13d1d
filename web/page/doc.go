// Package page has what the pages of all audiences share: gates, sessions, forms,
// rendering, problems, language and headers.
//
// A [Renderer] turns a typed struct into a page, and an error into a status, a page
// and a line in the log. [Gates] wrap a page with what its readers need: headers,
// the sites that may embed it, the session and its form token. [Sessions] are in
// encrypted cookies, or in one tab where a browser keeps no cookies for us.
//
// Guarantees: an error of an unknown kind is logged and never shown; a page is
// rendered completely or not at all; a request that changes something passes a
// gate only with the token of its session.
package page
