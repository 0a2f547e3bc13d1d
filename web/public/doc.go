// Package public serves what anybody may open: the pages and documents of claimed
// badges, organisations and pictures.
//
// Guarantees: it reads and never writes; an award that is not public is answered
// like one that does not exist; a name or a fact is shown only with the learner's
// consent.
package public
