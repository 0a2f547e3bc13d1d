// Package page has what the pages of all audiences share: gates, sessions, forms,
// rendering, error pages, language and headers.
//
// A [Renderer] makes a page from a typed struct. From an error it makes a status, a
// page and a line in the log. [Gates] wrap a page with what its readers need: headers,
// the sites that may embed it, the session and the token of its forms. [Sessions] are
// in encrypted cookies. If the browser keeps no cookies for us, the session is in one
// tab.
//
// Guarantees: an error of an unknown kind is logged and never shown; a page is rendered
// completely or not at all; a request that changes something passes a gate only with
// the token of its session.
package page
