// Package award changes the state of assertions. Each transition has a function;
// one function, settle, owns everything that follows from a transition.
//
//	transition          from → to                       audit row           steps    notices  score
//	award               – → pending                     assertion_awarded   replace  tell     send
//	award, silently     – → pending                     assertion_awarded   replace  –        send
//	withhold            – → withheld                        assertion_awarded   –        –        –
//	release             withheld, released_at is set        awards_released     –        –        –
//	undo a release      withheld, released_at is removed    release_undone      –        –        –
//	deliver             withheld → pending                  award_delivered     replace  tell     send
//	claim               pending, declined → claimed     assertion_claimed   replace  –        send
//	change consent      claimed                         consent_changed     –        –        –
//	decline             pending → declined              assertion_declined  restore  –        send
//	withdraw            pending, declined → withdrawn   award_taken_back    restore  –        send
//	discard             withheld → withdrawn                award_taken_back    –        –        –
//	revoke              claimed → revoked               award_taken_back    restore  –        send
//	replace             withheld, pending, claimed → replaced   award_replaced  –        –        –
//	restore             replaced → what it was          award_restored      –        again    –
//	lose the evidence   pending, claimed                evidence_fell       –        –        –
//	regain it           pending, claimed                evidence_back       –        –        –
//	keep without it     pending, claimed                award_kept          –        –        –
//	remind              claimed                         –                   –        end      –
//
// An award that the policy withdrew can be awarded again, silently or not, or
// withheld: those rows apply to it too. A replaced award is taken back like the one
// that it was.
//
// Steps: an award takes the place of awards of lower steps of its badge
// (replace), or gives the places back (restore). Each of these is a transition
// too, with its own consequences.
// Notices: the learner is told of the award (tell), told once more if no notice
// ever reached them (again), or told that the award will end (end).
// Score: the LMS's gradebook is told, where the badge has a column.
//
// Every function takes the transaction in which all of this happens, and the time
// from it. What always holds:
//   - an assertion, its audit row, its notices and its score are one transaction;
//   - a transition that is not allowed, or came second, changes nothing and is a
//     fault.Conflict;
//   - nothing of a withheld award is visible to anybody but the teacher: not on a
//     page, not in a notice, not in the gradebook, also when it was released and
//     can still be undone.
package award
