package badges

import "github.com/insigne-badges/insigne/internal/fault"

// Erase returns what remains of a when its learner has it erased: that it
// existed, of which badge and version, when it was awarded and, if it was
// claimed, where its documents were. Nothing in it tells who the learner was. It
// fails with fault.Conflict if a was erased already.
func (a Assertion) Erase() (Assertion, error) {
	if a.State == Erased {
		return a, fault.New(fault.Conflict, "claim.erased_already")
	}
	return Assertion{
		ID: a.ID, Course: a.Course, Badge: a.Badge, Version: a.Version, User: UserID(a.ID), State: Erased,
		BaseURL: a.BaseURL, AwardedAt: a.AwardedAt, EvidenceUsed: a.AwardedAt,
	}, nil
}
