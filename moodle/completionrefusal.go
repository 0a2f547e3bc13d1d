package moodle

import (
	"context"
	"net/url"
)

// explainRefusal finds out why Moodle refused a completion report: it answers
// cannotviewreport both where completion is off in the course and where the
// token's user lacks the capability. The refusal stays when the question itself
// cannot be asked.
func (c *Client) explainRefusal(ctx context.Context, course CourseID, refusal *Error) error {
	n, err := number(course)
	if err != nil {
		return err
	}
	var answer struct {
		Courses []struct {
			ID         int64 `json:"id"`
			Completion *flag `json:"enablecompletion"` // absent for users who may not edit the course
		} `json:"courses"`
	}
	form := url.Values{"field": {"id"}, "value": {decimal(n)}}
	if err := c.call(ctx, request{function: fnCoursesByField, form: form}, &answer); err != nil {
		return refusal // that is the news; why it could not be explained is not
	}
	for _, found := range answer.Courses {
		if found.ID == n && found.Completion != nil && !bool(*found.Completion) {
			off := *refusal
			off.Reason = CompletionOff
			return &off
		}
	}
	return refusal
}
