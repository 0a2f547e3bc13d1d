package jobs

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
)

// run is one reading of a course. Its fields never change: each step takes what
// the steps before it found out, and returns what it found out itself.
type run struct {
	*Syncer

	course badges.Course
	cause  badges.SyncCause
	began  time.Time
}

// outcome is what a run leaves: its record, and the state of the course.
type outcome struct {
	run   badges.SyncRun
	state badges.SyncState
}

// with returns o once something new was found in the course, or not.
func (o outcome) with(news bool) outcome {
	if news {
		o.state.ChangedAt = o.run.StartedAt
	}
	return o
}

// readAndAward reads what somebody's badge still depends on, and awards what was
// earned. The outcome counts what was done, also beside an error.
func (r run) readAndAward(ctx context.Context) (done outcome, err error) {
	done = outcome{badges.SyncRun{StartedAt: r.began, Cause: r.cause}, r.course.Sync}
	defer caught(&err)
	data, err := r.recall(ctx)
	if err != nil {
		return done, err
	}
	if r.isRosterDue() {
		if data, err = r.readRoster(ctx, data); err != nil {
			return done, err
		}
		done.state.RosterAt = r.began
	}
	done.run.Learners = data.learners()
	open := r.open(data)
	found, err := r.read(ctx, data, open)
	if done = done.with(found.news); err != nil {
		return done, err
	}
	done.run.Unreadable, done.run.DecidedAt = found.fresh.Unreadable(), r.Now()
	done.state.ObservedAt = r.began
	if r.isThorough() {
		done.state.FullAt = r.began
	}
	made, err := r.awardAll(ctx, open, found)
	done.run.Awarded, done.run.Failed = made.awarded, made.failed
	if done = done.with(made.news); err != nil || !r.isThorough() {
		return done, err
	}
	found, err = r.review(ctx, data, found)
	return done.with(found.news), err
}

// courseData is what Insigne knows of a course before it reads what the learners did.
type courseData struct {
	active  []badges.Cases // of the badges that are on, the higher steps of a ladder before the lower ones
	members []badges.Member
	outline badges.Outline
}

// learners counts who is in the course.
func (k courseData) learners() int {
	count := 0
	for _, m := range k.members {
		if m.Active {
			count++
		}
	}
	return count
}

// recall loads what is known of the course and its members.
func (r run) recall(ctx context.Context) (courseData, error) {
	register, err := r.Store.Register(ctx, r.course.CourseKey)
	if err != nil {
		return courseData{}, err
	}
	k := courseData{active: highestFirst(register)}
	if k.members, err = r.Store.Members(ctx, r.course.CourseKey); err != nil {
		return courseData{}, err
	}
	k.outline, err = r.Store.Outline(ctx, r.course.CourseKey)
	return k, err
}

// highestFirst returns the badges that are on, ordered so that the higher steps of
// a ladder are awarded first: a transaction then finds them.
func highestFirst(register badges.Register) []badges.Cases {
	var active []badges.Cases
	for i := range register.Badges {
		if b := &register.Badges[i]; b.State == badges.On {
			active = append(active, register.Cases(b))
		}
	}
	height := func(c badges.Cases) int { return len(register.Steps.Below(c.Badge.ID)) }
	slices.SortStableFunc(active, func(a, b badges.Cases) int { return height(b) - height(a) })
	return active
}

// isRosterDue reports whether the list of members is too old.
func (r run) isRosterDue() bool {
	return r.cause == badges.ByTeacher || r.began.Sub(r.course.Sync.RosterAt) >= r.Pace.Roster
}

// readRoster reads who is in the course, and what rules can ask about. Somebody
// who opens Insigne between two rosters is noted then.
func (r run) readRoster(ctx context.Context, k courseData) (courseData, error) {
	members, err := r.Evidence.Roster(ctx, r.course.CourseKey)
	if err != nil {
		return k, err
	}
	if k.outline, err = r.Evidence.Outline(ctx, r.course.CourseKey); err != nil {
		return k, err
	}
	err = r.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.SaveRoster(ctx, r.course.CourseKey, members); err != nil {
			return err
		}
		return tx.SaveOutline(ctx, r.course.CourseKey, k.outline)
	})
	if err != nil {
		return k, err
	}
	k.members, err = r.Store.Members(ctx, r.course.CourseKey) // with who was ever seen teaching
	return k, err
}

// isThorough reports whether the run reads everything: what was taken back in the
// LMS does not show otherwise.
func (r run) isThorough() bool {
	return r.cause == badges.ByTeacher || r.began.Sub(r.course.Sync.FullAt) >= r.Pace.Full
}

// since returns the time from which on the reading needs to know what happened;
// zero when it reads everything.
func (r run) since() time.Time {
	if r.isThorough() {
		return time.Time{}
	}
	return r.course.Sync.ObservedAt.Add(-overlap)
}

// overlap absorbs clocks that differ, and what the LMS writes late.
const overlap = 5 * time.Minute

// reason names a failure for the people who can act on it.
func reason(err error) (key, detail string) {
	if e, ok := errors.AsType[*moodle.Error](err); ok {
		return e.Key(), e.Function
	}
	if e, ok := errors.AsType[*lti.Error](err); ok {
		return e.Key(), ""
	}
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Key(), ""
	}
	return "problem.internal", ""
}
