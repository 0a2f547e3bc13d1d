package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/lti"
)

// PutState implements lti.States.
func (s *Store) PutState(ctx context.Context, state lti.State) error {
	_, err := s.dialect.writer().ExecContext(ctx, `
		insert into login_states (id, browser, nonce, platform_id, target, expires_at) values ($1, $2, $3, $4, $5, $6)`,
		state.ID, state.Browser, state.Nonce, state.Registration, state.Target, state.Expires)
	if err != nil {
		return fmt.Errorf("write login state: %w", err)
	}
	return nil
}

// TakeState implements lti.States: one statement removes and returns the row,
// so of any number of callers exactly one gets it.
func (s *Store) TakeState(ctx context.Context, id string) (lti.State, error) {
	state := lti.State{ID: id}
	err := s.dialect.writer().QueryRowContext(ctx,
		`delete from login_states where id = $1 returning browser, nonce, platform_id, target, expires_at`, id).
		Scan(&state.Browser, &state.Nonce, &state.Registration, &state.Target, &state.Expires)
	if errors.Is(err, sql.ErrNoRows) {
		return lti.State{}, lti.ErrNotFound
	}
	if err != nil {
		return lti.State{}, fmt.Errorf("take login state: %w", err)
	}
	return state, nil
}

// Sweep removes what has expired: login states, one-time links, deep linking
// requests, notes of launches.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	return s.Tx(ctx, func(tx *Tx) error {
		for _, old := range []struct {
			query  string
			before any
		}{
			{`delete from login_states where expires_at < $1`, now.Unix()},
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
