package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

const proposalColumns = `id, platform_id, context_id, badge_id, user_id, proposed_by, proposed_at, given`

func scanProposal(row row) (badges.Proposal, error) {
	var p badges.Proposal
	var at instant
	var given string
	if err := row.Scan(&p.ID, &p.Course.Platform, &p.Course.Context, &p.Badge, &p.User, &p.ProposedBy, &at, &given); err != nil {
		return badges.Proposal{}, err
	}
	p.ProposedAt = at.Time
	if err := json.Unmarshal([]byte(given), &p.Given); err != nil {
		return badges.Proposal{}, fmt.Errorf("read evidence of proposal %s: %w", p.ID, err)
	}
	return p, nil
}

// Proposals lists the awards of a badge that wait for a second teacher, the
// oldest first. Whoever was awarded the badge meanwhile is not listed.
func (r reads) Proposals(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) ([]badges.Proposal, error) {
	rows, err := r.q.QueryContext(ctx, `select `+proposalColumns+` from proposals p
		where platform_id = $1 and context_id = $2 and badge_id = $3
			and not exists (select 1 from assertions a where a.badge_id = p.badge_id and a.user_id = p.user_id and a.awarded_at >= p.proposed_at)
		order by proposed_at, id`, key.Platform, key.Context, badge)
	return all(rows, err, scanProposal)
}

// Proposal returns one award that waits.
func (r reads) Proposal(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, id badges.AssertionID) (badges.Proposal, error) {
	p, err := scanProposal(r.q.QueryRowContext(ctx, `select `+proposalColumns+` from proposals
		where platform_id = $1 and context_id = $2 and badge_id = $3 and id = $4`, key.Platform, key.Context, badge, id))
	return p, notFound(err, "proposal")
}

func (tx *Tx) propose(ctx context.Context, p badges.Proposal) (badges.HandResult, error) {
	given, err := json.Marshal(p.Given)
	if err != nil {
		return badges.HandResult{}, fmt.Errorf("write evidence: %w", err)
	}
	// One that an award overtook must not stand in the way of the next.
	_, err = tx.q.ExecContext(ctx, `delete from proposals where badge_id = $1 and user_id = $2
		and exists (select 1 from assertions a where a.badge_id = $1 and a.user_id = $2 and a.awarded_at >= proposed_at)`, p.Badge, p.User)
	if err != nil {
		return badges.HandResult{}, fmt.Errorf("remove proposal: %w", err)
	}
	result, err := tx.q.ExecContext(ctx, `
		insert into proposals (id, platform_id, context_id, badge_id, user_id, proposed_by, proposed_at, given)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (badge_id, user_id) do nothing`,
		p.ID, p.Course.Platform, p.Course.Context, p.Badge, p.User, p.ProposedBy, moment(p.ProposedAt), string(given))
	if err != nil {
		return badges.HandResult{}, fmt.Errorf("write proposal: %w", err)
	}
	n, err := result.RowsAffected()
	switch {
	case err != nil:
		return badges.HandResult{}, fmt.Errorf("write proposal: %w", err)
	case n == 0:
		return leftOut(p, badges.HandWaits), nil
	}
	return badges.HandResult{User: p.User, Outcome: badges.HandProposed}, tx.noteProposal(ctx, p, p.ProposedBy, badges.AwardProposed)
}

// dropProposal removes the open proposal for p's learner, if there is one.
func (tx *Tx) dropProposal(ctx context.Context, p badges.Proposal) error {
	_, err := tx.q.ExecContext(ctx, `delete from proposals where platform_id = $1 and context_id = $2 and badge_id = $3 and user_id = $4`,
		p.Course.Platform, p.Course.Context, p.Badge, p.User)
	if err != nil {
		return fmt.Errorf("remove proposal: %w", err)
	}
	return nil
}

func (tx *Tx) noteProposal(ctx context.Context, p badges.Proposal, by badges.UserID, action badges.Action) error {
	return tx.Audit(ctx, badges.AuditEntry{Course: p.Course, Actor: string(by), Action: action, Object: string(p.ID)})
}

// settle removes a proposal that by decides; fault.NotFound when somebody
// decided it meanwhile.
func (tx *Tx) settle(ctx context.Context, p badges.Proposal, by badges.UserID, action badges.Action) error {
	result, err := tx.q.ExecContext(ctx, `delete from proposals where platform_id = $1 and context_id = $2 and id = $3`,
		p.Course.Platform, p.Course.Context, p.ID)
	if err := one(result, err, "proposal"); err != nil {
		return err
	}
	return tx.noteProposal(ctx, p, by, action)
}

// ConfirmProposal makes the assertion that was proposed. The learner is decided
// anew: who cannot be awarded the badge any more is left out, and the proposal
// stays, to be refused. It fails with fault.Forbidden for who proposed it or does
// not teach the course, and fault.Conflict when the badge is not switched on.
func (tx *Tx) ConfirmProposal(ctx context.Context, p badges.Proposal, by badges.UserID) (badges.HandResult, error) {
	if err := p.Decidable(by); err != nil {
		return badges.HandResult{}, err
	}
	if err := tx.mustTeach(ctx, p.Course, by); err != nil {
		return badges.HandResult{}, err
	}
	badge, err := tx.Badge(ctx, p.Course, p.Badge)
	if err != nil {
		return badges.HandResult{}, err
	}
	if err := badge.OpenByHand(); err != nil {
		return badges.HandResult{}, err
	}
	m, held, why, err := tx.recipientOf(ctx, p)
	if err != nil {
		return badges.HandResult{}, err
	}
	if why != "" {
		return leftOut(p, why), nil
	}
	if err := tx.settle(ctx, p, by, badges.AwardConfirmed); err != nil {
		return badges.HandResult{}, err
	}
	made, err := tx.Award(ctx, []badges.Assertion{handAssertion(badge, p, m, held, by)})
	switch {
	case err != nil:
		return badges.HandResult{}, err
	case made == 0:
		return leftOut(p, badges.HandHeld), nil
	}
	return badges.HandResult{User: p.User, Outcome: badges.HandAwarded}, nil
}

// RefuseProposal ends a proposal without an award; fault.Forbidden for who made
// it or does not teach the course.
func (tx *Tx) RefuseProposal(ctx context.Context, p badges.Proposal, by badges.UserID) error {
	if err := p.Decidable(by); err != nil {
		return err
	}
	if err := tx.mustTeach(ctx, p.Course, by); err != nil {
		return err
	}
	return tx.settle(ctx, p, by, badges.AwardRefused)
}

// TakeBackProposal ends a proposal by who made it; fault.Forbidden for others.
func (tx *Tx) TakeBackProposal(ctx context.Context, p badges.Proposal, by badges.UserID) error {
	if by != p.ProposedBy {
		return fault.New(fault.Forbidden, "problem.forbidden")
	}
	return tx.settle(ctx, p, by, badges.ProposalTakenBack)
}

// SetEndorsed says whether a second teacher must confirm awards of a badge by
// hand.
func (tx *Tx) SetEndorsed(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, endorsed bool, by badges.UserID) error {
	result, err := tx.q.ExecContext(ctx, `update badges set endorsed = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, badge, endorsed)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	action := badges.EndorsementDropped
	if endorsed {
		action = badges.EndorsementAsked
	}
	return tx.Audit(ctx, badges.AuditEntry{Course: key, Actor: string(by), Action: action, Object: string(badge)})
}
