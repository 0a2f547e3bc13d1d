// Package public serves what anybody may open: the pages and documents of public
// awards, the profiles of organisations, and pictures.
//
// Guarantees: it only reads; it answers for an award that is not public as for one that
// does not exist; it shows a name or a fact only with the learner's consent.
package public
