package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
)

// Pace says how often courses are read.
type Pace struct {
	Poll     time.Duration // between two looks for due courses
	Interval time.Duration // between two readings of a course
	MaxPause time.Duration // longest pause after repeated failures
}

// DefaultPace suits a university: a change in the LMS is seen within minutes,
// a launch or a teacher's request at once.
func DefaultPace() Pace {
	return Pace{Poll: time.Second, Interval: 5 * time.Minute, MaxPause: time.Hour}
}

// lease is how long a run owns its course without renewing. A process that is
// killed blocks the course for no longer than this.
const lease = 30 * time.Second

// Syncer reads due courses.
type Syncer struct {
	Store    *store.Store
	Evidence *evidence.Reader
	Pace     Pace
	Now      func() time.Time
	Log      *slog.Logger
}

// Run reads due courses with the given number of workers until ctx ends.
func (s *Syncer) work(ctx context.Context) {
	tick := time.NewTicker(s.Pace.Poll)
	defer tick.Stop()
	for {
		for s.next(ctx) {
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// next reads one due course; false when none is due.
func (s *Syncer) next(ctx context.Context) bool {
	leased, err := s.Store.LeaseCourse(ctx, lease)
	if fault.KindOf(err) == fault.NotFound || ctx.Err() != nil {
		return false
	}
	if err != nil {
		s.Log.ErrorContext(ctx, "no course could be leased", "error", err)
		return false
	}
	s.Sync(ctx, leased)
	return true
}

// Sync reads one leased course, awards what was earned and records the run.
func (s *Syncer) Sync(ctx context.Context, leased store.LeasedCourse) {
	run := badges.SyncRun{StartedAt: s.Now(), Cause: leased.Cause}
	held, release := s.hold(ctx, leased)
	err := s.readAndAward(held, leased.Course, &run)
	release()
	if ctx.Err() != nil {
		return // shutting down: the lease runs out and the course is read again
	}
	failures := 0
	if err != nil {
		failures = leased.Sync.Failures + 1
		run.Problem, run.Detail = reason(err)
		s.Log.WarnContext(ctx, "course not read", "platform", leased.Platform, "course", leased.Context, "failures", failures, "error", err)
	}
	run.EndedAt = s.Now()
	if err := s.Store.FinishSync(ctx, leased, run, s.Now().Add(s.pause(failures)), failures); err != nil {
		s.Log.ErrorContext(ctx, "run not recorded", "platform", leased.Platform, "course", leased.Context, "error", err)
	}
}

// pause doubles with each failure in a row, up to the longest.
func (s *Syncer) pause(failures int) time.Duration {
	pause := s.Pace.Interval
	for range failures {
		if pause *= 2; pause >= s.Pace.MaxPause {
			return s.Pace.MaxPause
		}
	}
	return pause
}

// hold renews the lease while a run goes on. The context ends when the lease
// is lost, so that two runs never overlap.
func (s *Syncer) hold(ctx context.Context, leased store.LeasedCourse) (context.Context, func()) {
	held, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-tick.C:
				if err := s.Store.RenewLease(held, leased, lease); err != nil {
					cancel(err)
					return
				}
			}
		}
	}()
	return held, func() { cancel(nil); <-done }
}

// reason names a failure for the people who can act on it.
func reason(err error) (key, detail string) {
	if e, ok := errors.AsType[*moodle.Error](err); ok {
		return "problem.moodle." + string(e.Reason), e.Function
	}
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Kind != fault.Internal {
		return e.Key, ""
	}
	return "problem.internal", ""
}
