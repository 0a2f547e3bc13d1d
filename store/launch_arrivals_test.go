package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// arrive stores a launch from a course.
func arrive(ctx context.Context, tx *store.Tx, course badges.Course) error {
	return tx.Arrive(ctx, store.Arrival{Course: course, Member: badges.Member{User: "6", Active: true}})
}

// past is what happened in a course before a launch.
type past struct {
	*testing.T
	*store.Store
	*storetest.Clock
	course badges.CourseKey
}

// read finishes a reading some time ago, after a number of failures in a row;
// the course is due again later.
func (p past) read(ago time.Duration, failures int, due time.Duration) {
	p.Helper()
	at := p.Now().Add(-ago)
	run := badges.SyncRun{StartedAt: at, EndedAt: at, Cause: badges.BySchedule}
	next := badges.SyncState{Failures: failures, DueAt: p.Now().Add(due)}
	if err := p.FinishSync(p.Context(), p.lease(), run, next); err != nil {
		p.Fatal(err)
	}
}

func (p past) lease() store.LeasedCourse {
	p.Helper()
	c, err := p.LeaseCourse(p.Context(), time.Minute)
	if err != nil {
		p.Fatal(err)
	}
	return c
}

func (p past) request() {
	p.Helper()
	tx(p.T, p.Store, func(ctx context.Context, tx *store.Tx) error { return tx.RequestSync(ctx, p.course, badges.ByTeacher) })
}

// TestLaunchMakesCourseDue checks when a launch makes its course due, depending
// on what happened before.
func TestLaunchMakesCourseDue(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before func(past)
		due    time.Duration // time from the launch until it is due
		cause  badges.SyncCause
	}{
		{"first launch", nil, 0, badges.ByLaunch},
		{"read 3 s ago", func(p past) { p.read(3*time.Second, 0, time.Hour) }, 7 * time.Second, badges.ByLaunch},
		{"read 10 s ago", func(p past) { p.read(10*time.Second, 0, time.Hour) }, 0, badges.ByLaunch},
		{"read long ago, due later", func(p past) { p.read(time.Hour, 0, time.Hour) }, 0, badges.ByLaunch},
		{"read long ago, due for a while", func(p past) { p.read(time.Hour, 0, -time.Minute) }, -time.Minute, badges.BySchedule},
		{"read 3 s ago, due in 5 s", func(p past) { p.read(3*time.Second, 0, 5*time.Second) }, 5 * time.Second, badges.BySchedule},
		{"failing", func(p past) { p.read(time.Hour, 1, time.Hour) }, time.Hour, badges.BySchedule},
		{"failing, being read", func(p past) { p.read(time.Hour, 1, -time.Minute); p.lease() }, -time.Minute, badges.BySchedule},
		{"being read", func(p past) { p.read(time.Hour, 0, -time.Minute); p.lease() }, 0, badges.ByLaunch},
		{"being read, read 3 s ago", func(p past) { p.read(3*time.Second, 0, -time.Second); p.lease() }, 7 * time.Second, badges.ByLaunch},
		{"first reading under way", func(p past) { p.lease() }, 0, badges.ByLaunch},
		{"the process that read is gone", func(p past) { p.lease(); p.Add(time.Hour) }, 0, badges.ByLaunch},
		{"a teacher asked", func(p past) { p.read(time.Hour, 0, time.Hour); p.request() }, 0, badges.ByTeacher},
		{"a teacher asked a moment ago", func(p past) { p.read(time.Hour, 0, time.Hour); p.request(); p.Add(time.Second) }, -time.Second, badges.ByTeacher},
		{"a teacher asked, read 3 s ago", func(p past) { p.read(3*time.Second, 0, time.Hour); p.request() }, 0, badges.ByTeacher},
		{"a teacher asked, being read", func(p past) { p.lease(); p.Add(time.Second); p.request(); p.Add(time.Second) }, 0, badges.ByLaunch},
		{"a launch before", func(p past) {
			tx(p.T, p.Store, func(ctx context.Context, tx *store.Tx) error {
				return arrive(ctx, tx, badges.Course{CourseKey: p.course})
			})
			p.Add(time.Second)
		}, -time.Second, badges.ByLaunch},
	} {
		t.Run(tt.name, func(t *testing.T) {
			clocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
				course := newWorld(t, s, "a").course
				if tt.before == nil {
					course.Context = "new"
				} else {
					tt.before(past{t, s, clock, course})
				}
				tx(t, s, func(ctx context.Context, tx *store.Tx) error {
					return arrive(ctx, tx, badges.Course{CourseKey: course, Title: "T", Label: "L"})
				})
				got := storetest.Must(s.Course(t.Context(), course))(t)
				if want := clock.Now().Add(tt.due); !got.Sync.DueAt.Equal(want) || got.Title != "T" || got.Label != "L" {
					t.Errorf("%s %s is due at %v, want %v", got.Title, got.Label, got.Sync.DueAt, want)
				}
				if cause := causeOf(t, s, course); cause != tt.cause {
					t.Errorf("it is due because of %q, want %q", cause, tt.cause)
				}
			})
		})
	}
}

func causeOf(t *testing.T, s *store.Store, course badges.CourseKey) (cause badges.SyncCause) {
	t.Helper()
	rows, err := s.Query(t.Context(), `select cause from courses where context_id = '`+string(course.Context)+`'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { storetest.Must(0, errors.Join(rows.Close(), rows.Err()))(t) }()
	for rows.Next() {
		storetest.Must(0, rows.Scan(&cause))(t)
	}
	return cause
}

// zoesArrival returns a launch that tells everything that a launch can tell.
func zoesArrival(course badges.CourseKey) store.Arrival {
	return store.Arrival{
		Course:   badges.Course{CourseKey: course, Title: "Course", Label: "C"},
		Services: lti.Services{MembershipsURL: "https://lms.example.org/m", GradeScopes: []string{lti.ScopeScore}},
		History:  []badges.ContextID{"1"},
		Member:   badges.Member{User: "6", Name: "Zoë", Email: "z@example.org", Language: "fr", Active: true, Teaches: true},
		Watches:  []badges.UserID{"7", "8"},
	}
}

// TestLaunchStatements counts the statements of a launch: one for the launch
// and its login, one for the course, one for the member.
func TestLaunchStatements(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		course := newWorld(t, s, "a").course
		for _, login := range []string{"first", "second"} {
			writes, reads, err := s.Statements(t.Context(), func(tx *store.Tx) error {
				if err := tx.UseLogin(t.Context(), login, lti.Launch{IssuedAt: tx.Now()}); err != nil {
					return err
				}
				return tx.Arrive(t.Context(), zoesArrival(course))
			})
			if err != nil || len(writes) != 3 || len(reads) != 0 {
				t.Errorf("%s launch: %v; %d statements write, want 3: %q; and none reads: %q", login, err, len(writes), writes, reads)
			}
		}
	})
}

// TestArrival checks that a launch stores what it tells, and keeps what only a
// reading can tell.
func TestArrival(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		course := newWorld(t, s, "a").course
		want := zoesArrival(course)
		known := want.Member
		known.Username, known.Groups = "zoe", []badges.GroupID{"4"}
		silent := want
		silent.Member = badges.Member{User: "6", Active: true}
		changed := silent
		changed.Course.Title, changed.Services, changed.History, changed.Watches = "Renamed", lti.Services{}, nil, nil
		for _, step := range []struct {
			name   string
			do     func(context.Context, *store.Tx) error
			want   store.Arrival
			member badges.Member
		}{
			{"first launch", func(ctx context.Context, tx *store.Tx) error { return tx.Arrive(ctx, want) }, want, want.Member},
			{"reading", func(ctx context.Context, tx *store.Tx) error {
				return tx.SaveRoster(ctx, course, []badges.Member{{User: "6", Username: "zoe", Groups: []badges.GroupID{"4"}, Active: true}})
			}, want, known},
			{"launch that tells no name", func(ctx context.Context, tx *store.Tx) error { return tx.Arrive(ctx, silent) }, want, known},
			{"launch that tells other things", func(ctx context.Context, tx *store.Tx) error { return tx.Arrive(ctx, changed) }, changed, known},
		} {
			tx(t, s, step.do)
			got := store.Arrival{
				Course: storetest.Must(s.Course(t.Context(), course))(t), Services: storetest.Must(s.Services(t.Context(), course))(t), History: storetest.Must(s.History(t.Context(), course))(t),
				Member: storetest.Must(s.Member(t.Context(), course, "6"))(t), Watches: storetest.Must(s.Watched(t.Context(), course, "6"))(t),
			}
			got.Course.Sync = badges.SyncState{} // checked in TestLaunchMakesCourseDue
			step.want.Member = step.member
			if diff := cmp.Diff(step.want, got); diff != "" {
				t.Errorf("after a %s (-want +got):\n%s", step.name, diff)
			}
		}
	})
}
