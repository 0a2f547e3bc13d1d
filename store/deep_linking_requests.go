package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// Placement is a deep linking request of an LMS that waits for a teacher's
// choice.
type Placement struct {
	ID         string
	Course     badges.CourseKey
	User       badges.UserID
	Deployment lti.DeploymentID
	Request    lti.DeepLinking
	Expires    time.Time
}

// placementRow is the part that is stored sealed, because the return URL
// contains the LMS's session key.
type placementRow struct {
	Deployment lti.DeploymentID `json:"Deployment"`
	Request    deepLinkingRow   `json:"Request"`
}

type deepLinkingRow struct {
	ReturnURL string `json:"ReturnURL"`
	Data      string `json:"Data"`
	Multiple  bool   `json:"Multiple"`
	LineItems bool   `json:"LineItems"`
	Title     string `json:"Title"`
	Text      string `json:"Text"`
}

func placementPlace(id string) string { return "placement/" + id }

// AddPlacement stores a request until p.Expires and returns its id.
func (tx *Tx) AddPlacement(ctx context.Context, p Placement) (string, error) {
	id := uuid.NewString()
	text, err := encodePlacement(p.Deployment, p.Request)
	if err != nil {
		return "", err
	}
	sealed, err := tx.secret.Seal(text, placementPlace(id))
	if err != nil {
		return "", err
	}
	_, err = tx.q.ExecContext(ctx, `insert into placements (id, platform_id, context_id, user_id, request, expires_at) values ($1, $2, $3, $4, $5, $6)`,
		id, p.Course.Platform, p.Course.Context, p.User, sealed, moment(p.Expires))
	if err != nil {
		return "", fmt.Errorf("write placement: %w", err)
	}
	return id, nil
}

// Placement returns a waiting request; fault.NotFound if it belongs to somebody
// else, was answered, or has expired. It can be answered afterwards.
func (r reads) Placement(ctx context.Context, course badges.CourseKey, user badges.UserID, id string) (Placement, error) {
	return r.scanPlacement(id, r.q.QueryRowContext(ctx, `
		select platform_id, context_id, user_id, request, expires_at from placements
		where id = $1 and platform_id = $2 and context_id = $3 and user_id = $4 and expires_at > $5`,
		id, course.Platform, course.Context, user, r.clock()))
}

// TakePlacement returns a waiting request and removes it, so that it is
// answered only once.
func (tx *Tx) TakePlacement(ctx context.Context, course badges.CourseKey, user badges.UserID, id string) (Placement, error) {
	return tx.scanPlacement(id, tx.q.QueryRowContext(ctx, `
		delete from placements
		where id = $1 and platform_id = $2 and context_id = $3 and user_id = $4 and expires_at > $5
		returning platform_id, context_id, user_id, request, expires_at`,
		id, course.Platform, course.Context, user, tx.now))
}

func (r reads) scanPlacement(id string, row row) (Placement, error) {
	p := Placement{ID: id}
	var sealed []byte
	if err := notFound(row.Scan(&p.Course.Platform, &p.Course.Context, &p.User, &sealed, &p.Expires), "placement"); err != nil {
		return Placement{}, err
	}
	text, err := r.secret.Open(sealed, placementPlace(id))
	if err != nil {
		return Placement{}, err
	}
	p.Deployment, p.Request, err = decodePlacement(text)
	return p, err
}

func encodePlacement(deployment lti.DeploymentID, request lti.DeepLinking) ([]byte, error) {
	text, err := json.Marshal(placementRow{deployment, deepLinkingRow(request)})
	if err != nil {
		return nil, fmt.Errorf("write placement: %w", err)
	}
	return text, nil
}

func decodePlacement(text []byte) (lti.DeploymentID, lti.DeepLinking, error) {
	var row placementRow
	if err := json.Unmarshal(text, &row); err != nil {
		return "", lti.DeepLinking{}, fmt.Errorf("read placement: %w", err)
	}
	return row.Deployment, lti.DeepLinking(row.Request), nil
}
