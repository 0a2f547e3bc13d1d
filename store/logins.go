package store

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/lti"
)

// UseLogin implements lti.Logins: of any number of transactions exactly one
// writes the row.
func (tx *Tx) UseLogin(ctx context.Context, id string, expires time.Time) error {
	result, err := tx.q.ExecContext(ctx, `insert into used_logins (id, expires_at) values ($1, $2) on conflict (id) do nothing`, id, expires.Unix())
	if err != nil {
		return fmt.Errorf("write used login: %w", err)
	}
	written, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("write used login: %w", err)
	}
	if written == 0 {
		return lti.ErrUsed
	}
	return nil
}

// LoginUsed reports whether a login led to a launch.
func (r reads) LoginUsed(ctx context.Context, id string) (bool, error) {
	var n int
	err := notFound(r.q.QueryRowContext(ctx, `select 1 from used_logins where id = $1`, id).Scan(&n), "used login")
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}

// loginMargin keeps a used login longer than it can be used: a launch may take a
// while after it was found in time, and the clocks of processes differ.
const loginMargin = 5 * time.Minute

// Sweep removes what has expired: used logins, one-time links, deep linking
// requests, notes of launches.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	return s.Tx(ctx, func(tx *Tx) error {
		for _, old := range []struct {
			query  string
			before any
		}{
			{`delete from used_logins where expires_at < $1`, now.Add(-loginMargin).Unix()},
			{`delete from links where expires_at < $1`, moment(now)},
			{`delete from placements where expires_at < $1`, moment(now)},
			{`delete from launches where at < $1`, moment(now.Add(-launchesKept))},
		} {
			if _, err := tx.q.ExecContext(ctx, old.query, old.before); err != nil {
				return fmt.Errorf("sweep: %w", err)
			}
		}
		return nil
	})
}
