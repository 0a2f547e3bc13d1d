// Package award changes the state of assertions. Each transition has a function;
// one function, conclude, writes all that follows from a transition.
//
//	transition          from → to                               audit row           steps    notices  score
//	award               – → pending                             assertion_awarded   replace  tell     send
//	award, silently     – → pending                             assertion_awarded   replace  –        send
//	withhold            – → withheld                            assertion_awarded   –        –        –
//	release             withheld, released_at is set            awards_released     –        –        –
//	undo a release      withheld, released_at is removed        release_undone      –        –        –
//	deliver             withheld → pending                      award_delivered     replace  tell     send
//	claim               pending, declined → claimed             assertion_claimed   replace  –        send
//	change consent      claimed                                 consent_changed     –        –        –
//	decline             pending → declined                      assertion_declined  restore  –        send
//	withdraw            pending, declined → withdrawn           award_taken_back    restore  –        send
//	discard             withheld → withdrawn                    award_taken_back    –        –        –
//	revoke              claimed → revoked                       award_taken_back    restore  –        send
//	replace             withheld, pending, claimed → replaced   award_replaced      –        –        –
//	restore             replaced → what it was                  award_restored      –        again    –
//	lose the evidence   pending, claimed                        evidence_fell       –        –        –
//	regain it           pending, claimed                        evidence_back       –        –        –
//	keep without it     pending, claimed                        award_kept          –        –        –
//	remind              claimed                                 –                   –        end      –
//
// An award that the policy withdrew can be made again, silently or not, or be
// withheld: those rows apply to it too. A replaced award is taken back like the
// award that it was before.
//
// Steps: an award replaces awards of lower steps of its badge (replace), or gives
// them their state back (restore). Each of these is a transition too, with its own
// consequences.
// Notices: the learner gets the notice of the award (tell), gets it once more if
// none ever reached them (again), or is reminded that the award will expire (end).
// Score: the LMS's gradebook gets the new score, if the badge has a column there.
//
// Every function takes the transaction in which all of this happens, and the time
// from it.
//
// Guarantees:
//   - an assertion, its audit row, its notices and its score are one transaction;
//   - a transition that is not allowed, or that came second, changes nothing and
//     returns fault.Conflict;
//   - only teachers can see anything of a withheld award: it is on no page, in no
//     notice and not in the gradebook, even while its release can still be undone.
package award
