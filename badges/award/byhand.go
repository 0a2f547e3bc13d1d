package award

import (
	"context"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// ByHand awards a badge to learners of its course, or proposes the awards to a
// second teacher if the badge needs one. The results are in the order of h.To.
// It writes nothing and fails with fault.NotFound for a badge of another
// course, fault.Forbidden if h.By does not teach the course, fault.Conflict if
// the badge is not switched on, and fault.Invalid for evidence that is not
// allowed.
func (w Awards) ByHand(ctx context.Context, tx *store.Tx, h badges.HandAward) ([]badges.HandResult, error) {
	hand, err := w.openByHand(ctx, tx, h.Course, h.Badge, h.By)
	if err != nil {
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
			ProposedBy: h.By, ProposedAt: tx.Now(), Given: to.Given,
		}
		a, result, err := hand.decide(ctx, p, "")
		switch {
		case err != nil:
			return nil, err
		case result.Outcome == badges.HandAwarded && hand.badge.Endorsed:
			result, err = hand.propose(ctx, p)
		case result.Outcome == badges.HandAwarded:
			batch = append(batch, a)
			err = tx.RemoveProposalFor(ctx, p.Course, p.Badge, p.User) // a proposal from before the badge stopped asking for a second teacher
		}
		if err != nil {
			return nil, err
		}
		results[i] = result
	}
	made, err := w.Award(ctx, tx, batch)
	if err != nil || made == len(batch) {
		return results, err
	}
	return results, findLeftOut(ctx, tx, batch, results)
}

// hand awards one badge by hand.
type hand struct {
	ledger

	badge badges.Badge
}

// openByHand checks that the badge can be awarded by hand, and that this
// teacher may do it.
func (w Awards) openByHand(ctx context.Context, tx *store.Tx, course badges.CourseKey, id badges.BadgeID, by badges.UserID) (hand, error) {
	badge, err := tx.Badge(ctx, course, id)
	if err != nil {
		return hand{}, err
	}
	if err := badge.OpenByHand(); err != nil {
		return hand{}, err
	}
	if err := mustTeach(ctx, tx, course, by); err != nil {
		return hand{}, err
	}
	l, err := w.openMany(ctx, tx, course, id)
	return hand{l, badge}, err
}

// mustTeach returns fault.Forbidden unless the user was seen teaching the
// course.
func mustTeach(ctx context.Context, tx *store.Tx, course badges.CourseKey, user badges.UserID) error {
	m, err := tx.Member(ctx, course, user)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if !m.Teaches {
		return fault.New(fault.Forbidden, "problem.teachers_only")
	}
	return nil
}

// decide returns the assertion that p becomes and HandAwarded, or HandLeftOut
// with the reason. second is the second teacher; empty if none was needed.
func (h hand) decide(ctx context.Context, p badges.Proposal, second badges.UserID) (badges.Assertion, badges.HandResult, error) {
	m, err := h.tx.Member(ctx, p.Course, p.User)
	if fault.Is(err, fault.NotFound) {
		return badges.Assertion{}, leftOut(p, badges.HandNotMember), nil
	}
	if err != nil {
		return badges.Assertion{}, badges.HandResult{}, err
	}
	c, err := h.caseOf(ctx, &h.badge, m)
	if err != nil {
		return badges.Assertion{}, badges.HandResult{}, err
	}
	if why := c.Blocked(badges.ATeacher, h.tx.Now()); why != "" {
		return badges.Assertion{}, leftOut(p, why.Key()), nil
	}
	a := badges.Assertion{
		ID: p.ID, Course: p.Course, Badge: p.Badge, Version: h.badge.Current.ID, User: p.User, State: badges.Pending, Salt: uuid.NewString(),
		Recipient: m.Recipient(), Facts: []badges.Fact{p.Fact(second)},
		Previous: c.Last.Assertion, EvidenceAfter: c.Last.EvidenceUntil,
	}
	return a, badges.HandResult{User: p.User, Outcome: badges.HandAwarded}, nil
}

func leftOut(p badges.Proposal, why string) badges.HandResult {
	return badges.HandResult{User: p.User, Outcome: badges.HandLeftOut, Why: why}
}

// findLeftOut corrects the results of awards that were not written because the
// learner got the badge first: in this batch, or in another transaction.
func findLeftOut(ctx context.Context, tx *store.Tx, batch []badges.Assertion, results []badges.HandResult) error {
	for i := range results {
		if results[i].Outcome != badges.HandAwarded {
			continue
		}
		_, err := tx.Assertion(ctx, batch[0].ID)
		batch = batch[1:]
		switch {
		case err == nil:
		case fault.Is(err, fault.NotFound):
			results[i].Outcome, results[i].Why = badges.HandLeftOut, badges.HandHas
		default:
			return err
		}
	}
	return nil
}
