package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// LaunchNote is what is kept of a launch for whoever looks for a fault: no
// person, no course, no token.
type LaunchNote struct {
	At       time.Time
	Platform badges.PlatformID // empty when it is not known
	Message  lti.MessageType   // empty when it is not known
	Reason   lti.Reason        // empty: it succeeded
	Detail   string
	Skew     time.Duration // how far the platform's clock is behind ours, in whole seconds
	Scopes   []string      // of services the platform offered
}

// launchesKept is how long launches are kept.
const launchesKept = 30 * 24 * time.Hour

// NoteLaunch keeps a launch.
func (tx *Tx) NoteLaunch(ctx context.Context, n LaunchNote) error {
	_, err := tx.q.ExecContext(ctx, `
		insert into launches (id, at, platform_id, message, reason, detail, skew_seconds, scopes) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		uuid.NewString(), tx.now, n.Platform, n.Message, n.Reason, n.Detail, int64(n.Skew/time.Second), strings.Join(n.Scopes, " "))
	if err != nil {
		return fmt.Errorf("write launch: %w", err)
	}
	return nil
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
