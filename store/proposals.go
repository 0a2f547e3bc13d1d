package store

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
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
	var err error
	if p.Given, err = decodeGiven(given); err != nil {
		return badges.Proposal{}, fmt.Errorf("proposal %s: %w", p.ID, err)
	}
	return p, nil
}

// Proposals lists the awards of a badge that wait for a second teacher, the
// oldest first. It leaves out learners who got the badge in the meantime.
func (r reads) Proposals(ctx context.Context, key badges.CourseKey, badge badges.BadgeID) ([]badges.Proposal, error) {
	rows, err := r.q.QueryContext(ctx, `select `+proposalColumns+` from proposals p
		where platform_id = $1 and context_id = $2 and badge_id = $3
			and not exists (select 1 from assertions a where a.badge_id = p.badge_id and a.user_id = p.user_id and a.awarded_at >= p.proposed_at)
		order by proposed_at, id`, key.Platform, key.Context, badge)
	return all(rows, err, scanProposal)
}

// Proposal returns a proposal; fault.NotFound if it was decided or removed.
func (r reads) Proposal(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, id badges.AssertionID) (badges.Proposal, error) {
	p, err := scanProposal(r.q.QueryRowContext(ctx, `select `+proposalColumns+` from proposals
		where platform_id = $1 and context_id = $2 and badge_id = $3 and id = $4`, key.Platform, key.Context, badge, id))
	return p, notFound(err, "proposal")
}

// AddProposal stores a proposal and reports whether it did. It does not if
// another for the same learner waits.
func (tx *Tx) AddProposal(ctx context.Context, p badges.Proposal) (bool, error) {
	given, err := encodeGiven(p.Given)
	if err != nil {
		return false, err
	}
	// Remove a proposal that an award has made unnecessary, so that it does not
	// block the new one.
	_, err = tx.q.ExecContext(ctx, `delete from proposals where badge_id = $1 and user_id = $2
		and exists (select 1 from assertions a where a.badge_id = $1 and a.user_id = $2 and a.awarded_at >= proposed_at)`, p.Badge, p.User)
	if err != nil {
		return false, fmt.Errorf("remove proposal: %w", err)
	}
	result, err := tx.q.ExecContext(ctx, `
		insert into proposals (id, platform_id, context_id, badge_id, user_id, proposed_by, proposed_at, given)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (badge_id, user_id) do nothing`,
		p.ID, p.Course.Platform, p.Course.Context, p.Badge, p.User, p.ProposedBy, moment(p.ProposedAt), given)
	if err != nil {
		return false, fmt.Errorf("write proposal: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("write proposal: %w", err)
	}
	return n > 0, nil
}

// RemoveProposal removes a proposal; fault.NotFound if somebody decided about
// it first.
func (tx *Tx) RemoveProposal(ctx context.Context, p badges.Proposal) error {
	result, err := tx.q.ExecContext(ctx, `delete from proposals where platform_id = $1 and context_id = $2 and id = $3`,
		p.Course.Platform, p.Course.Context, p.ID)
	return one(result, err, "proposal")
}

// RemoveProposalFor removes the proposal of a badge to a learner, if there is
// one.
func (tx *Tx) RemoveProposalFor(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, user badges.UserID) error {
	_, err := tx.q.ExecContext(ctx, `delete from proposals where platform_id = $1 and context_id = $2 and badge_id = $3 and user_id = $4`,
		key.Platform, key.Context, badge, user)
	if err != nil {
		return fmt.Errorf("remove proposal: %w", err)
	}
	return nil
}

// SetEndorsed sets whether a second teacher must confirm awards of a badge by
// hand.
func (tx *Tx) SetEndorsed(ctx context.Context, key badges.CourseKey, badge badges.BadgeID, endorsed bool, by badges.UserID) error {
	b, err := tx.lockedBadge(ctx, key, badge)
	if err != nil || b.Endorsed == endorsed {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update badges set endorsed = $4 where platform_id = $1 and context_id = $2 and id = $3`,
		key.Platform, key.Context, badge, endorsed)
	if err := one(result, err, "badge"); err != nil {
		return err
	}
	action := badges.EndorsementDropped
	if endorsed {
		action = badges.EndorsementAsked
	}
	return tx.Audit(ctx, badges.AuditEntry{
		Course: key, Actor: string(by), Action: action, Object: string(badge), Old: onOff(b.Endorsed), New: onOff(endorsed),
	})
}
