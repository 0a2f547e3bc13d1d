// Package jobs does the work nobody waits for: it reads each course when it is
// due, decides who earned what, writes the awards, and sends the notices.
//
//	due course ──lease──▶ evidence ──▶ outlooks ──▶ assertions + notice jobs ──▶ mail, LMS message
//
// What always holds:
//   - one run per course at a time across all processes, by a lease in the
//     database that a killed process loses after a short while;
//   - an award, its audit row and its notice jobs are one transaction;
//   - a failed reading awards nothing and is tried again after a growing pause, and
//     a panic is a failure of the course that was read, no end of the process;
//   - a notice is sent once: its row is marked when the mail server took it.
package jobs
