// Package store stores all data of Insigne, in SQLite or PostgreSQL.
//
// Its methods take and return values of packages badges and lti; callers see
// neither SQL nor the job queue. JSON columns have row types of their own, so that
// a change of those packages does not change the database. Methods that read exist
// on [Store], with a connection pool of their own, and on [Tx], where they see the
// transaction's writes. Methods that write exist on Tx only.
//
// Guarantees:
//   - what belongs together is written in one transaction: [Store.Tx], which
//     carries the time and enqueues jobs that exist only if it commits;
//   - all data of a course is addressed by its badges.CourseKey, so that an id of
//     another course or platform is not found;
//   - not found is an error of kind fault.NotFound;
//   - web-service tokens and private keys are sealed; one-time links and logins
//     are stored as hashes;
//   - times are UTC, in microseconds; the present time comes from Config.Now and
//     does not change within a transaction.
//
// The few differences between the databases are in dialect.go. Open runs the
// migrations, under a lock.
package store
