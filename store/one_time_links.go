package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// Purpose says what a one-time link is for.
type Purpose string

// The purposes.
const (
	AdminLink  Purpose = "admin"
	Invitation Purpose = "invitation"
)

// NewLink keeps the hash of a one-time link. The audit log names by as its maker.
func (tx *Tx) NewLink(ctx context.Context, purpose Purpose, hash []byte, expires time.Time, by string) error {
	_, err := tx.q.ExecContext(ctx, `insert into links (hash, purpose, expires_at) values ($1, $2, $3)`, hash, purpose, moment(expires))
	if err != nil {
		return fmt.Errorf("write link: %w", err)
	}
	if purpose == AdminLink {
		return tx.auditLink(ctx, badges.AdminLinkMade, by, hash)
	}
	return tx.auditLink(ctx, badges.InvitationCreated, by, hash)
}

// Link reports, by fault.NotFound, whether a link can still be used.
func (r reads) Link(ctx context.Context, purpose Purpose, hash []byte) error {
	var n int
	err := r.q.QueryRowContext(ctx, `select 1 from links where hash = $1 and purpose = $2 and expires_at > $3`, hash, purpose, r.clock()).Scan(&n)
	return notFound(err, "link")
}

// OpenLink is a one-time link that nobody has used yet.
type OpenLink struct {
	Hash    []byte
	Expires time.Time
}

// Links lists the links of a purpose that can still be used, the next to expire
// first.
func (r reads) Links(ctx context.Context, purpose Purpose) ([]OpenLink, error) {
	rows, err := r.q.QueryContext(ctx, `select hash, expires_at from links where purpose = $1 and expires_at > $2 order by expires_at, hash`, purpose, r.clock())
	list, err := all(rows, err, func(row row) (OpenLink, error) {
		var l OpenLink
		return l, row.Scan(&l.Hash, &l.Expires)
	})
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	return list, nil
}

// UseLink uses a link up; fault.NotFound when it was used already, expired, or
// never made.
func (tx *Tx) UseLink(ctx context.Context, purpose Purpose, hash []byte) error {
	if err := tx.removeLink(ctx, purpose, hash); err != nil {
		return err
	}
	if purpose == AdminLink {
		return tx.auditLink(ctx, badges.AdminSignedIn, badges.ByAdmin, hash)
	}
	return tx.auditLink(ctx, badges.InvitationUsed, badges.ByPlatform, hash)
}

// RevokeInvitation makes an invitation useless; fault.NotFound as for UseLink.
func (tx *Tx) RevokeInvitation(ctx context.Context, hash []byte) error {
	if err := tx.removeLink(ctx, Invitation, hash); err != nil {
		return err
	}
	return tx.auditLink(ctx, badges.InvitationRevoked, badges.ByAdmin, hash)
}

func (tx *Tx) removeLink(ctx context.Context, purpose Purpose, hash []byte) error {
	result, err := tx.q.ExecContext(ctx, `delete from links where hash = $1 and purpose = $2 and expires_at > $3`, hash, purpose, tx.now)
	return one(result, err, "link")
}

// auditLink writes an entry about a link. Its first eight digits of the hash match
// the entries of one link, and do not lead back to it.
func (tx *Tx) auditLink(ctx context.Context, action badges.Action, by string, hash []byte) error {
	return tx.Audit(ctx, badges.AuditEntry{Actor: by, Action: action, Object: fmt.Sprintf("%.4x", hash)})
}
