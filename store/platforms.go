package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// Platform is a connected LMS: how it launches, and where its web services are.
type Platform struct {
	badges.Platform
	Registration lti.Registration
	Check        json.RawMessage // the last check of its web services; empty before the first
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

// tokenPlace binds a sealed token to its platform.
func tokenPlace(id badges.PlatformID) string { return "platform/" + string(id) + "/service_token" }

// Platforms lists the connected platforms by name.
func (r reads) Platforms(ctx context.Context) ([]Platform, error) {
	rows, err := r.q.QueryContext(ctx, `select `+platformColumns+` from platforms order by name, id`)
	return all(rows, err, r.scanPlatform)
}

// Platform returns one platform.
func (r reads) Platform(ctx context.Context, id badges.PlatformID) (Platform, error) {
	p, err := r.scanPlatform(r.q.QueryRowContext(ctx, `select `+platformColumns+` from platforms where id = $1`, id))
	return p, notFound(err, "platform")
}

// Service returns where a platform's web services are.
func (r reads) Service(ctx context.Context, id badges.PlatformID) (badges.Service, error) {
	p, err := r.Platform(ctx, id)
	return p.Service, err
}

// SavePlatform stores what a dynamic registration brought, with its first
// deployment approved: the administrator asked for it. Registering the same
// client again replaces its endpoints.
func (tx *Tx) SavePlatform(ctx context.Context, reg lti.Registration, deployment lti.DeploymentID) (badges.PlatformID, error) {
	var id badges.PlatformID
	err := tx.q.QueryRowContext(ctx, `
		insert into platforms (id, issuer, client_id, auth_url, token_url, keys_url, product, name, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (issuer, client_id) do update set auth_url = excluded.auth_url, token_url = excluded.token_url,
			keys_url = excluded.keys_url, product = excluded.product
		returning id`,
		uuid.NewString(), reg.Issuer, reg.ClientID, reg.AuthURL, reg.TokenURL, reg.KeysURL, reg.Product, reg.Name, tx.now).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("write platform: %w", err)
	}
	if deployment != "" {
		_, err := tx.q.ExecContext(ctx, `
			insert into deployments (platform_id, deployment_id, approved, seen_at) values ($1, $2, true, $3)
			on conflict (platform_id, deployment_id) do update set approved = true`, id, deployment, tx.now)
		if err != nil {
			return "", fmt.Errorf("write deployment: %w", err)
		}
	}
	return id, tx.Audit(ctx, badges.AuditEntry{Course: badges.CourseKey{Platform: id}, Actor: badges.ByAdmin, Action: badges.PlatformAdded, Object: string(id)})
}

// NamePlatform notes what the platform calls itself.
func (tx *Tx) NamePlatform(ctx context.Context, id badges.PlatformID, name string) error {
	result, err := tx.q.ExecContext(ctx, `update platforms set name = $2 where id = $1`, id, name)
	return one(result, err, "platform")
}

// SetService stores the web-service address and, sealed, the token; every
// course of the platform becomes due.
func (tx *Tx) SetService(ctx context.Context, id badges.PlatformID, service badges.Service) error {
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
	return tx.Audit(ctx, badges.AuditEntry{Course: badges.CourseKey{Platform: id}, Actor: badges.ByAdmin, Action: badges.ServiceChanged, Object: string(id)})
}

// SetServiceCheck keeps the result of the last check, as JSON.
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
