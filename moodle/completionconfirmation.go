package moodle

import "context"

// ConfirmCompletions asks once more who of the users completed the course, by a
// function whose answers name the course: those of CourseCompletions do not, and
// could be about another one. A user on whose list the course is not is unread.
// The error is FunctionMissing where the service does not hold the function.
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
	Completed *bool `json:"completed"` // absent without completion
}
