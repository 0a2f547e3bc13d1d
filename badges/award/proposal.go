package award

import (
	"context"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// propose stores an award by hand for a second teacher.
func (h hand) propose(ctx context.Context, p badges.Proposal) (badges.HandResult, error) {
	kept, err := h.tx.AddProposal(ctx, p)
	if err != nil {
		return badges.HandResult{}, err
	}
	if !kept {
		return leftOut(p, badges.HandWaits), nil
	}
	return badges.HandResult{User: p.User, Outcome: badges.HandProposed}, auditProposal(ctx, h.tx, p, p.ProposedBy, badges.AwardProposed)
}

// Confirm makes the award that was proposed. It decides about the learner
// again: one who cannot be awarded the badge any more is left out, and the
// proposal stays until it is refused. It fails with fault.Forbidden for the
// teacher who proposed it and for one who does not teach the course, and with
// fault.Conflict if the badge is not switched on.
func (w Awards) Confirm(ctx context.Context, tx *store.Tx, p badges.Proposal, by badges.UserID) (badges.HandResult, error) {
	if err := p.Decidable(by); err != nil {
		return badges.HandResult{}, err
	}
	hand, err := w.openByHand(ctx, tx, p.Course, p.Badge, by)
	if err != nil {
		return badges.HandResult{}, err
	}
	a, result, err := hand.decide(ctx, p, by)
	if err != nil || result.Outcome != badges.HandAwarded {
		return result, err
	}
	if err := endProposal(ctx, tx, p, by, badges.AwardConfirmed); err != nil {
		return badges.HandResult{}, err
	}
	made, err := w.Award(ctx, tx, []badges.Assertion{a})
	if err == nil && made == 0 {
		return leftOut(p, badges.HandHas), nil
	}
	return result, err
}

// Refuse ends a proposal without an award. It fails with fault.Forbidden for the
// teacher who proposed it and for one who does not teach the course.
func (w Awards) Refuse(ctx context.Context, tx *store.Tx, p badges.Proposal, by badges.UserID) error {
	if err := p.Decidable(by); err != nil {
		return err
	}
	if err := mustTeach(ctx, tx, p.Course, by); err != nil {
		return err
	}
	return endProposal(ctx, tx, p, by, badges.AwardRefused)
}

// TakeBackProposal removes a proposal for the teacher who made it;
// fault.Forbidden for others.
func (w Awards) TakeBackProposal(ctx context.Context, tx *store.Tx, p badges.Proposal, by badges.UserID) error {
	if by != p.ProposedBy {
		return fault.New(fault.Forbidden, "problem.forbidden")
	}
	return endProposal(ctx, tx, p, by, badges.ProposalTakenBack)
}

// endProposal removes a proposal that by decided; fault.NotFound if somebody
// decided it first.
func endProposal(ctx context.Context, tx *store.Tx, p badges.Proposal, by badges.UserID, action badges.Action) error {
	if err := tx.RemoveProposal(ctx, p); err != nil {
		return err
	}
	return auditProposal(ctx, tx, p, by, action)
}

func auditProposal(ctx context.Context, tx *store.Tx, p badges.Proposal, by badges.UserID, action badges.Action) error {
	return tx.Audit(ctx, badges.AuditEntry{Course: p.Course, Actor: string(by), Action: action, Object: string(p.ID)})
}
