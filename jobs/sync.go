package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
)

// Pace is how often courses are read.
type Pace struct {
	Poll     time.Duration // between two searches for due courses
	Interval time.Duration // between two readings of a course in which something happens
	Longest  time.Duration // between two readings of a course in which nothing happens
	MaxPause time.Duration // longest pause after repeated failures
	Roster   time.Duration // how old the list of members may be
	Full     time.Duration // between two readings of everything; the others read only what is new
	Rest     time.Duration // first pause of a site that fails repeatedly; 0: the client's default
}

// DefaultPace returns a pace for a university: a change in the LMS is seen
// within minutes, and after a launch or a teacher's request at once. A course
// in which nothing has happened for days is read once an hour.
func DefaultPace() Pace {
	return Pace{
		Poll: time.Second, Interval: 2 * time.Minute, Longest: time.Hour, MaxPause: time.Hour, Roster: time.Hour, Full: 6 * time.Hour,
	}
}

// Syncer reads due courses.
type Syncer struct {
	Store    *store.Store
	Evidence *evidence.Reader
	Awards   award.Awards
	Pace     Pace
	Now      func() time.Time
	Random   func() float64 // from 0 to below 1
	Log      *slog.Logger
}

// work reads due courses until ctx ends.
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

// next reads one due course; false if none is due.
func (s *Syncer) next(ctx context.Context) bool {
	var leased store.LeasedCourse
	err := contained(func() (err error) {
		leased, err = s.Store.LeaseCourse(ctx, lease)
		return err
	})
	if fault.Is(err, fault.NotFound) || ctx.Err() != nil {
		return false
	}
	if err != nil {
		s.Log.ErrorContext(ctx, "lease course failed", "error", err)
		return false
	}
	if err := contained(func() error { s.Sync(ctx, leased); return nil }); err != nil {
		s.Log.ErrorContext(ctx, "store run failed", "platform", leased.Platform, "course", leased.Context, "error", err)
		return false
	}
	return true
}

// Sync reads one leased course, awards what was earned and stores the run. A
// panic is stored as a failure of this course, like any other.
func (s *Syncer) Sync(ctx context.Context, leased store.LeasedCourse) {
	r := run{Syncer: s, course: leased.Course, cause: leased.Cause, began: s.Now()}
	meter := &moodle.Meter{}
	held, release := s.hold(moodle.WithMeter(ctx, meter), leased)
	done, err := r.readAndAward(held)
	if lost := release(); lost != nil {
		err = lost // losing the lease caused the other error
	}
	if ctx.Err() != nil {
		return // shutting down: the lease will expire and the course will be read again
	}
	usage := meter.Total()
	done.run.Calls, done.run.Bytes = int(usage.Calls), usage.Bytes
	done.state.Failures = 0
	if err != nil {
		done.state.Failures = leased.Sync.Failures + 1
		done.run.Problem, done.run.Detail = reason(err)
		s.Log.WarnContext(ctx, "read course failed", "platform", leased.Platform, "course", leased.Context, "failures", done.state.Failures, "error", err)
	}
	done.run.EndedAt = s.Now()
	done.state.DueAt = done.run.EndedAt.Add(s.pause(done.state, done.run.EndedAt, err))
	if err := s.Store.FinishSync(ctx, leased, done.run, done.state); err != nil {
		s.Log.ErrorContext(ctx, "store run failed", "platform", leased.Platform, "course", leased.Context, "error", err)
	}
}

// pause returns the time until the next reading: a tenth of the time since
// something changed, within the limits of the pace. It doubles with each
// failure in a row, and is at least as long as the LMS asks for. A random fifth
// more or less spreads the readings of many courses.
func (s *Syncer) pause(state badges.SyncState, now time.Time, failure error) time.Duration {
	pause := s.Pace.Longest
	if !state.ChangedAt.IsZero() {
		pause = min(max(now.Sub(state.ChangedAt)/10, s.Pace.Interval), s.Pace.Longest)
	}
	if state.Failures > 0 {
		pause = s.Pace.Interval
		for range state.Failures {
			pause = min(2*pause, s.Pace.MaxPause)
		}
	}
	pause += time.Duration((2*s.Random() - 1) * 0.2 * float64(pause))
	if e, ok := errors.AsType[*moodle.Error](failure); ok {
		pause = max(pause, e.RetryAfter)
	}
	return pause
}
