// Package app wires the packages of Insigne into one installation. The commands of
// cmd/insigne and the tests of e2e use it.
//
// A caller passes a [Config] with checked values, and the pace of the background work,
// and gets an [App]. Its Run serves HTTP and runs the background work until the context
// ends.
//
// [Demo] is an App with the campus, a simulated LMS. It registers the campus, makes a
// badge and receives the mails.
//
// Guarantees: New brings the schema and the signing keys of the database up to date and
// starts nothing; if New fails, nothing stays open; an error that an operator can
// correct names the environment variable.
package app
