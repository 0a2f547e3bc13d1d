package moodle

import (
	"context"
	"io"
	"net/url"
)

// GradeQuery says whose grades are wanted, and of what. Its zero value asks for
// all learners and all activities.
type GradeQuery struct {
	Group      GroupID      // only who is in the group
	User       UserID       // only this learner
	Activities []ActivityID // only these, not nil; the course total comes in any case
}

// Grades reads the gradebooks of all learners of the course. Moodle needs some
// seconds for hundreds of them.
func (c *Client) Grades(ctx context.Context, course CourseID) (Grades, error) {
	return c.grades(ctx, course, GradeQuery{})
}

// GradesOf reads the gradebook of one learner.
func (c *Client) GradesOf(ctx context.Context, course CourseID, user UserID) (Grades, error) {
	if _, err := number(user); err != nil {
		return nil, err
	}
	return c.grades(ctx, course, GradeQuery{User: user})
}

func (c *Client) grades(ctx context.Context, course CourseID, q GradeQuery) (Grades, error) {
	var grades Grades
	err := c.gradebooks(ctx, course, q,
		func() { grades = Grades{} }, // anew, when the call is repeated
		func(user int64, book Gradebook) error {
			grades[id[UserID](user)] = book
			return nil
		})
	if err != nil {
		return nil, err
	}
	return grades, nil
}

// GradesFor hands each learner's gradebook to the function as it arrives, each
// learner once; memory does not grow with their number. A learner without one
// does not come: suspended, not a learner, not in the group, or not readable.
// After an error what came remains true, and who did not come is unknown.
//
// An error of the function ends the reading and is returned as it is. The
// function holds up a call, whose deadline goes on, so it is to be quick and must
// not make another call with the same client.
func (c *Client) GradesFor(ctx context.Context, course CourseID, q GradeQuery, each func(UserID, Gradebook) error) error {
	came := map[int64]bool{} // some before a connection broke, when the call is repeated
	err := c.gradebooks(ctx, course, q, func() {}, func(user int64, book Gradebook) error {
		if came[user] {
			return nil
		}
		came[user] = true
		return each(id[UserID](user), book)
	})
	return unwrapCallerError(err)
}

// gradebooks calls begin before each try and each for each learner.
func (c *Client) gradebooks(ctx context.Context, course CourseID, q GradeQuery, begin func(), each func(int64, Gradebook) error) error {
	reader, form, err := q.prepare(course)
	if err != nil {
		return err
	}
	reader.each = each
	return c.stream(ctx, request{function: fnGradeItems, form: form}, func(r io.Reader) error {
		begin()
		return reader.read(r)
	})
}

// prepare checks the ids of the query. Moodle's zero means all.
func (q GradeQuery) prepare(course CourseID) (reader gradeReader, form url.Values, err error) {
	if reader.course, err = number(course); err != nil {
		return reader, nil, err
	}
	form = url.Values{"courseid": {decimal(reader.course)}, "userid": {"0"}}
	if q.User != "" {
		if reader.user, err = number(q.User); err != nil {
			return reader, nil, err
		}
		form.Set("userid", decimal(reader.user))
	}
	if q.Group != "" {
		group, err := number(q.Group)
		if err != nil {
			return reader, nil, err
		}
		form.Set("groupid", decimal(group))
	}
	reader.wanted, err = numbers(q.Activities)
	return reader, form, err
}

// numbers is the set of the ids' numbers, nil for nil.
func numbers[T ~string](ids []T) (map[int64]bool, error) {
	if ids == nil {
		return nil, nil
	}
	set := make(map[int64]bool, len(ids))
	for _, id := range ids {
		n, err := number(id)
		if err != nil {
			return nil, err
		}
		set[n] = true
	}
	return set, nil
}
