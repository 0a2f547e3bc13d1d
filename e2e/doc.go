// Package e2e tests the whole service against the campus. It holds tests alone.
//
// Most tests speak HTTP with the pages of an installation, as a browser does that
// is reduced to its cookies. The files browser_*_test.go open the pages in
// Chromium: Insigne is on localhost and the campus on 127.0.0.1, two sites to the
// browser, so that cookies in the frame are third-party cookies as in real life.
// STORY_SCREENSHOTS=folder keeps pictures of the pages.
//
// The files harness_*_test.go have what the tests share: an installation with its
// campus and mails, a clock that can be moved, visitors (teacher, learner,
// administrator), the rows of the database, a service in a process of its own,
// and the browser.
package e2e
