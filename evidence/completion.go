package evidence

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// reportFrom is from how many learners on a report is cheaper than asking about
// each: it takes some calls, whatever their number, against one for fifty.
const reportFrom = 150

// observeCourse reads who completed a course: of many learners from a report,
// where there is one, of the others one by one.
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
			r.needs.unknown(r.found, whyCompletionOff, badges.SourceCourse) // the course cannot say; that is not "not completed"
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

// courseState takes a completion only when it is sure which course it is of.
func courseState(c moodle.CourseCompletion, read, sure bool) badges.Observation {
	switch {
	case !read:
		return badges.Observation{Why: whyUnread, Source: badges.SourceCourse}
	case c.Completed && !sure:
		return badges.Observation{Why: whyOtherCourse, Source: badges.SourceCourse}
	}
	return badges.Observation{Known: true, Done: c.Completed, At: c.At, Source: badges.SourceCourse}
}

// confirmed asks a second function about everybody who completed the course: the
// answers of the first do not name the course. Where the service does not hold
// the second, the first is believed.
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

// observeReport takes what a report tells, and returns of whom it does not. Read
// since a moment it tells only what is new: what was known of the others holds.
func observeReport(ctx context.Context, r request, s badges.Subject, users []badges.UserID) (left []badges.UserID, err error) {
	unread := slices.DeleteFunc(slices.Clone(users), func(u badges.UserID) bool { return r.kept.Of(u, s).Known })
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
			r.found.Note(u, s, badges.Observation{Known: true, Done: row.Completed, At: row.At, Source: badges.SourceReport})
		}
	}
	return slices.DeleteFunc(slices.Clone(unread), func(u badges.UserID) bool { return r.found.Of(u, s).Known }), nil
}
