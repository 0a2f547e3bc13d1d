package moodle

import (
	"context"
	"time"
)

// CourseCompletion says whether one learner completed a course.
type CourseCompletion struct {
	Completed bool
	At        time.Time // when, to the best of Moodle's knowledge; zero when not completed or unknown
}

// Course criteria are joined by "all" or "any"; the numbers are Moodle's.
const aggregationAny = 2

type courseStatus struct {
	Status *struct {
		Completed   *bool `json:"completed"`
		Aggregation int   `json:"aggregation"`
		Criteria    []struct {
			Complete flag  `json:"complete"`
			Time     int64 `json:"timecompleted"`
		} `json:"completions"`
	} `json:"completionstatus"`
}

func (s courseStatus) value() (CourseCompletion, error) {
	if s.Status == nil || s.Status.Completed == nil {
		return CourseCompletion{}, errMissing("completionstatus")
	}
	done := CourseCompletion{Completed: *s.Status.Completed}
	if done.Completed {
		done.At = at(s.moment())
	}
	return done, nil
}

// moment derives when the course was completed, which Moodle does not tell: the
// last criterion met decides, or the first where any one is enough.
func (s courseStatus) moment() int64 {
	var moment int64
	for _, c := range s.Status.Criteria {
		if !c.Complete || c.Time <= 0 {
			continue
		}
		if moment == 0 || (c.Time < moment) == (s.Status.Aggregation == aggregationAny) {
			moment = c.Time
		}
	}
	return moment
}

// CourseCompletions reads who of the users completed the course. Errors are
// those of the course: CompletionOff, NoCriteria, CourseClosed and the site's.
func (c *Client) CourseCompletions(ctx context.Context, course CourseID, users []UserID) (Readings[CourseCompletion], error) {
	return readEach(ctx, c, fnCourseCompletion, course, users, courseStatus.value)
}

// ActivityCompletion is the state of one activity for one learner.
type ActivityCompletion struct {
	State      State
	Done       bool      // Moodle counts the activity as completed; a failed quiz may be
	At         time.Time // zero when incomplete
	Overridden bool      // a teacher set the state by hand
}

// State is Moodle's completion state.
type State uint8

// The states, with Moodle's numbers.
const (
	Incomplete State = iota
	Complete
	Passed
	Failed
	FailedHidden // failed, but the grade is not shown yet
)

type activityStatuses struct {
	Statuses []struct {
		CMID       int64 `json:"cmid"`
		State      *int  `json:"state"`
		Time       int64 `json:"timecompleted"`
		OverrideBy int64 `json:"overrideby"`
		Has        *flag `json:"hascompletion"`
		Tracked    *flag `json:"istrackeduser"`
		Overall    *flag `json:"isoverallcomplete"` // absent before Moodle 4.4
	} `json:"statuses"`
}

// only keeps the states of wanted activities, nil for all, and of these the ones
// that mean something for this learner: for who is not tracked in an activity
// Moodle answers "incomplete".
func (s activityStatuses) only(wanted map[int64]bool) (map[ActivityID]ActivityCompletion, error) {
	if s.Statuses == nil {
		return nil, errMissing("statuses")
	}
	states := map[ActivityID]ActivityCompletion{}
	for _, a := range s.Statuses {
		if wanted != nil && !wanted[a.CMID] {
			continue
		}
		untracked := a.Has != nil && !*a.Has || a.Tracked != nil && !*a.Tracked
		if untracked || a.CMID <= 0 || a.State == nil || *a.State < 0 || *a.State > int(FailedHidden) {
			continue
		}
		state := State(*a.State) //nolint:gosec // bounded in the line above
		done := state == Complete || state == Passed
		if a.Overall != nil {
			done = bool(*a.Overall)
		}
		states[id[ActivityID](a.CMID)] = ActivityCompletion{
			State: state, Done: done, At: at(a.Time), Overridden: a.OverrideBy > 0,
		}
	}
	return states, nil
}

// ActivityCompletions reads the states of each user's activities. An activity
// absent from a user's map was not readable: it has no completion, was deleted,
// or its type may not be viewed, in which case Moodle leaves it out silently.
func (c *Client) ActivityCompletions(ctx context.Context, course CourseID, users []UserID) (Readings[map[ActivityID]ActivityCompletion], error) {
	return c.ActivityCompletionsFor(ctx, course, users, nil)
}

// ActivityCompletionsFor is ActivityCompletions that keeps only the states of
// the activities, or all for nil: Moodle always sends those of the whole course.
func (c *Client) ActivityCompletionsFor(ctx context.Context, course CourseID, users []UserID, activities []ActivityID) (Readings[map[ActivityID]ActivityCompletion], error) {
	wanted, err := numbers(activities)
	if err != nil {
		return Readings[map[ActivityID]ActivityCompletion]{}, err
	}
	return readEach(ctx, c, fnActivityCompletions, course, users,
		func(s activityStatuses) (map[ActivityID]ActivityCompletion, error) { return s.only(wanted) })
}
