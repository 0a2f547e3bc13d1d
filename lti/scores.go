package lti

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"
)

// ActivityProgress says how far a learner is (Assignment and Grade Services
// 2.0, section 3.4.7).
type ActivityProgress string

// How far a learner is.
const (
	ActivityInitialized ActivityProgress = "Initialized"
	ActivityStarted     ActivityProgress = "Started"
	ActivityInProgress  ActivityProgress = "InProgress"
	ActivitySubmitted   ActivityProgress = "Submitted"
	ActivityCompleted   ActivityProgress = "Completed"
)

// GradingProgress says how far grading is (section 3.4.8).
type GradingProgress string

// How far grading is. Moodle throws the number of any but a fully graded score
// away, and the grade it has.
const (
	FullyGraded          GradingProgress = "FullyGraded"
	GradingPending       GradingProgress = "Pending"
	GradingPendingManual GradingProgress = "PendingManual"
	GradingFailed        GradingProgress = "Failed"
	GradingNotReady      GradingProgress = "NotReady"
)

// Score is what the tool says of one learner.
type Score struct {
	User      string
	Given     *float64 // nil: no number; above Maximum is for the platform to judge
	Maximum   float64  // that Given is out of; need not be the line item's
	Comment   string   // plain text the learner reads; may be empty
	Activity  ActivityProgress
	Grading   GradingProgress
	Timestamp time.Time // later than that of the last score; Moodle compares whole seconds
}

const scoreType = "application/vnd.ims.lis.v1.score+json"

// PostScore writes a score to the line item (section 3.4). It fails with
// ScoreInvalid before anything is sent, with ServiceConflict when the platform
// has a score as new or newer, and with ScoreRefused when the user cannot be
// graded, such as a teacher.
func (g Grades) PostScore(ctx context.Context, lineItemURL string, s Score) error {
	if err := s.check(); err != nil {
		return err
	}
	if err := g.checkLineItem(lineItemURL); err != nil {
		return err
	}
	c, err := g.call(http.MethodPost, ScopeScore)
	if err != nil {
		return err
	}
	c.address, c.accept, c.contentType, c.refused = subresource(lineItemURL, "scores"), scoreType, scoreType, ScoreRefused
	if c.body, err = s.encode(); err != nil {
		return err
	}
	_, err = g.tool.call(ctx, c)
	return err
}

// check finds what a platform would refuse, or drop without a word.
func (s Score) check() error {
	lacks := ""
	switch {
	case s.User == "" || len(s.User) > maxIdentifier:
		lacks = "user"
	case s.Given != nil && (*s.Given < 0 || math.IsNaN(*s.Given) || math.IsInf(*s.Given, 0)):
		lacks = "number of zero or more"
	case s.Given != nil && !positive(s.Maximum):
		lacks = "maximum above zero"
	case s.Activity == "" || s.Grading == "":
		lacks = "progress"
	case s.Timestamp.IsZero():
		lacks = "timestamp"
	default:
		return nil
	}
	return &Error{Reason: ScoreInvalid, Detail: "no " + lacks}
}

// encode writes the score in JSON. The timestamp has fractional seconds
// ("timestamp": sub-second precision), as many as Moodle was seen to take.
func (s Score) encode() ([]byte, error) {
	members := map[string]any{
		"userId": s.User, "activityProgress": s.Activity, "gradingProgress": s.Grading,
		"timestamp": s.Timestamp.UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	if s.Given != nil {
		members["scoreGiven"], members["scoreMaximum"] = *s.Given, s.Maximum
	}
	if s.Comment != "" {
		members["comment"] = s.Comment
	}
	body, err := json.Marshal(members)
	if err != nil {
		return nil, fmt.Errorf("lti: encode score: %w", err)
	}
	return body, nil
}

// below returns the address of a service of a line item, which goes before the
// query: Moodle's line items end in ?type_id=2.
func subresource(lineItemURL, service string) string {
	address, _, _ := strings.Cut(lineItemURL, "#")
	path, query, found := strings.Cut(address, "?")
	path = strings.TrimSuffix(path, "/") + "/" + service
	if found {
		path += "?" + query
	}
	return path
}
