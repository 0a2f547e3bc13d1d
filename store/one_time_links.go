package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// Purpose is the purpose of a one-time link.
type Purpose string

// The purposes.
const (
	AdminLink  Purpose = "admin"
	Invitation Purpose = "invitation"
)

// NewLink stores the hash of a one-time link. by is its maker, for the audit
// log.
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

// Link returns fault.NotFound unless a link can still be used.
func (r reads) Link(ctx context.Context, purpose Purpose, hash []byte) error {
	var n int
	err := r.q.QueryRowContext(ctx, `select 1 from links where hash = $1 and purpose = $2 and expires_at > $3`, hash, purpose, r.clock()).Scan(&n)
	return notFound(err, "link")
}

// OpenLink is a one-time link that can still be used.
type OpenLink struct {
	Hash    []byte
	Expires time.Time
}

// Links lists the links of a purpose that can still be used, first the next to
// expire.
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

// UseLink marks a link as used; fault.NotFound if it was used already, has
// expired, or never existed.
func (tx *Tx) UseLink(ctx context.Context, purpose Purpose, hash []byte) error {
	if err := tx.removeLink(ctx, purpose, hash); err != nil {
		return err
	}
	if purpose == AdminLink {
		return tx.auditLink(ctx, badges.AdminSignedIn, badges.ByAdmin, hash)
	}
	return tx.auditLink(ctx, badges.InvitationUsed, badges.ByPlatform, hash)
}

// RevokeInvitation removes an invitation; fault.NotFound as for UseLink.
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

// auditLink writes an entry about a link. The first eight digits of its hash
// connect the entries of one link, and do not reveal the link.
func (tx *Tx) auditLink(ctx context.Context, action badges.Action, by string, hash []byte) error {
	return tx.Audit(ctx, badges.AuditEntry{Actor: by, Action: action, Object: fmt.Sprintf("%.4x", hash)})
}
