package moodle

import (
	"context"
	"time"
)

// CourseCompletion is the completion of a course by one learner.
type CourseCompletion struct {
	Completed bool
	At        time.Time // when, as far as Moodle knows; zero when not completed or unknown
}

// The criteria of a course are joined by "all" or "any". The number is Moodle's.
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

// moment returns when the course was completed, which Moodle does not tell directly:
// when the last criterion was met or, if one criterion is enough, when the first was
// met.
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

// CourseCompletions reads which of the users completed the course. The errors are those
// of the course (CompletionOff, NoCriteria, CourseClosed) and those of the site.
func (c *Client) CourseCompletions(ctx context.Context, course CourseID, users []UserID) (Readings[CourseCompletion], error) {
	return readEach(ctx, c, fnCourseCompletion, course, users, courseStatus.value)
}

// ActivityCompletion is the state of one activity for one learner.
type ActivityCompletion struct {
	State      State
	Done       bool      // Moodle counts the activity as completed; can be true for a failed quiz
	At         time.Time // zero when incomplete
	Overridden bool      // a teacher set the state
}

// State is Moodle's completion state.
type State uint8

// The states, with Moodle's numbers.
const (
	Incomplete State = iota
	Complete
	Passed
	Failed
	FailedHidden // failed, and the grade is still hidden
)

type activityStatuses struct {
	Statuses []struct {
		CMID       int64 `json:"cmid"`
		State      *int  `json:"state"`
		Time       int64 `json:"timecompleted"`
		OverrideBy int64 `json:"overrideby"`
		Has        *flag `json:"hascompletion"`
		Tracked    *flag `json:"istrackeduser"`
		Overall    *flag `json:"isoverallcomplete"` // since Moodle 4.4
	} `json:"statuses"`
}

// only returns the states of the wanted activities; nil means all. It leaves out
// activities in which this learner is not tracked, because Moodle sends "incomplete"
// for those.
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

// ActivityCompletions reads the states of each user's activities. An activity is absent
// from a user's map if it could not be read: it has no completion tracking, it was
// deleted, or the token's user may not view its type and Moodle left it out without a
// warning.
func (c *Client) ActivityCompletions(ctx context.Context, course CourseID, users []UserID) (Readings[map[ActivityID]ActivityCompletion], error) {
	return c.ActivityCompletionsFor(ctx, course, users, nil)
}

// ActivityCompletionsFor is like ActivityCompletions and keeps only the states of the
// given activities; nil means all. Moodle sends those of the whole course in any case.
func (c *Client) ActivityCompletionsFor(ctx context.Context, course CourseID, users []UserID, activities []ActivityID) (Readings[map[ActivityID]ActivityCompletion], error) {
	wanted, err := numbers(activities)
	if err != nil {
		return Readings[map[ActivityID]ActivityCompletion]{}, err
	}
	return readEach(ctx, c, fnActivityCompletions, course, users,
		func(s activityStatuses) (map[ActivityID]ActivityCompletion, error) { return s.only(wanted) })
}
