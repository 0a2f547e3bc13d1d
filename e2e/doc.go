// Package e2e tests the whole service against the campus. It has only tests.
//
// Most tests send HTTP requests to the pages of an installation. They keep cookies as a
// browser does, but run no scripts. The files browser_*_test.go open the pages in
// Chromium. There Insigne is on localhost and the campus on 127.0.0.1. For the browser
// these are two sites, so cookies in the frame are third-party cookies as in real life.
// STORY_SCREENSHOTS=folder saves pictures of the pages.
//
// The files harness_*_test.go have what the tests share: an installation with its
// campus and mails, a clock that tests can move, visitors (teacher, learner,
// administrator), the rows of the database, a service in a process of its own, and the
// browser.
package e2e
