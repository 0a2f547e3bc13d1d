// Package teacher serves the teachers of a course: its badges, the form for badges, a
// preview of the learners who meet a rule, the recipients, and the teachers' decisions.
//
// Guarantees: every page needs a teacher of the course; it reads and changes only
// badges of this course; a form that is refused is shown again with everything that was
// typed.
package teacher
