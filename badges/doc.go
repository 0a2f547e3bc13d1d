// Package badges is the domain of Insigne: what a badge is, what earns it, who
// earned it, and the life of the assertion that records this.
//
// The input is a [Case]: a badge with its rule, a learner, their evidence and
// their awards so far. The output is an [Outlook]: the learner's position towards
// the badge, and why. Readings of a course, pages and notices all use it. The
// package knows no HTTP, no SQL and no clock: times are arguments.
//
// Guarantees:
//   - an observation that could not be read is unknown; it is never taken for
//     "not met", and it never awards a badge;
//   - a rule never awards a badge to a learner who was seen teaching the course;
//   - an assertion changes its state only along the arrows of [AssertionState].
package badges
