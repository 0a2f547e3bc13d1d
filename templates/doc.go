// Package templates holds everything that is shown: pages, mails, messages,
// their translations and the static files, embedded in the binary.
//
// Plain values go in, bytes come out. Every page is parsed for every language
// when [Load] runs, so that a broken template stops the start and not a
// visitor. Every visible string stands in the catalogues (locales/…); a test
// finds keys that are missing, unused or filled differently.
//
// A page's layout follows from its name: teacher_, learner_ and lti_ stand
// inside the LMS frame, admin_ in the console, the rest are public; fragments
// that htmx asks for have none.
package templates
