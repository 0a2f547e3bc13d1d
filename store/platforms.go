package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// Platform is a connected LMS, with its LTI registration and its web services.
type Platform struct {
	badges.Platform
	Registration lti.Registration
	Check        json.RawMessage // the result of the last check of its web services; empty before the first
}

const platformColumns = `id, issuer, client_id, auth_url, token_url, keys_url, product, name, service_url, service_token, service_check`

func (r reads) scanPlatform(row row) (Platform, error) {
	var p Platform
	var id, check string
	var token []byte
	reg := &p.Registration
	err := row.Scan(&id, &reg.Issuer, &reg.ClientID, &reg.AuthURL, &reg.TokenURL, &reg.KeysURL, &reg.Product, &reg.Name, &p.Service.URL, &token, &check)
	if err != nil {
		return Platform{}, err
	}
	reg.ID, p.ID = lti.RegistrationID(id), badges.PlatformID(id)
	p.Name, p.URL, p.Check = reg.Name, reg.Issuer, json.RawMessage(check)
	if token != nil {
		plain, err := r.secret.Open(token, tokenPlace(p.ID))
		if err != nil {
			return Platform{}, err
		}
		p.Service.Token = badges.Secret(plain)
	}
	return p, nil
}

// tokenPlace returns the place to which a sealed token is bound.
func tokenPlace(id badges.PlatformID) string { return "platform/" + string(id) + "/service_token" }

// Platforms lists all connected platforms by name.
func (r reads) Platforms(ctx context.Context) ([]Platform, error) {
	rows, err := r.q.QueryContext(ctx, `select `+platformColumns+` from platforms order by name, id`)
	return all(rows, err, r.scanPlatform)
}

// Platform returns a platform; fault.NotFound if there is none.
func (r reads) Platform(ctx context.Context, id badges.PlatformID) (Platform, error) {
	p, err := r.scanPlatform(r.q.QueryRowContext(ctx, `select `+platformColumns+` from platforms where id = $1`, id))
	return p, notFound(err, "platform")
}

// Service returns the access to a platform's web services.
func (r reads) Service(ctx context.Context, id badges.PlatformID) (badges.Service, error) {
	p, err := r.Platform(ctx, id)
	return p.Service, err
}

// SavePlatform stores a registration that by made, and approves its first
// deployment, because the administrator asked for it. If the same client is
// registered again, its endpoints are replaced and its name stays.
func (tx *Tx) SavePlatform(ctx context.Context, reg lti.Registration, deployment lti.DeploymentID, by string) (badges.PlatformID, error) {
	fresh := uuid.NewString()
	// The update changes nothing. It locks the stored row.
	stored, err := scanRegistration(tx.q.QueryRowContext(ctx, `
		insert into platforms (id, issuer, client_id, auth_url, token_url, keys_url, product, name, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (issuer, client_id) do update set created_at = platforms.created_at
		returning `+registrationColumns,
		fresh, reg.Issuer, reg.ClientID, reg.AuthURL, reg.TokenURL, reg.KeysURL, reg.Product, reg.Name, tx.now))
	if err != nil {
		return "", fmt.Errorf("write platform: %w", err)
	}
	id := badges.PlatformID(stored.ID)
	if string(id) == fresh {
		err = tx.auditChange(ctx, platformEntry(badges.PlatformAdded, by, id), nil, registrationValues(stored))
	} else {
		err = tx.replaceEndpoints(ctx, stored, reg, by)
	}
	if err != nil || deployment == "" {
		return id, err
	}
	return id, tx.approveWith(ctx, id, deployment, by)
}

func (tx *Tx) replaceEndpoints(ctx context.Context, stored, reg lti.Registration, by string) error {
	id := badges.PlatformID(stored.ID)
	result, err := tx.q.ExecContext(ctx, `update platforms set auth_url = $2, token_url = $3, keys_url = $4, product = $5 where id = $1`,
		id, reg.AuthURL, reg.TokenURL, reg.KeysURL, reg.Product)
	if err := one(result, err, "platform"); err != nil {
		return err
	}
	reg.Name = stored.Name
	return tx.auditChange(ctx, platformEntry(badges.PlatformChanged, by, id), registrationValues(stored), registrationValues(reg))
}

// registrationValues are the values of a registration for the audit log.
func registrationValues(reg lti.Registration) values {
	return values{
		"issuer": reg.Issuer, "client_id": reg.ClientID, "auth_url": reg.AuthURL, "token_url": reg.TokenURL, "keys_url": reg.KeysURL,
		"product": reg.Product, "name": reg.Name,
	}
}

func platformEntry(action badges.Action, by string, id badges.PlatformID) badges.AuditEntry {
	return badges.AuditEntry{Course: badges.CourseKey{Platform: id}, Actor: by, Action: action, Object: string(id)}
}

// NamePlatform stores the name that the platform gives itself.
func (tx *Tx) NamePlatform(ctx context.Context, id badges.PlatformID, name string) error {
	var before string
	err := tx.q.QueryRowContext(ctx, `update platforms set created_at = created_at where id = $1 returning name`, id).Scan(&before)
	if err != nil || before == name {
		return notFound(err, "platform")
	}
	result, err := tx.q.ExecContext(ctx, `update platforms set name = $2 where id = $1`, id, name)
	if err := one(result, err, "platform"); err != nil {
		return err
	}
	return tx.auditChange(ctx, platformEntry(badges.PlatformChanged, badges.ByPlatform, id), values{"name": before}, values{"name": name})
}

// SetService stores the address of the web services and the sealed token. All
// courses of the platform become due.
func (tx *Tx) SetService(ctx context.Context, id badges.PlatformID, service badges.Service) error {
	before, err := tx.scanPlatform(tx.q.QueryRowContext(ctx, `update platforms set created_at = created_at where id = $1 returning `+platformColumns, id))
	if err != nil {
		return notFound(err, "platform")
	}
	sealed, err := tx.secret.Seal([]byte(service.Token), tokenPlace(id))
	if err != nil {
		return err
	}
	result, err := tx.q.ExecContext(ctx, `update platforms set service_url = $2, service_token = $3 where id = $1`, id, service.URL, sealed)
	if err := one(result, err, "platform"); err != nil {
		return err
	}
	if _, err := tx.q.ExecContext(ctx, `update courses set due_at = $2, failures = 0 where platform_id = $1`, id, tx.now); err != nil {
		return fmt.Errorf("write courses: %w", err)
	}
	return tx.auditChange(ctx, platformEntry(badges.ServiceChanged, badges.ByAdmin, id), values{"url": addressOnly(before.Service.URL)}, values{
		"url": addressOnly(service.URL), "token": changeOf(string(before.Service.Token), string(service.Token)),
	})
}

// addressOnly returns an address without the parts that may contain a token,
// for the audit log: somebody may have pasted it with one.
func addressOnly(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// SetServiceCheck stores the result of the last check, as JSON.
func (tx *Tx) SetServiceCheck(ctx context.Context, id badges.PlatformID, check json.RawMessage) error {
	result, err := tx.q.ExecContext(ctx, `update platforms set service_check = $2 where id = $1`, id, string(check))
	return one(result, err, "platform")
}

const registrationColumns = `id, issuer, client_id, auth_url, token_url, keys_url, product, name`

func scanRegistration(row row) (lti.Registration, error) {
	var reg lti.Registration
	return reg, row.Scan(&reg.ID, &reg.Issuer, &reg.ClientID, &reg.AuthURL, &reg.TokenURL, &reg.KeysURL, &reg.Product, &reg.Name)
}

// RegistrationsOf implements lti.Registrations.
func (r reads) RegistrationsOf(ctx context.Context, issuer, clientID string) ([]lti.Registration, error) {
	rows, err := r.q.QueryContext(ctx, `select `+registrationColumns+` from platforms where issuer = $1 and ($2 = '' or client_id = $2)`, issuer, clientID)
	list, err := all(rows, err, scanRegistration)
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	return list, nil
}

// Registration implements lti.Registrations.
func (r reads) Registration(ctx context.Context, id lti.RegistrationID) (lti.Registration, error) {
	reg, err := scanRegistration(r.q.QueryRowContext(ctx, `select `+registrationColumns+` from platforms where id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return lti.Registration{}, lti.ErrNotFound
	}
	if err != nil {
		return lti.Registration{}, fmt.Errorf("read registration: %w", err)
	}
	return reg, nil
}
