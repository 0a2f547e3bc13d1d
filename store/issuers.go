package store

import (
	"context"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
)

const issuerColumns = `id, platform_id, name, url, email, description`

func scanIssuer(row row) (badges.Issuer, error) {
	var i badges.Issuer
	return i, row.Scan(&i.ID, &i.Platform, &i.Name, &i.URL, &i.Email, &i.Description)
}

// Issuers lists a platform's issuing organisations by name.
func (r reads) Issuers(ctx context.Context, platform badges.PlatformID) ([]badges.Issuer, error) {
	rows, err := r.q.QueryContext(ctx, `select `+issuerColumns+` from issuers where platform_id = $1 order by name, id`, platform)
	return all(rows, err, scanIssuer)
}

// Issuer returns an organisation by its id alone: its document is public.
func (r reads) Issuer(ctx context.Context, id badges.IssuerID) (badges.Issuer, error) {
	i, err := scanIssuer(r.q.QueryRowContext(ctx, `select `+issuerColumns+` from issuers where id = $1`, id))
	return i, notFound(err, "issuer")
}

// PlatformIssuer returns an organisation of one platform.
func (r reads) PlatformIssuer(ctx context.Context, platform badges.PlatformID, id badges.IssuerID) (badges.Issuer, error) {
	i, err := scanIssuer(r.q.QueryRowContext(ctx, `select `+issuerColumns+` from issuers where platform_id = $1 and id = $2`, platform, id))
	return i, notFound(err, "issuer")
}

// SaveIssuer adds an organisation, or changes the one with i.ID on the same
// platform.
func (tx *Tx) SaveIssuer(ctx context.Context, i badges.Issuer) (badges.IssuerID, error) {
	if i.ID == "" {
		i.ID = badges.IssuerID(uuid.NewString())
	}
	result, err := tx.q.ExecContext(ctx, `
		insert into issuers (id, platform_id, name, url, email, description) values ($1, $2, $3, $4, $5, $6)
		on conflict (id) do update set name = excluded.name, url = excluded.url, email = excluded.email, description = excluded.description
		where issuers.platform_id = excluded.platform_id`,
		i.ID, i.Platform, i.Name, i.URL, i.Email, i.Description)
	if err := one(result, err, "issuer"); err != nil {
		return "", err
	}
	return i.ID, tx.Audit(ctx, badges.AuditEntry{Course: badges.CourseKey{Platform: i.Platform}, Actor: badges.ByAdmin, Action: badges.IssuerSaved, Object: string(i.ID)})
}
