// Package badges is the domain of Insigne: what a badge is, what earns it, who
// earned it, and the life of the assertion that says so.
//
// A [Case] goes in: a badge with its rule, a learner, their evidence and their
// earlier awards. An [Outlook] comes out: where the learner stands, and why. The
// reading of a course, every page and every notice ask for it here. Nothing here
// knows HTTP, SQL or the clock: times are arguments.
//
// What always holds:
//   - an observation that could not be read is unknown, which is never taken
//     for "not met", and never awards;
//   - a learner who was seen teaching in the course is never awarded by rule;
//   - an assertion moves only along the arrows of [AssertionState].
package badges
