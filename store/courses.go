package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// courseColumns are the columns of a course and of its last run.
const courseColumns = `c.platform_id, c.context_id, c.title, c.label, c.due_at, c.failures, c.roster_at, c.full_at, c.observed_at, c.changed_at,
	r.started_at, r.ended_at, r.decided_at, r.cause, r.learners, r.awarded, r.failed, r.unreadable, r.calls, r.bytes, r.problem, r.detail`

const courseSource = ` from courses c left join sync_runs r
	on r.platform_id = c.platform_id and r.context_id = c.context_id and r.ended_at = c.read_at`

func scanCourse(row row) (badges.Course, error) {
	var c badges.Course
	var due, roster, full, observed, changed, started, ended, decided instant
	var cause, problem, detail sql.NullString
	var learners, awarded, failed, unreadable, calls, bytes sql.NullInt64
	err := row.Scan(&c.Platform, &c.Context, &c.Title, &c.Label, &due, &c.Sync.Failures, &roster, &full, &observed, &changed,
		&started, &ended, &decided, &cause, &learners, &awarded, &failed, &unreadable, &calls, &bytes, &problem, &detail)
	if err != nil {
		return badges.Course{}, err
	}
	c.Sync.DueAt, c.Sync.RosterAt, c.Sync.FullAt, c.Sync.ObservedAt, c.Sync.ChangedAt = due.Time, roster.Time, full.Time, observed.Time, changed.Time
	if cause.Valid {
		c.Sync.Last = &badges.SyncRun{
			StartedAt: started.Time, EndedAt: ended.Time, DecidedAt: decided.Time, Cause: badges.SyncCause(cause.String),
			Learners: int(learners.Int64), Awarded: int(awarded.Int64), Failed: int(failed.Int64), Unreadable: int(unreadable.Int64),
			Calls: int(calls.Int64), Bytes: bytes.Int64, Problem: problem.String, Detail: detail.String,
		}
	}
	return c, nil
}

// Course returns a course; fault.NotFound if Insigne was never opened in it.
func (r reads) Course(ctx context.Context, key badges.CourseKey) (badges.Course, error) {
	c, err := scanCourse(r.q.QueryRowContext(ctx,
		`select `+courseColumns+courseSource+` where c.platform_id = $1 and c.context_id = $2`, key.Platform, key.Context))
	return c, notFound(err, "course")
}

// Courses lists the courses of a platform by title.
func (r reads) Courses(ctx context.Context, platform badges.PlatformID) ([]badges.Course, error) {
	rows, err := r.q.QueryContext(ctx, `select `+courseColumns+courseSource+` where c.platform_id = $1 order by c.title, c.context_id`, platform)
	return all(rows, err, scanCourse)
}

// TaughtCourses lists the courses of a platform in which a person was seen
// teaching, by title.
func (r reads) TaughtCourses(ctx context.Context, platform badges.PlatformID, user badges.UserID) ([]badges.Course, error) {
	rows, err := r.q.QueryContext(ctx, `select `+courseColumns+courseSource+` where c.platform_id = $1 and exists (
			select 1 from members m where m.platform_id = c.platform_id and m.context_id = c.context_id and m.user_id = $2 and m.teaches)
		order by c.title, c.context_id`, platform, user)
	return all(rows, err, scanCourse)
}

// SeeCourse writes the title of a course, and adds a course that nobody has
// opened yet.
func (tx *Tx) SeeCourse(ctx context.Context, c badges.Course) error {
	_, err := tx.q.ExecContext(ctx, `
		insert into courses (platform_id, context_id, title, label, due_at, cause) values ($1, $2, $3, $4, $5, $6)
		on conflict (platform_id, context_id) do update set title = excluded.title, label = excluded.label`,
		c.Platform, c.Context, c.Title, c.Label, tx.now, badges.ByLaunch)
	if err != nil {
		return fmt.Errorf("write course: %w", err)
	}
	return nil
}

// RequestSync makes a course due at once. For launches, Arrive decides when a
// course is due.
func (tx *Tx) RequestSync(ctx context.Context, key badges.CourseKey, cause badges.SyncCause) error {
	// A teacher's request has priority over one that is due already: its
	// reading is thorough.
	_, err := tx.q.ExecContext(ctx, `
		update courses set due_at = $3, cause = $4 where platform_id = $1 and context_id = $2 and (due_at > $3 or lease <> '' or $4 = $5)`,
		key.Platform, key.Context, tx.now, cause, badges.ByTeacher)
	if err != nil {
		return fmt.Errorf("request reading: %w", err)
	}
	return nil
}

// LeasedCourse is a due course that only one process may read now.
type LeasedCourse struct {
	badges.Course
	Cause badges.SyncCause
	lease string
	due   time.Time // due_at when it was leased: a later value is a new request
}

// LeaseCourse leases the course that has been due the longest; fault.NotFound
// if none is due and free.
func (s *Store) LeaseCourse(ctx context.Context, lease time.Duration) (LeasedCourse, error) {
	const free = ` due_at <= $1 and (lease_until is null or lease_until < $1)`
	// Usually nothing is due: read first, without waiting for other writers.
	var key badges.CourseKey
	err := s.q.QueryRowContext(ctx, `select platform_id, context_id from courses where`+free+` limit 1`, s.clock()).Scan(&key.Platform, &key.Context)
	if err != nil {
		return LeasedCourse{}, notFound(err, "due course")
	}
	leased := LeasedCourse{lease: uuid.NewString()}
	err = s.Tx(ctx, func(tx *Tx) error {
		err := tx.q.QueryRowContext(ctx, `select platform_id, context_id, cause from courses where`+free+` order by due_at limit 1`+tx.dialect.skipLocked(),
			tx.now).Scan(&key.Platform, &key.Context, &leased.Cause)
		if err != nil {
			return notFound(err, "due course")
		}
		if leased.Course, err = tx.Course(ctx, key); err != nil {
			return err
		}
		leased.due = leased.Sync.DueAt
		_, err = tx.q.ExecContext(ctx, `update courses set lease = $3, lease_until = $4 where platform_id = $1 and context_id = $2`,
			key.Platform, key.Context, leased.lease, moment(tx.now.Add(lease)))
		return err
	})
	return leased, err
}

// RenewLease extends a lease; fault.Conflict if it was lost.
func (s *Store) RenewLease(ctx context.Context, c LeasedCourse, lease time.Duration) error {
	return s.Tx(ctx, func(tx *Tx) error {
		result, err := tx.q.ExecContext(ctx, `update courses set lease_until = $4 where platform_id = $1 and context_id = $2 and lease = $3`,
			c.Platform, c.Context, c.lease, moment(tx.now.Add(lease)))
		return leaseLost(one(result, err, "lease"))
	})
}

func leaseLost(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(errors.New("another process reads the course"), fault.Conflict, "problem.conflict")
	}
	return err
}

// launchGap is the time after a reading in which a launch does not cause
// another reading at once: a whole lecture hall may open the tool together.
const launchGap = 10 * time.Second

// runsKept is the number of runs of a course that are stored.
const runsKept = 50

// FinishSync stores a run and the new state of the course, and ends the lease.
// If somebody requested a reading during the run, the course stays due.
func (s *Store) FinishSync(ctx context.Context, c LeasedCourse, run badges.SyncRun, next badges.SyncState) error {
	return s.Tx(ctx, func(tx *Tx) error {
		result, err := tx.q.ExecContext(ctx, `
			update courses set lease = '', lease_until = null, read_at = $4, failures = $5,
				due_at = case when due_at > $6 then due_at else $7 end,
				cause = case when due_at > $6 then cause else $8 end,
				roster_at = $9, full_at = $10, observed_at = $11, changed_at = $12, rests_until = $13
			where platform_id = $1 and context_id = $2 and lease = $3`,
			c.Platform, c.Context, c.lease, moment(run.EndedAt), next.Failures, moment(c.due), moment(next.DueAt), badges.BySchedule,
			moment(next.RosterAt), moment(next.FullAt), moment(next.ObservedAt), moment(next.ChangedAt),
			moment(run.EndedAt.Add(launchGap)))
		if err := leaseLost(one(result, err, "lease")); err != nil {
			return err
		}
		_, err = tx.q.ExecContext(ctx, `
			insert into sync_runs (platform_id, context_id, started_at, ended_at, decided_at, cause, learners, awarded, failed, unreadable, calls, bytes, problem, detail)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			c.Platform, c.Context, moment(run.StartedAt), moment(run.EndedAt), moment(run.DecidedAt), run.Cause, run.Learners, run.Awarded, run.Failed,
			run.Unreadable, run.Calls, run.Bytes, run.Problem, run.Detail)
		if err != nil {
			return fmt.Errorf("write run: %w", err)
		}
		_, err = tx.q.ExecContext(ctx, `
			delete from sync_runs where platform_id = $1 and context_id = $2 and ended_at < (
				select ended_at from sync_runs where platform_id = $1 and context_id = $2 order by ended_at desc limit 1 offset $3)`,
			c.Platform, c.Context, runsKept-1)
		if err != nil {
			return fmt.Errorf("forget old runs: %w", err)
		}
		return nil
	})
}
