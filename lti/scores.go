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

// ActivityProgress is a learner's progress in an activity (Assignment and Grade
// Services 2.0, section 3.4.7).
type ActivityProgress string

// The values of ActivityProgress.
const (
	ActivityInitialized ActivityProgress = "Initialized"
	ActivityStarted     ActivityProgress = "Started"
	ActivityInProgress  ActivityProgress = "InProgress"
	ActivitySubmitted   ActivityProgress = "Submitted"
	ActivityCompleted   ActivityProgress = "Completed"
)

// GradingProgress is the progress of the grading (section 3.4.8).
type GradingProgress string

// The values of GradingProgress. If a score is not fully graded, Moodle ignores its
// number and deletes the existing grade.
const (
	FullyGraded          GradingProgress = "FullyGraded"
	GradingPending       GradingProgress = "Pending"
	GradingPendingManual GradingProgress = "PendingManual"
	GradingFailed        GradingProgress = "Failed"
	GradingNotReady      GradingProgress = "NotReady"
)

// Score is the score that the tool sends for one learner.
type Score struct {
	User      string
	Given     *float64 // nil: no number; the platform decides about a number above Maximum
	Maximum   float64  // maximum of Given; may differ from the line item's
	Comment   string   // plain text for the learner; may be empty
	Activity  ActivityProgress
	Grading   GradingProgress
	Timestamp time.Time // must be later than that of the last score; Moodle compares whole seconds
}

const scoreType = "application/vnd.ims.lis.v1.score+json"

// PostScore writes a score to the line item (section 3.4). It returns ScoreInvalid
// without sending anything if the score is incomplete, ServiceConflict if the platform
// has a newer score or one of the same time, and ScoreRefused if the user cannot have a
// grade, for example a teacher.
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

// check refuses scores that a platform would refuse or ignore without a warning.
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

// encode returns the score as JSON. The timestamp has fractional seconds ("timestamp":
// sub-second precision), with as many digits as a recorded Moodle accepted.
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

// subresource returns the address of a service below a line item. Its name goes before
// the query, because Moodle's line items end in ?type_id=2.
func subresource(lineItemURL, service string) string {
	address, _, _ := strings.Cut(lineItemURL, "#")
	path, query, found := strings.Cut(address, "?")
	path = strings.TrimSuffix(path, "/") + "/" + service
	if found {
		path += "?" + query
	}
	return path
}
