package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
)

// Services returns the LTI services that the LMS offers in a course; empty
// before the first launch.
func (r reads) Services(ctx context.Context, key badges.CourseKey) (lti.Services, error) {
	var text string
	err := r.q.QueryRowContext(ctx, `select services from courses where platform_id = $1 and context_id = $2`, key.Platform, key.Context).Scan(&text)
	if err := notFound(err, "course"); err != nil || text == "" {
		return lti.Services{}, err
	}
	return decodeServices(text)
}

// servicesRow is the JSON form of lti.Services.
type servicesRow struct {
	MembershipsURL string   `json:"MembershipsURL"`
	LineItemsURL   string   `json:"LineItemsURL"`
	LineItemURL    string   `json:"LineItemURL"`
	GradeScopes    []string `json:"GradeScopes"`
}

func encodeServices(services lti.Services) (string, error) {
	text, err := json.Marshal(servicesRow(services))
	if err != nil {
		return "", fmt.Errorf("write services: %w", err)
	}
	return string(text), nil
}

func decodeServices(text string) (lti.Services, error) {
	var row servicesRow
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		return lti.Services{}, fmt.Errorf("read services: %w", err)
	}
	return lti.Services(row), nil
}
