// Package award changes the state of assertions. Each transition has a function;
// one function, conclude, writes all that follows from a transition.
//
//	transition          from → to                               audit row           steps    notices  score  status
//	award               – → pending                             assertion_awarded   replace  tell     send   –
//	award, silently     – → pending                             assertion_awarded   replace  –        send   –
//	withhold            – → withheld                            assertion_awarded   –        –        –      –
//	release             withheld, released_at is set            awards_released     –        –        –      –
//	undo a release      withheld, released_at is removed        release_undone      –        –        –      –
//	deliver             withheld → pending                      award_delivered     replace  tell     send   –
//	claim               pending, declined → claimed             assertion_claimed   replace  –        send   draw
//	make private        claimed → private                       award_made_private  –        –        send   –
//	make public         private → claimed                       award_made_public   –        –        send   –
//	change consent      claimed, private                        consent_changed     –        –        –      –
//	decline             pending → declined                      assertion_declined  restore  –        send   –
//	withdraw            pending, declined → withdrawn           award_taken_back    restore  –        send   –
//	discard             withheld → withdrawn                    award_taken_back    –        –        –      –
//	revoke              claimed, private → revoked              award_taken_back    restore  –        send   revoked
//	replace             withheld, pending, … → replaced         award_replaced      –        –        –      message
//	restore             replaced → what it was                  award_restored      –        again    –      no message
//	erase               any state → erased                      award_erased        restore  –        –      –
//	lose the evidence   pending, claimed, private               evidence_fell       –        –        –      –
//	regain it           pending, claimed, private               evidence_back       –        –        –      –
//	keep without it     pending, claimed, private               award_kept          –        –        –      –
//	remind              claimed, private                        –                   –        end      –      –
//	give an address     pending, declined                       address_given       –        –        –      –
//	confirm it          pending, declined                       address_confirmed   –        –        –      –
//	take the LMS's      withheld, pending, declined             address_told        –        again    –      –
//
// An award that the policy withdrew can be made again, silently or not, or be
// withheld: those rows apply to it too. An award is replaced from withheld,
// pending, claimed or private. A replaced award is taken back like the award that
// it was before.
//
// Steps: an award replaces awards of lower steps of its badge (replace), or gives
// them their state back (restore). Each of these is a transition too, with its own
// consequences.
// Notices: the learner gets the notice of the award (tell), gets it once more if
// none ever reached them (again), or is reminded that the award will expire (end).
// Addresses: a learner whose LMS tells no usable address gives one and confirms it
// with the claim, in one transaction. Until then an address that the LMS tells
// comes first. The audit log says that this happened, and never the address.
// Score: the LMS's gradebook gets the new score, if the badge has a column there.
// Status: the award draws an entry in the status lists of its issuer for each
// purpose, or its bit is set (revoked, message) or cleared (no message). Expiry is
// in the documents and has no bit. A list gets its next version once in a
// transaction, however many of its bits change.
//
// Every function takes the transaction in which all of this happens, and the time
// from it.
//
// Guarantees:
//   - an assertion, its audit row, its notices, its score and its status are one
//     transaction;
//   - a transition that is not allowed, or that came second, changes nothing and
//     returns fault.Conflict;
//   - only teachers can see anything of a withheld award: it is on no page, in no
//     notice and not in the gradebook, even while its release can still be undone;
//   - nothing that remains of an erased award tells who its learner was.
package award
