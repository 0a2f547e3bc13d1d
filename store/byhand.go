package store

import (
	"context"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

// AwardByHand awards a badge to learners of its course, or proposes them to a
// second teacher where the badge asks for one. The results are in the order of
// h.To. It fails with fault.NotFound for a badge of another course,
// fault.Forbidden when h.By does not teach it, fault.Conflict when the badge is
// not switched on and fault.Invalid for evidence that cannot be kept; then
// nothing is written.
func (tx *Tx) AwardByHand(ctx context.Context, h badges.HandAward) ([]badges.HandResult, error) {
	badge, err := tx.Badge(ctx, h.Course, h.Badge)
	if err != nil {
		return nil, err
	}
	if err := badge.OpenByHand(); err != nil {
		return nil, err
	}
	if err := tx.mustTeach(ctx, h.Course, h.By); err != nil {
		return nil, err
	}
	results := make([]badges.HandResult, len(h.To))
	var batch []badges.Assertion
	for i, to := range h.To {
		if err := to.Given.Validate(); err != nil {
			return nil, err
		}
		p := badges.Proposal{
			ID: badges.AssertionID(uuid.NewString()), Course: h.Course, Badge: h.Badge, User: to.User,
			ProposedBy: h.By, ProposedAt: tx.now, Given: to.Given,
		}
		m, held, why, err := tx.recipientOf(ctx, p)
		switch {
		case err != nil:
			return nil, err
		case why != "":
			results[i] = leftOut(p, why)
			continue
		case badge.Endorsed:
			if results[i], err = tx.propose(ctx, p); err != nil {
				return nil, err
			}
			continue
		}
		if err := tx.dropProposal(ctx, p); err != nil { // of the time when a second teacher was asked for
			return nil, err
		}
		results[i] = badges.HandResult{User: p.User, Outcome: badges.HandAwarded}
		batch = append(batch, handAssertion(badge, p, m, held, ""))
	}
	made, err := tx.Award(ctx, batch)
	if err != nil || made == len(batch) {
		return results, err
	}
	return results, tx.findLeftOut(ctx, batch, results)
}

// findLeftOut corrects the results of awards that another came before: of the
// same learner in this batch, or of another transaction.
func (tx *Tx) findLeftOut(ctx context.Context, batch []badges.Assertion, results []badges.HandResult) error {
	for i := range results {
		if results[i].Outcome != badges.HandAwarded {
			continue
		}
		_, err := tx.Assertion(ctx, batch[0].ID)
		batch = batch[1:]
		switch {
		case err == nil:
		case fault.KindOf(err) == fault.NotFound:
			results[i].Outcome, results[i].Why = badges.HandLeftOut, badges.HandHeld
		default:
			return err
		}
	}
	return nil
}

// mustTeach reports fault.Forbidden unless user was seen teaching the course.
func (tx *Tx) mustTeach(ctx context.Context, course badges.CourseKey, user badges.UserID) error {
	m, err := tx.Member(ctx, course, user)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if !m.Teaches {
		return fault.New(fault.Forbidden, "problem.teachers_only")
	}
	return nil
}

func leftOut(p badges.Proposal, why string) badges.HandResult {
	return badges.HandResult{User: p.User, Outcome: badges.HandLeftOut, Why: why}
}

// recipientOf returns the learner of p and their newest award of the badge, or
// the catalogue key of why they cannot be awarded it.
func (tx *Tx) recipientOf(ctx context.Context, p badges.Proposal) (badges.Member, badges.Holding, string, error) {
	m, err := tx.Member(ctx, p.Course, p.User)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return badges.Member{}, badges.Holding{}, badges.HandUnknown, nil
		}
		return badges.Member{}, badges.Holding{}, "", err
	}
	if why := m.WhyNotByHand(); why != "" {
		return m, badges.Holding{}, why, nil
	}
	climb, err := tx.climb(ctx, p.Course, p.Badge)
	if err != nil {
		return m, badges.Holding{}, "", err
	}
	covered, err := climb.covered(ctx, p.Course, p.User, true)
	if err != nil {
		return m, badges.Holding{}, "", err
	}
	if covered {
		return m, badges.Holding{}, badges.HandHigher, nil
	}
	held, err := tx.Holding(ctx, p.Course, p.Badge, p.User)
	switch {
	case err != nil && fault.KindOf(err) == fault.NotFound:
		return m, badges.Holding{}, "", nil
	case err != nil:
		return m, badges.Holding{}, "", err
	case !held.AgainByHand(tx.now):
		return m, held, badges.HandHeld, nil
	}
	return m, held, "", nil
}

// handAssertion is the assertion that p becomes, after the one held before.
func handAssertion(badge badges.Badge, p badges.Proposal, m badges.Member, held badges.Holding, confirmed badges.UserID) badges.Assertion {
	return badges.Assertion{
		ID: p.ID, Course: p.Course, Badge: p.Badge, Version: badge.Current.ID, User: p.User, State: badges.Pending, Salt: uuid.NewString(),
		Recipient: badges.Recipient{Name: m.Name, Email: m.Email, Language: m.Language}, Facts: []badges.Fact{p.Fact(confirmed)},
		Previous: held.Assertion, EvidenceAfter: held.EvidenceUntil,
	}
}
