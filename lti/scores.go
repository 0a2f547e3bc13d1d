package lti

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"
)

const scoreType = "application/vnd.ims.lis.v1.score+json"

// Score is what a learner reached (AGS 2.0, section 3.4): graded, never
// pending, which would hide a grade that is there.
type Score struct {
	User    string
	Given   float64
	Maximum float64
	Comment string    // may be empty; platforms show it to the learner
	At      time.Time // strictly later than the last one's: Moodle compares whole seconds
}

func (s Score) check() error {
	bad := func(n float64) bool { return math.IsNaN(n) || math.IsInf(n, 0) || n < 0 }
	if s.User == "" || s.At.IsZero() || bad(s.Given) || bad(s.Maximum) || s.Maximum == 0 {
		return errors.New("lti: a score needs a user, a time, points from zero and a maximum above")
	}
	return nil
}

// PostScore sends a score to a column. The reason is ServiceConflict when the
// platform has a newer one, and ServiceRefused when the user cannot be graded.
func (t *Tool) PostScore(ctx context.Context, reg Registration, lineItem string, s Score) error {
	if err := s.check(); err != nil {
		return err
	}
	address, err := under(lineItem, "/scores")
	if err != nil {
		return err
	}
	message := map[string]any{
		"userId": s.User, "scoreGiven": s.Given, "scoreMaximum": s.Maximum,
		"activityProgress": "Completed", "gradingProgress": "FullyGraded",
		"timestamp": s.At.UTC().Format("2006-01-02T15:04:05.000Z07:00"),
	}
	if s.Comment != "" {
		message["comment"] = s.Comment
	}
	body, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("lti: encode score: %w", err)
	}
	_, err = t.request(ctx, reg, call{method: http.MethodPost, address: address, sends: scoreType, body: body, scope: ScopeScore})
	return err
}
