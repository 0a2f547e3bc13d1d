package store

import (
	"context"
	"fmt"

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
	for i, to := range h.To {
		if err := to.Given.Validate(); err != nil {
			return nil, err
		}
		p := badges.Proposal{
			ID: badges.AssertionID(uuid.NewString()), Course: h.Course, Badge: h.Badge, User: to.User,
			ProposedBy: h.By, ProposedAt: tx.now, Given: to.Given,
		}
		if results[i], err = tx.awardOrPropose(ctx, badge, p); err != nil {
			return nil, err
		}
	}
	return results, nil
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

func (tx *Tx) awardOrPropose(ctx context.Context, badge badges.Badge, p badges.Proposal) (badges.HandResult, error) {
	m, why, err := tx.recipientOf(ctx, p)
	switch {
	case err != nil:
		return badges.HandResult{}, err
	case why != "":
		return leftOut(p, why), nil
	case badge.Endorsed:
		return tx.propose(ctx, p)
	}
	if err := tx.dropProposal(ctx, p); err != nil { // of the time when a second teacher was asked for
		return badges.HandResult{}, err
	}
	return tx.awardProposal(ctx, badge, p, m, "")
}

func leftOut(p badges.Proposal, why string) badges.HandResult {
	return badges.HandResult{User: p.User, Outcome: badges.HandLeftOut, Why: why}
}

// recipientOf returns the learner of p, or the catalogue key of why they cannot
// be awarded the badge.
func (tx *Tx) recipientOf(ctx context.Context, p badges.Proposal) (badges.Member, string, error) {
	m, err := tx.Member(ctx, p.Course, p.User)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return badges.Member{}, badges.HandUnknown, nil
		}
		return badges.Member{}, "", err
	}
	if why := m.WhyNotByHand(); why != "" {
		return m, why, nil
	}
	var held int
	err = tx.q.QueryRowContext(ctx, `select count(*) from assertions where badge_id = $1 and user_id = $2`, p.Badge, p.User).Scan(&held)
	if err != nil {
		return m, "", fmt.Errorf("read assertion: %w", err)
	}
	if held > 0 {
		return m, badges.HandHeld, nil
	}
	return m, "", nil
}

// awardProposal writes the assertion as an award by rule is written; the unique
// constraint decides who comes first.
func (tx *Tx) awardProposal(ctx context.Context, badge badges.Badge, p badges.Proposal, m badges.Member, confirmed badges.UserID) (badges.HandResult, error) {
	made, err := tx.Award(ctx, []badges.Assertion{{
		ID: p.ID, Course: p.Course, Badge: p.Badge, Version: badge.Current.ID, User: p.User, State: badges.Pending, Salt: uuid.NewString(),
		Recipient: badges.Recipient{Name: m.Name, Email: m.Email, Language: m.Language}, Facts: []badges.Fact{p.Fact(confirmed)},
	}})
	switch {
	case err != nil:
		return badges.HandResult{}, err
	case made == 0:
		return leftOut(p, badges.HandHeld), nil
	}
	return badges.HandResult{User: p.User, Outcome: badges.HandAwarded}, nil
}
