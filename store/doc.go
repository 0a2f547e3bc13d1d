// Package store keeps everything Insigne knows, in SQLite or PostgreSQL.
//
// Values of packages badges and lti go in and come out; callers see neither
// SQL nor the queue. What is stored as JSON has row types of its own, so that a
// change of those packages does not change the database. Reads stand on [Store], on a pool of their own, and again
// on [Tx], where they see the transaction's writes. Writes stand on Tx alone.
//
// What always holds:
//   - what is written together is one transaction: [Store.Tx], which carries
//     the time and enqueues jobs that exist only if it commits;
//   - everything of a course is addressed by its badges.CourseKey, so that an
//     id of another course or platform is not found;
//   - not found is an error of kind fault.NotFound;
//   - web-service tokens and private keys are sealed, one-time links and logins
//     are stored hashed;
//   - times are UTC, in microseconds; the present time is that of Config.Now, and
//     in a transaction it stands still.
//
// The few differences between the databases are in dialect.go; migrations run
// at Open, under a lock.
package store
