package moodle

import (
	"context"
	"net/url"
)

// explainRefusal finds out why Moodle refused to tell a completion. Moodle answers
// cannotviewreport in two cases: completion is off in the course, or the token's user
// lacks the capability. If the course cannot be read either, the refusal is returned
// unchanged.
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
		return refusal // more useful than why it could not be explained
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
