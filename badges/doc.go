// Package badges is the domain of Insigne: what a badge is, what earns it, who
// earned it, and the life of the assertion that says so.
//
// Evidence, a rule and a learner go in; a decision with its explanation comes
// out. Nothing here knows HTTP, SQL or the clock: times are arguments.
//
// What always holds:
//   - an observation that could not be read is unknown, which is never taken
//     for "not met", and never awards;
//   - whoever was seen teaching in the course is never awarded by rule;
//   - an assertion moves only along the arrows of [AssertionState].
package badges
