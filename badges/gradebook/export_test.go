package gradebook

// Outcome decides a learner's score.
var Outcome = outcome
