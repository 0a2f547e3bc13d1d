package moodle

import "context"

// ConfirmCompletions asks again which of the users completed the course, with a
// function whose answers name the course. The answers behind CourseCompletions do not,
// so they could be about another course. A user is unread if the course is not in the
// user's list. The error is FunctionMissing if the service does not have the function.
func (c *Client) ConfirmCompletions(ctx context.Context, course CourseID, users []UserID) (Readings[bool], error) {
	n, err := number(course)
	if err != nil {
		return Readings[bool]{}, err
	}
	return readEach(ctx, c, fnUsersCourses, "", users, func(list []usersCourse) (bool, error) {
		for _, listed := range list {
			if listed.ID == n {
				return listed.Completed != nil && *listed.Completed, nil
			}
		}
		return false, errMissing("course among those of the user")
	})
}

type usersCourse struct {
	ID        int64 `json:"id"`
	Completed *bool `json:"completed"` // absent without completion tracking
}
