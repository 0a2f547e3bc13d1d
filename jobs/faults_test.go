package jobs_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/testlength"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// stormy is a campus whose web services fail, and the jobs that read it.
type stormy struct {
	campus  *campus.Campus
	store   *store.Store
	syncer  *jobs.Syncer     // gives up on calls that hang
	patient *jobs.Syncer     // waits for slow calls, for calm weather on a busy machine
	calm    *evidence.Reader // reads the campus while nothing fails
	course  badges.CourseKey
	content badges.Content
	random  *mathrand.Rand
}

func newStorm(t *testing.T, seed uint64) *stormy {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	c, err := campus.New(campus.Config{
		BaseURL: url, Now: time.Now, Rand: rand.Reader, Client: http.DefaultClient, Log: slog.New(slog.DiscardHandler),
		ToolURL: func() string { return "" }, Learners: 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = c.Handler()
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	c.CopyCourse() // a course of somebody else
	st := storetest.SQLite(t)
	s := &stormy{campus: c, store: st, random: mathrand.New(mathrand.NewPCG(seed, 0))}
	s.seed(t, badges.Service{URL: url, Token: badges.Secret(c.Token())})
	calling := moodle.Config{
		HTTP: &http.Client{Timeout: 250 * time.Millisecond}, Rest: time.Microsecond, MaxRest: time.Microsecond,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	s.calm = evidence.NewReader(evidence.NewSites(st, moodle.Config{HTTP: http.DefaultClient}), nil, st)
	s.patient = &jobs.Syncer{
		Store: st, Evidence: s.calm, Now: time.Now, Random: s.random.Float64,
		Pace: jobs.Pace{Full: time.Hour, Roster: time.Hour}, Log: slog.New(slog.DiscardHandler),
	}
	hasty := *s.patient
	hasty.Evidence = evidence.NewReader(evidence.NewSites(st, calling), nil, st)
	s.syncer = &hasty
	return s
}

// seed stores the platform, the course and what badges need.
func (s *stormy) seed(t *testing.T, service badges.Service) {
	t.Helper()
	err := s.store.Tx(t.Context(), func(tx *store.Tx) error {
		platform, err := tx.SavePlatform(t.Context(), lti.Registration{Issuer: service.URL, ClientID: "client"}, "1", badges.ByPlatform)
		if err != nil {
			return err
		}
		s.course = badges.CourseKey{Platform: platform, Context: "2"}
		if err := tx.SetService(t.Context(), platform, service); err != nil {
			return err
		}
		if err := tx.SeeCourse(t.Context(), badges.Course{CourseKey: s.course, Title: "Course"}); err != nil {
			return err
		}
		issuer, err := tx.SaveIssuer(t.Context(), badges.Issuer{Platform: platform, Name: "University", URL: "https://example.org", Email: "a@example.org"})
		if err != nil {
			return err
		}
		drawn := picture.Picture{Hash: strings.Repeat("0", 64), PNG: []byte("png")}
		s.content = badges.Content{Name: "Badge", Description: "x", Language: "en", Picture: badges.PictureHash(drawn.Hash), Issuer: issuer}
		return tx.SavePicture(t.Context(), drawn)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// newBadge switches on a badge with a rule that some learners meet.
func (s *stormy) newBadge(t *testing.T) badges.Badge {
	t.Helper()
	percent := func() float64 { return float64(20 + 10*s.random.IntN(8)) }
	conditions := []badges.Rule{
		{Kind: badges.CourseCompleted},
		{Kind: badges.ActivityCompleted, Activity: "3", Name: "Quiz"},
		{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz", Percent: percent()},
		{Kind: badges.CourseGrade, Percent: percent()},
		{Kind: badges.ActivityPassed, Activity: "3", Name: "Quiz"},
	}
	s.random.Shuffle(len(conditions), func(i, j int) { conditions[i], conditions[j] = conditions[j], conditions[i] })
	content := s.content
	content.Rule = badges.Rule{Kind: []badges.RuleKind{badges.All, badges.Any}[s.random.IntN(2)], Of: conditions[:1+s.random.IntN(3)]}
	var badge badges.Badge
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

// sync reads the course once, even if it is not due.
func (s *stormy) sync(t *testing.T, syncer *jobs.Syncer, cause badges.SyncCause) badges.SyncRun {
	t.Helper()
	err := s.store.Tx(t.Context(), func(tx *store.Tx) error { return tx.RequestSync(t.Context(), s.course, cause) })
	if err != nil {
		t.Fatal(err)
	}
	leased, err := s.store.LeaseCourse(t.Context(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	syncer.Sync(t.Context(), leased)
	course, err := s.store.Course(t.Context(), s.course)
	if err != nil || course.Sync.Last == nil {
		t.Fatalf("no run was recorded: %v", err)
	}
	return *course.Sync.Last
}

// earners returns the learners who meet the badge's rule by the present data of
// the campus.
func (s *stormy) earners(t *testing.T, badge badges.Badge) []badges.UserID {
	t.Helper()
	reading, err := s.calm.Read(t.Context(), s.course, badge.Current.Rule.Subjects())
	if err != nil {
		t.Fatal(err)
	}
	var users []badges.UserID
	for _, m := range reading.Members {
		o := badges.Case{Badge: &badge, Member: m, Evidence: reading.Findings[m.User]}.Outlook(time.Now())
		if o.Standing == badges.Earns {
			users = append(users, m.User)
		}
	}
	slices.Sort(users)
	return users
}

func (s *stormy) holders(t *testing.T, badge badges.Badge) []badges.UserID {
	t.Helper()
	assertions, err := s.store.AssertionsOfBadge(t.Context(), s.course, badge.ID)
	if err != nil {
		t.Fatal(err)
	}
	users := make([]badges.UserID, len(assertions))
	for i, a := range assertions {
		users[i] = a.User
	}
	slices.Sort(users)
	return users
}

// TestFaultyRuns reads a course a hundred times on each of two campuses, or of
// twenty in a long run, while calls hang, are refused, are interrupted, lose learners
// between pages or return grades that change. In these storms nobody may get a badge
// that they have not earned. When it is calm again, everybody who earned the badge
// must have it once.
func TestFaultyRuns(t *testing.T) {
	for seed := range testlength.Choose[uint64](1, 2, 20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := newStorm(t, seed)
			failed, runs := 0, 0
			for runs < 100 {
				badge := s.newBadge(t)
				for i := range 3 {
					s.campus.SetFaults(s.weather(seed<<32 + uint64(runs)))
					if s.sync(t, s.syncer, []badges.SyncCause{badges.ByTeacher, badges.BySchedule}[i%2]).Problem != "" {
						failed++
					}
					runs++
				}
				s.campus.SetFaults(campus.Faults{})
				if run := s.sync(t, s.patient, badges.ByTeacher); run.Problem != "" {
					t.Errorf("in calm weather the run fails: %s %s", run.Problem, run.Detail)
				}
				runs++
				s.check(t, badge)
				err := s.store.Tx(t.Context(), func(tx *store.Tx) error {
					return tx.SwitchBadge(t.Context(), s.course, badge.ID, badges.Off, "3")
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if failed == 0 || failed == runs {
				t.Errorf("%d of %d runs failed: that is no storm", failed, runs)
			}
		})
	}
}

// weather returns the faults of a run.
func (s *stormy) weather(seed uint64) campus.Faults {
	rate := func() campus.Rate {
		if s.random.IntN(3) > 0 {
			return campus.Rate{}
		}
		return campus.Rate{Chance: 0.15 * s.random.Float64()}
	}
	f := campus.Faults{Seed: seed, Busy: rate(), CutShort: rate(), RosterSlips: rate(), GradesMove: rate(), OtherCourse: rate()}
	if s.random.IntN(20) == 0 {
		f.Hangs = campus.Rate{Chance: 0.03}
	}
	return f
}

// check compares the learners who have a badge with those who earned it. Grades
// only ever rise, so a learner who was awarded the badge in a storm without
// earning it is found here.
func (s *stormy) check(t *testing.T, badge badges.Badge) {
	t.Helper()
	earned, held := s.earners(t, badge), s.holders(t, badge)
	for i, u := range held {
		if !slices.Contains(earned, u) {
			t.Errorf("%s holds the badge without having earned it", u)
		}
		if i > 0 && held[i-1] == u {
			t.Errorf("%s holds the badge twice", u)
		}
	}
	for _, u := range earned {
		if !slices.Contains(held, u) {
			t.Errorf("%s earned the badge and does not hold it", u)
		}
	}
}
