// Package jobs does the background work: it reads each course when it is due,
// decides who earned which badge, writes the awards, and sends the notices.
//
//	due course ──lease──▶ evidence ──▶ outlooks ──▶ assertions + notice jobs ──▶ mail, LMS message
//
// Guarantees:
//   - only one run reads a course at a time, in all processes together: it holds a
//     lease in the database, which a killed process loses after a short time;
//   - an award, its audit row and its notice jobs are one transaction;
//   - a failed reading awards nothing and is tried again after a growing pause; a
//     panic is a failure of the course that was read and does not end the process;
//   - a notice is sent once: its row is marked when the mail server has taken it.
package jobs
