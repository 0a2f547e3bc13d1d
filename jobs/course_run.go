package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
)

// run is one reading of a course. Its fields never change: each step gets the
// results of the steps before it and returns its own.
type run struct {
	*Syncer

	course badges.Course
	cause  badges.SyncCause
	began  time.Time
}

// outcome is the result of a run: its record and the new state of the course.
type outcome struct {
	run   badges.SyncRun
	state badges.SyncState
}

// with returns o with the time of the change, if news says that something new
// was found.
func (o outcome) with(news bool) outcome {
	if news {
		o.state.ChangedAt = o.run.StartedAt
	}
	return o
}

// readAndAward reads what the open badges depend on, and awards what was
// earned. The outcome counts what was done, even if an error is returned with
// it.
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
	if err := r.takeAddresses(ctx); err != nil {
		return done, err
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

// courseData is the stored data of a course before the run reads what the
// learners did.
type courseData struct {
	active  []badges.Cases // for the badges that are on, higher steps before lower ones
	members []badges.Member
	outline badges.Outline
}

// learners returns the number of active members.
func (k courseData) learners() int {
	count := 0
	for _, m := range k.members {
		if m.Active {
			count++
		}
	}
	return count
}

// recall loads the stored data of the course and its members.
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

// highestFirst returns the cases of the badges that are on. Higher steps of a
// ladder come before lower ones, so that they are awarded first.
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

// isRosterDue reports whether the stored list of members is too old.
func (r run) isRosterDue() bool {
	return r.cause == badges.ByTeacher || r.began.Sub(r.course.Sync.RosterAt) >= r.Pace.Roster
}

// readRoster reads the members of the course, and what rules can ask about.
// Launches between two rosters add members too.
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
	k.members, err = r.Store.Members(ctx, r.course.CourseKey) // these also say who was ever seen teaching
	return k, err
}

// takeAddresses gives awards without an address the one that a roster or a launch
// has told since.
func (r run) takeAddresses(ctx context.Context) error {
	told, err := r.Store.ToldAddresses(ctx, r.course.CourseKey)
	if err != nil || !slices.ContainsFunc(told, isUsable) {
		return err
	}
	for taken := awardBatch; taken == awardBatch; {
		err := r.Store.Tx(ctx, func(tx *store.Tx) (err error) {
			taken, err = r.Awards.TakeAddresses(ctx, tx, r.course.CourseKey, awardBatch)
			return err
		})
		if err != nil {
			return fmt.Errorf("take addresses: %w", err)
		}
	}
	return nil
}

func isUsable(told store.ToldAddress) bool {
	_, err := badges.ParseAddress(told.Address)
	return err == nil
}

// isThorough reports whether the run reads everything. Only such a run sees
// that something was removed in the LMS.
func (r run) isThorough() bool {
	return r.cause == badges.ByTeacher || r.began.Sub(r.course.Sync.FullAt) >= r.Pace.Full
}

// since returns the time from which the run reads what happened; zero if it
// reads everything.
func (r run) since() time.Time {
	if r.isThorough() {
		return time.Time{}
	}
	return r.course.Sync.ObservedAt.Add(-overlap)
}

// overlap allows for clocks that differ, and for an LMS that writes with a
// delay.
const overlap = 5 * time.Minute

// reason returns the catalogue key and detail of a failure, for the people who
// can act on it.
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
