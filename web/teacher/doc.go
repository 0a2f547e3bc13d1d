// Package teacher serves the teachers of a course: its badges, the form that makes
// them, a preview of the learners whom a rule reaches, the recipients, and the
// decisions that are theirs.
//
// Guarantees: every page asks for a teacher of the course, and reads and changes
// badges of this course alone; a form that is refused is shown again with
// everything that was typed.
package teacher
