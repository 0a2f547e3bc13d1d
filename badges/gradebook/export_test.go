package gradebook

// Outcome is what decides a learner's score.
var Outcome = outcome
