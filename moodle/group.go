package moodle

import (
	"context"
	"net/url"
)

// Group is a group of a course. Its members are in Participant.Groups, because the
// roster brings the groups of all participants without further calls.
type Group struct {
	ID       GroupID
	Name     string // plain text
	IDNumber string // the site's own key for it; may be empty
}

// Groups lists the course's groups in Moodle's order. It needs
// moodle/course:managegroups. Groups that hide their members are listed only with
// moodle/course:viewhiddengroups. The errors are those of the course and the site, and
// WrongCourse.
func (c *Client) Groups(ctx context.Context, course CourseID) ([]Group, error) {
	n, err := number(course)
	if err != nil {
		return nil, err
	}
	var found []struct {
		ID       int64  `json:"id"`
		Course   int64  `json:"courseid"`
		Name     string `json:"name"`
		IDNumber string `json:"idnumber"` // absent for users who may not edit the course
	}
	form := url.Values{"courseid": {decimal(n)}}
	if err := c.call(ctx, request{function: fnCourseGroups, form: form}, &found); err != nil {
		return nil, err
	}
	list := make([]Group, 0, len(found))
	for _, g := range found {
		switch {
		case g.ID <= 0:
			return nil, &Error{Function: fnCourseGroups, Reason: Unexpected, Err: errMissing("group id")}
		case g.Course != n:
			return nil, c.named(fnCourseGroups, wrongCourse(g.Course, n))
		}
		list = append(list, Group{ID: id[GroupID](g.ID), Name: plain(g.Name), IDNumber: g.IDNumber})
	}
	return list, nil
}
