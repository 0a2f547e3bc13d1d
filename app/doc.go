// Package app wires the packages of Insigne into one installation. The commands
// of cmd/insigne and the tests of e2e use it.
//
// What enters: a [Config] with checked values, and the pace of the background
// work. What leaves: an [App], which serves HTTP and does the background work
// until its context ends.
//
// [Demo] is an App beside the campus, a simulated LMS: it registers the campus, makes
// a badge and receives the mails.
//
// New opens the database and brings its schema and its signing keys up to date;
// it starts nothing. Nothing is left open when New fails. Errors that an operator
// can correct name the environment variable.
package app
