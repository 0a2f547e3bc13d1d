package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/templates"
)

// asCommand makes the test binary behave as the command, so that a test can
// kill a process of its own.
const asCommand = "INSIGNE_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// The campus's people and the quiz that the demo's badge asks for.
const (
	sinead      = 7
	sineadsMail = "sinead@example.org"
	zoesMail    = "zoe@example.org"
	quiz        = campus.QuizCMID
)

// demo is a demo of a test.
type demo struct {
	*app.Demo
	url string // of Insigne
}

func (d *demo) present() time.Time {
	if d.Config.Now == nil {
		return time.Now()
	}
	return d.Config.Now()
}

// quickPace tries again soon, so that a test sees the recovery.
func quickPace() jobs.Pace {
	return jobs.Pace{Poll: 50 * time.Millisecond, Interval: 200 * time.Millisecond, Longest: 200 * time.Millisecond, MaxPause: time.Second, Rest: 100 * time.Millisecond}
}

// newDemo prepares a demo on free ports, with faults from the first moment.
func newDemo(t testing.TB, faults campus.Faults) *demo {
	t.Helper()
	return newLoggedDemo(t, faults, slog.New(slog.NewTextHandler(t.Output(), nil)))
}

func newLoggedDemo(t testing.TB, faults campus.Faults, log *slog.Logger) *demo {
	t.Helper()
	return newDemoIn(t, faults, app.DemoConfig{Log: log})
}

// newDemoIn fills in what is the same for every test.
func newDemoIn(t testing.TB, faults campus.Faults, cfg app.DemoConfig) *demo {
	t.Helper()
	cfg.Dir, cfg.Secret, cfg.Pace, cfg.Out = t.TempDir(), testSecret(t), quickPace(), t.Output()
	var d *demo
	for attempt := 1; ; attempt++ { // another test may take a free port first
		cfg.Addr, cfg.CampusAddr = freeAddress(t), freeAddress(t)
		made, err := app.NewDemo(t.Context(), cfg)
		if err == nil {
			d = &demo{Demo: made, url: made.Config.BaseURL}
			break
		}
		if !errors.Is(err, syscall.EADDRINUSE) || attempt == 5 {
			t.Fatal(err)
		}
	}
	d.Campus.SetFaults(faults)
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// secretKey is the operator's secret of every installation of the tests.
const secretKey = "only for tests: forty-eight characters and some."

func testSecret(t testing.TB) *secret.Secret {
	t.Helper()
	s, err := secret.New([]byte(secretKey), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start runs the demo until the test ends.
func (d *demo) start(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		http.DefaultClient.CloseIdleConnections() // a connection never used holds a server up for five seconds
		if err := <-ended; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // the demo takes the port over
	return l.Addr().String()
}

// eventually waits for something that background work brings about.
func eventually(t testing.TB, what string, happened func() bool) {
	t.Helper()
	within(t, 40*time.Second, what, happened)
}

func within(t testing.TB, patience time.Duration, what string, happened func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		if happened() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("never happened: %s", what)
}

// claimPath is the path of the link in the mail to somebody.
func (d *demo) claimPath(t *testing.T, address string) string {
	t.Helper()
	for _, m := range d.Campus.Inbox() {
		if m.To == address {
			u, err := url.Parse(m.Links[0])
			if err != nil {
				t.Fatal(err)
			}
			return u.Path
		}
	}
	t.Fatalf("no mail to %s", address)
	return ""
}

func (d *demo) mailsTo(address string) int {
	n := 0
	for _, m := range d.Campus.Inbox() {
		if m.To == address {
			n++
		}
	}
	return n
}

// course returns the seeded course with its last run; false before it exists.
func (d *demo) course(t *testing.T) (badges.Course, bool) {
	t.Helper()
	platforms, err := d.App.Store().Platforms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range platforms {
		courses, err := d.App.Store().Courses(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(courses) > 0 {
			return courses[0], true
		}
	}
	return badges.Course{}, false
}

// problem is the catalogue key of what the last run failed on.
func (d *demo) problem(t *testing.T) string {
	t.Helper()
	if c, ok := d.course(t); ok && c.Sync.Last != nil {
		return c.Sync.Last.Problem
	}
	return ""
}

func (d *demo) assertions(t *testing.T, user badges.UserID) []badges.Assertion {
	t.Helper()
	course, ok := d.course(t)
	if !ok {
		return nil
	}
	list, err := d.App.Store().AssertionsOf(t.Context(), course.CourseKey, user)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestSiteFailsAndRecovers breaks the LMS in one way after another while a
// learner earns a badge. Each failure is named for the people who can act, no
// award is made on what could not be read, and each time the award and the
// notice follow by themselves once the site is back.
func TestSiteFailsAndRecovers(t *testing.T) {
	pages, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := newDemo(t, campus.Faults{})
	d.start(t)
	eventually(t, "the first mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	for _, tt := range []struct {
		name    string
		faults  campus.Faults
		problem string
	}{
		{"token revoked", campus.Faults{TokenRevoked: true}, moodle.TokenInvalid.Key()},
		{"page instead of JSON", campus.Faults{HTML: true}, moodle.NotJSON.Key()},
		{"server error", campus.Faults{ServerError: true}, moodle.ServerFailed.Key()},
		{"maintenance", campus.Faults{Maintenance: true, RetryAfter: time.Second}, moodle.Maintenance.Key()},
		{"maintenance page of the site", campus.Faults{SiteMaintenance: true}, moodle.Maintenance.Key()},
		{"function missing", campus.Faults{WithoutFunction: []string{"gradereport_user_get_grade_items"}}, moodle.FunctionMissing.Key()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d.Campus.SetFaults(tt.faults)
			eventually(t, tt.problem, func() bool { return d.problem(t) == tt.problem })
			for _, lang := range []string{"en", "fr"} {
				if text := pages.Locale(lang).T(tt.problem, map[string]any{"detail": ""}); text == tt.problem || text == "" {
					t.Errorf("%s says nothing in %s", tt.problem, lang)
				}
			}
			d.Campus.SetFaults(campus.Faults{})
			eventually(t, "a reading without problem", func() bool { return d.problem(t) == "" })
		})
	}
	d.Campus.SetFaults(campus.Faults{TokenRevoked: true})
	eventually(t, "a failed reading", func() bool { return d.problem(t) != "" })
	enough := 85.0
	if err := d.Campus.SetGrade(sinead, quiz, &enough); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * quickPace().MaxPause) // at least one more failed run
	if got := d.assertions(t, "7"); len(got) != 0 {
		t.Fatalf("awarded while the site could not be read: %v", got)
	}
	d.Campus.SetFaults(campus.Faults{})
	eventually(t, "Sinéad's mail", func() bool { return d.mailsTo(sineadsMail) == 1 })
	eventually(t, "Sinéad's message", func() bool { return len(d.Campus.Messages(sinead)) == 1 })
	if got := d.assertions(t, "7"); len(got) != 1 || got[0].State != badges.Pending {
		t.Errorf("assertions = %v, want one pending", got)
	}
}

// TestActivityDeleted takes away the quiz that a rule asks about: nobody is
// awarded on a guess, and the run says how many learners stayed unknown.
func TestActivityDeleted(t *testing.T) {
	d := newDemo(t, campus.Faults{})
	d.start(t)
	eventually(t, "the first mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	d.Campus.DeleteActivity(quiz)
	eventually(t, "learners that stay unknown", func() bool {
		c, ok := d.course(t)
		return ok && c.Sync.Last != nil && c.Sync.Last.Problem == "" && c.Sync.Last.Unreadable > 0
	})
	if err := d.Campus.SetCourseCompleted(sinead, true); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // several runs
	if got := d.assertions(t, "7"); len(got) != 0 {
		t.Errorf("awarded without the deleted quiz: %v", got)
	}
	if got := d.assertions(t, "6"); len(got) != 1 || got[0].State != badges.Pending {
		t.Errorf("Zoë's badge = %v, want it kept", got)
	}
	v := d.visitor()
	session := v.launch(t, 3)
	badge := session + "/badges/" + string(d.seededBadge(t).ID)
	const gone = "n’est plus dans ce cours"
	for _, path := range []string{badge + "/preview", badge + "/edit"} {
		if w := v.get(t, path); w.Code != http.StatusOK || !strings.Contains(said(w), gone) {
			t.Errorf("the teacher reads on %s, %d: %s", path, w.Code, said(w))
		}
	}
	form := url.Values{
		"csrf": {v.csrf(t, badge+"/edit")}, "name": {"x"}, "description": {"x"}, "match": {"all"}, "picture": {string(d.seededBadge(t).Current.Picture)},
		"issuer": {string(d.seededBadge(t).Current.Issuer)}, "node": {"condition:1"}, "condition": {fmt.Sprintf("activity_grade:%d", quiz)}, "percent": {"50"},
	}
	if w := v.post(t, badge+"/edit", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(said(w), gone) {
		t.Errorf("saving a rule on the deleted quiz is answered %d: %s", w.Code, said(w))
	}
}

// TestMailServerDown keeps the award and its notice until the mail server is
// back, then sends it once.
func TestMailServerDown(t *testing.T) {
	d := newDemo(t, campus.Faults{MailDown: true})
	d.start(t)
	var award []badges.Assertion
	eventually(t, "the award", func() bool { award = d.assertions(t, "6"); return len(award) == 1 })
	eventually(t, "a failed notice with its reason", func() bool {
		n, err := d.App.Store().Notice(t.Context(), badges.SendNotice{Assertion: award[0].ID, Channel: badges.ByMail})
		return err == nil && n.Attempts > 0 && strings.HasPrefix(n.Problem, "mail.")
	})
	d.Campus.SetFaults(campus.Faults{})
	eventually(t, "the mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	time.Sleep(2 * time.Second)
	if n := d.mailsTo(zoesMail); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
}

// TestKilledBetweenAwardAndNotice kills the service, as kill -9 does, after it
// wrote the award and before it could tell the learner. A new process tells
// her, once.
func TestKilledBetweenAwardAndNotice(t *testing.T) {
	d := newDemo(t, campus.Faults{MailDown: true})
	serveCampus(t, d)
	if err := d.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Web.Close(); err != nil {
		t.Fatal(err)
	}
	var award []badges.Assertion
	_, killed := d.serve(t)
	eventually(t, "the award", func() bool { award = d.assertions(t, "6"); return len(award) == 1 })
	killed()
	n, err := d.App.Store().Notice(t.Context(), badges.SendNotice{Assertion: award[0].ID, Channel: badges.ByMail})
	if err != nil || !n.SentAt.IsZero() || d.mailsTo(zoesMail) != 0 {
		t.Fatalf("notice = %+v, %v; want it written and not sent", n, err)
	}
	d.Campus.SetFaults(campus.Faults{})
	d.serve(t)
	// A job whose process was killed at work is tried again after half a minute.
	within(t, 2*time.Minute, "the mail", func() bool { return d.mailsTo(zoesMail) > 0 })
	time.Sleep(2 * time.Second)
	if n := d.mailsTo(zoesMail); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
	if got := d.assertions(t, "6"); len(got) != 1 {
		t.Errorf("%d assertions, want 1", len(got))
	}
}

// serveCampus runs the campus alone.
func serveCampus(t testing.TB, d *demo) {
	t.Helper()
	serveCampusBehind(t, d, d.Campus.Handler())
}

// serveCampusBehind runs the campus behind what sees its requests first.
func serveCampusBehind(t testing.TB, d *demo, handler http.Handler) {
	t.Helper()
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Second}
	var running sync.WaitGroup // both servers end by being closed
	running.Go(func() { _ = server.Serve(d.CampusWeb) })
	running.Go(func() { _ = d.Campus.ServeSMTP(d.Mail) })
	t.Cleanup(func() {
		_ = server.Close() // only listeners that are closed already can fail
		if err := d.Campus.Close(); err != nil {
			t.Error(err)
		}
		running.Wait()
	})
}

// serve starts "insigne serve" as a process of its own on the demo's database
// and returns its id and what kills it; the end of the test does it too.
func (d *demo) serve(t testing.TB) (pid int, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve")
	cmd.Env = append(os.Environ(), asCommand+"=1",
		"INSIGNE_BASE_URL="+d.Config.BaseURL, "INSIGNE_LISTEN="+strings.TrimPrefix(d.Config.BaseURL, "http://"),
		"INSIGNE_DATABASE_URL="+d.Config.DatabaseURL, "INSIGNE_SECRET_KEY="+secretKey,
		"INSIGNE_SMTP_URL="+d.Config.SMTPURL, "INSIGNE_MAIL_FROM="+d.Config.MailFrom, "INSIGNE_ALLOWED_NETWORKS=127.0.0.0/8")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	dead := false
	kill = func() {
		if dead {
			return
		}
		dead = true
		_ = cmd.Process.Kill() // already gone is as good
		_ = cmd.Wait()         // it was killed: that is the error
		if t.Failed() {
			t.Logf("the service said:\n%s", &output)
		}
	}
	t.Cleanup(kill)
	return cmd.Process.Pid, kill
}
