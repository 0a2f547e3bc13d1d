package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
)

// LaunchNote is the record of a launch for finding faults. It contains no
// person, course or token.
type LaunchNote struct {
	At       time.Time
	Platform badges.PlatformID // empty if it is not known
	Message  lti.MessageType   // empty if it is not known
	Reason   lti.Reason        // empty if it succeeded
	Detail   string
	Skew     time.Duration // how far the platform's clock is behind ours, in whole seconds
	Scopes   []string      // of the services that the platform offered
}

// launchesKept is how long launches are stored. It is much longer than a login
// is valid, so that a used login is never forgotten too early.
const launchesKept = 30 * 24 * time.Hour

// UseLogin implements lti.Logins. A launch and its login are one row, which
// only one of several transactions can insert.
func (tx *Tx) UseLogin(ctx context.Context, id string, launch lti.Launch) error {
	first, err := tx.noteLaunch(ctx, id, LaunchNote{
		Platform: badges.PlatformID(launch.Registration.ID), Message: launch.Message,
		Skew: tx.now.Sub(launch.IssuedAt).Round(time.Second), Scopes: launch.Services.Scopes(),
	})
	if err == nil && !first {
		return lti.ErrUsed
	}
	return err
}

// NoteRefusal stores a launch that was refused.
func (tx *Tx) NoteRefusal(ctx context.Context, n LaunchNote) error {
	_, err := tx.noteLaunch(ctx, "", n)
	return err
}

// noteLaunch stores a launch, unless its login has been used before.
func (tx *Tx) noteLaunch(ctx context.Context, login string, n LaunchNote) (first bool, err error) {
	result, err := tx.q.ExecContext(ctx, `
		insert into launches (id, at, login, platform_id, message, reason, detail, skew_seconds, scopes)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (login) where login <> '' do nothing`,
		uuid.NewString(), tx.now, login, n.Platform, n.Message, n.Reason, n.Detail, int64(n.Skew/time.Second), strings.Join(n.Scopes, " "))
	if err != nil {
		return false, fmt.Errorf("write launch: %w", err)
	}
	written, err := result.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("write launch: %w", err)
	}
	return written > 0, nil
}

// LoginUsed reports whether a login was used by a launch.
func (r reads) LoginUsed(ctx context.Context, id string) (bool, error) {
	var n int
	err := notFound(r.q.QueryRowContext(ctx, `select 1 from launches where login = $1 and login <> ''`, id).Scan(&n), "used login")
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// Launches lists the last launches, the newest first.
func (r reads) Launches(ctx context.Context, limit int) ([]LaunchNote, error) {
	rows, err := r.q.QueryContext(ctx, `
		select at, platform_id, message, reason, detail, skew_seconds, scopes from launches order by at desc, id limit $1`, limit)
	notes, err := all(rows, err, func(row row) (LaunchNote, error) {
		var n LaunchNote
		var seconds int64
		var scopes string
		err := row.Scan(&n.At, &n.Platform, &n.Message, &n.Reason, &n.Detail, &seconds, &scopes)
		n.Skew, n.Scopes = time.Duration(seconds)*time.Second, strings.Fields(scopes)
		return n, err
	})
	if err != nil {
		return nil, fmt.Errorf("read launches: %w", err)
	}
	return notes, nil
}
