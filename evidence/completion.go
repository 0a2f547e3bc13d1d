package evidence

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// reportFrom is the number of learners from which a report costs less than asking about
// each learner. A report needs a few calls for any number of learners; asking needs one
// call per fifty.
const reportFrom = 150

// observeCourse reads who completed a course. If there are many learners and a report
// exists, it reads the report; it asks about the others one by one.
func observeCourse(ctx context.Context, r request) error {
	for s, users := range r.needs {
		left, err := observeReport(ctx, r, s, users)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			continue
		}
		read, err := r.site.client.CourseCompletions(ctx, r.course, moodleUsers(left))
		if why := moodle.ReasonOf(err); why == moodle.CompletionOff || why == moodle.NoCriteria {
			r.needs.unknown(r.found, whyCompletionOff, badges.SourceCourse) // unknown, not "not completed"
			return nil
		}
		if err != nil {
			return fmt.Errorf("read course completions: %w", err)
		}
		sure, err := r.confirmed(ctx, read)
		if err != nil {
			return err
		}
		for _, u := range left {
			c, ok := read.Read[moodle.UserID(u)]
			r.found.Note(u, s, courseState(c, ok, sure(moodle.UserID(u))))
		}
	}
	return nil
}

// courseState returns the observation for a completion. A completion whose course is
// not sure is unknown.
func courseState(c moodle.CourseCompletion, read, sure bool) badges.Observation {
	switch {
	case !read:
		return badges.Observation{Why: whyUnread, Source: badges.SourceCourse}
	case c.Completed && !sure:
		return badges.Observation{Why: whyOtherCourse, Source: badges.SourceCourse}
	}
	return badges.Observation{Read: true, Done: c.Completed, At: c.At, Source: badges.SourceCourse}
}

// confirmed asks a second function about all learners who completed the course, because
// the answers of the first do not name the course. If the service does not have the
// second function, all completions are sure.
func (r request) confirmed(ctx context.Context, read moodle.Readings[moodle.CourseCompletion]) (sure func(moodle.UserID) bool, err error) {
	var done []moodle.UserID
	for u, c := range read.Read {
		if c.Completed {
			done = append(done, u)
		}
	}
	slices.Sort(done)
	again, err := r.site.client.ConfirmCompletions(ctx, r.course, done)
	if moodle.ReasonOf(err) == moodle.FunctionMissing {
		return func(moodle.UserID) bool { return true }, nil
	}
	if err != nil {
		return nil, fmt.Errorf("confirm course completions: %w", err)
	}
	return func(u moodle.UserID) bool { return again.Read[u] }, nil
}

// observeReport records the completions in a report. It returns the learners about whom
// the report says nothing. If it reads only completions since a time, the previous
// observations of the other learners stay valid.
func observeReport(ctx context.Context, r request, s badges.Subject, users []badges.UserID) (left []badges.UserID, err error) {
	unread := slices.DeleteFunc(slices.Clone(users), func(u badges.UserID) bool { return r.kept.Of(u, s).Read })
	since := r.since
	switch {
	case since.IsZero() && len(users) < reportFrom:
		return users, nil
	case since.IsZero() || len(unread) >= reportFrom:
		since, unread = time.Time{}, users
	}
	rows, ok, err := r.site.completionReport(ctx, r.course, since)
	if err != nil || !ok {
		return users, err
	}
	for _, u := range users {
		if row, ok := rows[moodle.UserID(u)]; ok {
			r.found.Note(u, s, badges.Observation{Read: true, Done: row.Completed, At: row.At, Source: badges.SourceReport})
		}
	}
	return slices.DeleteFunc(slices.Clone(unread), func(u badges.UserID) bool { return r.found.Of(u, s).Read }), nil
}
