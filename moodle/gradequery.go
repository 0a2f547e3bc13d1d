package moodle

import (
	"context"
	"io"
	"net/url"
)

// GradeQuery selects grades. The zero value selects all learners and all activities.
type GradeQuery struct {
	Group      GroupID      // only learners in this group
	User       UserID       // only this learner
	Activities []ActivityID // only these activities; nil means all. The course total is always included
}

// Grades reads the gradebooks of all learners of the course. Moodle needs some seconds
// for hundreds of learners.
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
		func() { grades = Grades{} }, // start again when the call is repeated
		func(user int64, book Gradebook) error {
			grades[id[UserID](user)] = book
			return nil
		})
	if err != nil {
		return nil, err
	}
	return grades, nil
}

// GradesFor calls handle with the gradebook of one learner after the other, while the
// answer arrives and once per learner. Its use of memory does not grow with their
// number. A learner without a gradebook is skipped: suspended, not a learner, not in
// the group, or not readable. If GradesFor returns an error, the gradebooks that handle
// received are correct, and nothing is certain about the other learners.
//
// If handle returns an error, the reading ends and GradesFor returns that error
// unchanged. The deadline of the call includes the time that handle takes: handle must
// be quick and must not make another call with the same client.
func (c *Client) GradesFor(ctx context.Context, course CourseID, q GradeQuery, handle func(UserID, Gradebook) error) error {
	came := map[int64]bool{} // a repeated call sends learners again
	err := c.gradebooks(ctx, course, q, func() {}, func(user int64, book Gradebook) error {
		if came[user] {
			return nil
		}
		came[user] = true
		return handle(id[UserID](user), book)
	})
	return unwrapCallerError(err)
}

// gradebooks calls begin before each try, and each once per learner.
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

// prepare validates the ids of the query. Moodle reads an id of 0 as "all".
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

// numbers returns the ids as a set of numbers; nil for nil.
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
