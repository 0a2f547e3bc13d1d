package evidence_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
)

const (
	zoe  = badges.UserID("6")  // completed the course
	nora = badges.UserID("11") // did nothing
	quiz = "3"
)

var (
	course    = badges.CourseKey{Platform: "one", Context: "2"}
	completed = badges.Subject{Kind: badges.CourseCompleted}
	quizDone  = badges.Subject{Kind: badges.ActivityCompleted, ID: quiz}
	quizGrade = badges.Subject{Kind: badges.ActivityGrade, ID: quiz}
	all       = []badges.Subject{completed, quizDone, quizGrade, quizGrade}
)

// service is the web service of every platform.
type service badges.Service

func (s service) Service(context.Context, badges.PlatformID) (badges.Service, error) {
	return badges.Service(s), nil
}

// newReader returns a reader of a new campus.
func newReader(t *testing.T) (*evidence.Reader, *campus.Campus) {
	t.Helper()
	return newReaderOf(t, campus.Config{})
}

// newReaderOf returns a reader of a campus with the configuration.
func newReaderOf(t *testing.T, cfg campus.Config) (*evidence.Reader, *campus.Campus) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	cfg.BaseURL, cfg.Now, cfg.Rand, cfg.Client, cfg.Log = url, time.Now, rand.Reader, http.DefaultClient, slog.New(slog.DiscardHandler)
	cfg.ToolURL = func() string { return "" }
	c, err := campus.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = c.Handler()
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	sites := evidence.NewSites(service{URL: url, Token: badges.Secret(c.Token())}, moodle.Config{HTTP: http.DefaultClient})
	return evidence.NewReader(sites, nil, fakeStore{"b": {zoe: {Since: since}}}), c
}

// since is when Zoë was awarded the badge "b".
var since = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// fakeStore contains no LTI services. It contains the learners who have each badge.
type fakeStore map[badges.BadgeID]map[badges.UserID]badges.Tenure

func (fakeStore) Registration(context.Context, lti.RegistrationID) (lti.Registration, error) {
	return lti.Registration{}, nil
}

func (fakeStore) Services(context.Context, badges.CourseKey) (lti.Services, error) {
	return lti.Services{}, nil
}

func (m fakeStore) HoldersSince(_ context.Context, _ badges.PlatformID, badge badges.BadgeID) (map[badges.UserID]badges.Tenure, error) {
	return m[badge], nil
}

func TestRead(t *testing.T) {
	reader, _ := newReader(t)
	got, err := reader.Read(t.Context(), course, all)
	if err != nil {
		t.Fatal(err)
	}
	if o := got.Findings[zoe][completed]; !o.Read || !o.Done || o.At.IsZero() || o.Source == "" {
		t.Errorf("Zoë's course completion = %+v, want done, with time and source", o)
	}
	if o := got.Findings[zoe][quizDone]; !o.Read || !o.Done {
		t.Errorf("Zoë's quiz = %+v, want done", o)
	}
	if o := got.Findings[zoe][quizGrade]; !o.Read || o.Grade == nil || *o.Grade != (badges.Grade{Raw: 18.5, Max: 20}) {
		t.Errorf("Zoë's grade = %+v, want 18.5 of 20", o)
	}
	for _, s := range all {
		if o := got.Findings[nora][s]; !o.Read || o.Done || o.Grade != nil {
			t.Errorf("Nora's %v = %+v, want a known observation without a result", s, o)
		}
	}
	if got.Findings.Unreadable() != 0 {
		t.Errorf("unreadable = %v, want nobody", got.Findings.Unreadable())
	}
	for _, m := range got.Members {
		_, read := got.Findings[m.User]
		if want := m.Active && !m.Teaches; read != want {
			t.Errorf("evidence of %s read = %v; active = %v, teaches = %v", m.Name, read, m.Active, m.Teaches)
		}
	}
	if !slices.ContainsFunc(got.Members, func(m badges.Member) bool { return m.Teaches }) || !slices.ContainsFunc(got.Members, func(m badges.Member) bool { return !m.Active }) {
		t.Error("the course has a teacher and a suspended learner")
	}
}

// TestReadUnknown removes permissions of Insigne: an observation that cannot be read is
// unknown, with the reason, and never "not met".
func TestReadUnknown(t *testing.T) {
	for name, tt := range map[string]struct {
		faults  campus.Faults
		subject badges.Subject
		why     string
	}{
		"quizzes hidden":       {campus.Faults{WithoutCapability: []string{"mod/quiz:view"}}, quizDone, "unknown.activity_hidden"},
		"hidden quiz's grade":  {campus.Faults{}, badges.Subject{Kind: badges.ActivityGrade, ID: "999"}, "unknown.grade_unreadable"},
		"activity that is not": {campus.Faults{}, badges.Subject{Kind: badges.ActivityCompleted, ID: "999"}, "unknown.activity_hidden"},
	} {
		t.Run(name, func(t *testing.T) {
			reader, c := newReader(t)
			c.SetFaults(tt.faults)
			got, err := reader.Read(t.Context(), course, []badges.Subject{tt.subject})
			if err != nil {
				t.Fatal(err)
			}
			if o := got.Findings[zoe][tt.subject]; o.Read || o.Why != tt.why {
				t.Errorf("observation = %+v, want unknown because of %s", o, tt.why)
			}
			if got.Findings.Unreadable() == 0 {
				t.Error("nobody counts as unreadable")
			}
		})
	}
}

// If the whole site fails, Read returns an error with Moodle's reason and no evidence.
func TestReadFails(t *testing.T) {
	for name, tt := range map[string]struct {
		faults campus.Faults
		want   moodle.Reason
	}{
		"token revoked": {campus.Faults{TokenRevoked: true}, moodle.TokenInvalid},
		"no function":   {campus.Faults{WithoutFunction: []string{"gradereport_user_get_grade_items"}}, moodle.FunctionMissing},
		"maintenance":   {campus.Faults{Maintenance: true}, moodle.Maintenance},
		"a web page":    {campus.Faults{HTML: true}, moodle.NotJSON},
		"no right":      {campus.Faults{WithoutCapability: []string{"moodle/grade:viewall"}}, moodle.CapabilityMissing},
	} {
		t.Run(name, func(t *testing.T) {
			reader, c := newReader(t)
			c.SetFaults(tt.faults)
			got, err := reader.Read(t.Context(), course, all)
			if moodle.ReasonOf(err) != tt.want || got.Findings != nil {
				t.Errorf("Read = %v, %v; want %s", got.Findings, err, tt.want)
			}
		})
	}
}

func TestActivities(t *testing.T) {
	reader, _ := newReader(t)
	outline, err := reader.Outline(t.Context(), course)
	if err != nil {
		t.Fatal(err)
	}
	got := outline.Activities
	i := slices.IndexFunc(got, func(a badges.Activity) bool { return a.ID == quiz })
	if i < 0 || !got[i].Graded || !got[i].Completion || got[i].Module != "quiz" || got[i].Section == "" {
		t.Errorf("activities = %+v, want the quiz among them", got)
	}
}

// A platform has one client, which keeps its limit of calls, until the administrator
// changes the token.
func TestSites(t *testing.T) {
	current := service{URL: "https://moodle.example", Token: "one"}
	sites := evidence.NewSites(&current, moodle.Config{HTTP: http.DefaultClient})
	first, err := sites.Client(t.Context(), "p")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := sites.Client(t.Context(), "p"); err != nil || again != first {
		t.Errorf("a second client is made, %v", err)
	}
	if other, err := sites.Client(t.Context(), "q"); err != nil || other == first {
		t.Errorf("two platforms share a client, %v", err)
	}
	current.Token = "two"
	if changed, err := sites.Client(t.Context(), "p"); err != nil || changed == first {
		t.Errorf("the old token stays in use, %v", err)
	}
	current = service{}
	if _, err := sites.Client(t.Context(), "p"); !fault.Is(err, fault.Conflict) {
		t.Errorf("without web services set: %v, want a conflict", err)
	}
}
