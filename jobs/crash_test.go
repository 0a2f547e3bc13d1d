package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// odd answers like the campus, but panics when one function is called. The
// value of the panic names a learner, as text from a server may.
type odd struct{ function string }

func (o odd) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	var form bytes.Buffer
	if _, err := form.ReadFrom(body); err != nil {
		return nil, err
	}
	if strings.Contains(form.String(), "wsfunction="+o.function) {
		panic(errors.New("what is to be made of Zoë Ångström?"))
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestPanicInOneCourse makes the reading of a course panic, in the run itself
// and in a goroutine of the reading. That course is read again later, and the
// others are read in the meantime.
func TestPanicInOneCourse(t *testing.T) {
	for name, tt := range map[string]struct {
		function string
		faults   campus.Faults
	}{
		"in the run": {"core_enrol_get_enrolled_users", campus.Faults{}},
		"in a goroutine": {
			"core_completion_get_activities_completion_status",
			campus.Faults{WithoutFunction: []string{"tool_mobile_call_external_functions"}}, // so learners are read one by one
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStorm(t, 21)
			badge := s.badgeFor(t, badges.Rule{Kind: badges.All, Of: []badges.Rule{{Kind: badges.ActivityCompleted, Activity: "3", Name: "Quiz"}}})
			s.campus.SetFaults(tt.faults)
			var log bytes.Buffer
			panicking := *s.patient
			panicking.Log = slog.New(slog.NewTextHandler(&log, nil))
			sites := evidence.NewSites(s.store, moodle.Config{HTTP: &http.Client{Transport: odd{tt.function}}})
			panicking.Evidence = evidence.NewReader(sites, nil, s.store)

			var pauses []time.Duration
			for range 2 {
				run := s.sync(t, &panicking, badges.ByTeacher)
				if run.Problem != "problem.internal" {
					t.Fatalf("the run is recorded with %q", run.Problem)
				}
				course, err := s.store.Course(t.Context(), s.course)
				if err != nil {
					t.Fatal(err)
				}
				pauses = append(pauses, course.Sync.DueAt.Sub(run.EndedAt))
			}
			if course, err := s.store.Course(t.Context(), s.course); err != nil || course.Sync.Failures != 2 || pauses[1] < pauses[0] {
				t.Errorf("%d failures in a row, pauses %v, %v", course.Sync.Failures, pauses, err)
			}
			if n := strings.Count(log.String(), "level="); n != 2 || strings.Contains(log.String(), "Zoë") || !strings.Contains(log.String(), "RoundTrip") {
				t.Errorf("%d lines for two runs: %s", n, log.String())
			}
			if run := s.sync(t, s.patient, badges.ByTeacher); run.Problem != "" || len(s.holders(t, badge)) == 0 {
				t.Errorf("once it can be read: %+v", run)
			}
		})
	}
}

// TestPanicOfKeeper checks that a lease that cannot be renewed ends the run and
// returns the reason.
func TestPanicOfKeeper(t *testing.T) {
	refused := errors.New("another process reads the course")
	for name, tt := range map[string]struct {
		renew func(context.Context) error
		want  string
	}{
		"renewed":    {func(context.Context) error { return nil }, ""},
		"refused":    {func(context.Context) error { return refused }, refused.Error()},
		"with panic": {func(context.Context) error { panic("a lease") }, "panic with a string"},
	} {
		held, release := jobs.Keep(t.Context(), time.Millisecond, tt.renew)
		if tt.want != "" {
			select {
			case <-held.Done():
			case <-time.After(10 * time.Second):
				t.Fatalf("%s: the run is not ended", name)
			}
		}
		switch err := release(); {
		case (err != nil) != (tt.want != ""), err != nil && !strings.HasPrefix(err.Error(), tt.want):
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		case held.Err() == nil:
			t.Errorf("%s: released, and still held", name)
		}
	}
}

// TestPanicOfRounds uses a clock that panics in the first rounds of all periodic
// work: the next rounds are done. Time passes only inside the
// test's bubble.
func TestPanicOfRounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const panics = 2500 * time.Millisecond // so long that each periodic loop meets it
		var asked atomic.Int32                 // after that
		var began atomic.Pointer[time.Time]
		cfg := storetest.Config(t, "sqlite:"+storetest.SQLiteFile(t))
		cfg.Now = func() time.Time {
			now := time.Now()
			switch start := began.Load(); {
			case start == nil:
			case now.Sub(*start) < panics:
				panic("no time")
			default:
				asked.Add(1)
			}
			return now
		}
		st, err := store.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		})
		runner, err := jobs.New(jobs.Config{
			Store: st, Log: slog.New(slog.DiscardHandler), Pace: jobs.DefaultPace(), Random: func() float64 { return 0.5 },
			Keyring: &keyring.Ring{Policy: keyring.ForLTI(), Rows: st, Secret: cfg.Secret, Now: time.Now},
			Issuers: keyring.NewIssuers(st, cfg.Secret, time.Now), Now: time.Now,
		})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		began.Store(&start)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- runner.Run(ctx) }()
		time.Sleep(2 * panics)
		stop()
		if err := <-ended; err != nil || asked.Load() == 0 {
			t.Errorf("the time was asked for %d times; ended with %v", asked.Load(), err)
		}
	})
}

// badgeFor switches on a badge with a rule.
func (s *stormy) badgeFor(t *testing.T, rule badges.Rule) (badge badges.Badge) {
	t.Helper()
	content := s.content
	content.Rule = rule
	err := s.store.Tx(t.Context(), func(tx *store.Tx) (err error) {
		if badge, err = tx.CreateBadge(t.Context(), s.course, content, "3"); err != nil {
			return err
		}
		return tx.SwitchBadge(t.Context(), s.course, badge.ID, badges.On, "3")
	})
	if err != nil {
		t.Fatal(err)
	}
	return badge
}
