package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
)

const issuerColumns = `id, platform_id, name, url, email, description, logo`

func scanIssuer(row row) (badges.Issuer, error) {
	var i badges.Issuer
	return i, row.Scan(&i.ID, &i.Platform, &i.Name, &i.URL, &i.Email, &i.Description, &i.Logo)
}

// Issuers lists the issuers of a platform by name.
func (r reads) Issuers(ctx context.Context, platform badges.PlatformID) ([]badges.Issuer, error) {
	rows, err := r.q.QueryContext(ctx, `select `+issuerColumns+` from issuers where platform_id = $1 order by name, id`, platform)
	return all(rows, err, scanIssuer)
}

// Issuer returns an issuer by its id alone; its document is public.
func (r reads) Issuer(ctx context.Context, id badges.IssuerID) (badges.Issuer, error) {
	i, err := scanIssuer(r.q.QueryRowContext(ctx, `select `+issuerColumns+` from issuers where id = $1`, id))
	return i, notFound(err, "issuer")
}

// PlatformIssuer returns an issuer of one platform.
func (r reads) PlatformIssuer(ctx context.Context, platform badges.PlatformID, id badges.IssuerID) (badges.Issuer, error) {
	i, err := scanIssuer(r.q.QueryRowContext(ctx, `select `+issuerColumns+` from issuers where platform_id = $1 and id = $2`, platform, id))
	return i, notFound(err, "issuer")
}

// IssuerIDs lists the issuers of all platforms.
func (r reads) IssuerIDs(ctx context.Context) ([]badges.IssuerID, error) {
	rows, err := r.q.QueryContext(ctx, `select id from issuers order by id`)
	ids, err := all(rows, err, func(row row) (id badges.IssuerID, err error) { return id, row.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("list issuers: %w", err)
	}
	return ids, nil
}

// issuerValues are the values of an issuer for the audit log, without the mail
// address, which may be a person's.
func issuerValues(i badges.Issuer) values {
	return values{"name": i.Name, "url": i.URL, "description": i.Description, "logo": string(i.Logo)}
}

// SaveIssuer adds an issuer, or changes the one with i.ID on the same platform.
func (tx *Tx) SaveIssuer(ctx context.Context, i badges.Issuer) (badges.IssuerID, error) {
	if i.ID == "" {
		i.ID = badges.IssuerID(uuid.NewString())
	}
	// This update changes nothing. It locks the row if there is one.
	before, err := scanIssuer(tx.q.QueryRowContext(ctx, `update issuers set name = name where id = $1 and platform_id = $2 returning `+issuerColumns, i.ID, i.Platform))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read issuer: %w", err)
	}
	result, err := tx.q.ExecContext(ctx, `
		insert into issuers (id, platform_id, name, url, email, description, logo) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (id) do update set name = excluded.name, url = excluded.url, email = excluded.email, description = excluded.description, logo = excluded.logo
		where issuers.platform_id = excluded.platform_id`,
		i.ID, i.Platform, i.Name, i.URL, i.Email, i.Description, i.Logo)
	if err := one(result, err, "issuer"); err != nil {
		return "", err
	}
	after := issuerValues(i)
	after["email"] = changeOf(before.Email, i.Email)
	return i.ID, tx.auditChange(ctx, badges.AuditEntry{
		Course: badges.CourseKey{Platform: i.Platform}, Actor: badges.ByAdmin, Action: badges.IssuerSaved, Object: string(i.ID),
	}, issuerValues(before), after)
}
