// Package templates holds everything that is shown: pages, mails, messages,
// their translations and the static files, embedded in the binary.
//
// Plain values go in, bytes come out. Every page is parsed for every language
// when [Load] runs, so that a broken template stops the start and not a
// visitor. Every visible string stands in the catalogues (locales/…); a test
// finds keys that are missing, unused or filled differently.
//
// The pages of an audience stand in a folder of its name (pages/teacher/…), and
// the name of a page's folder is the name of its layout. Pages with another layout
// stand one folder deeper: pages/teacher/fragment/… are answers to htmx, without a
// layout; pages/admin/public/… have the layout of public pages. Folders named
// partials hold parts of pages.
package templates
