package e2e_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/jobs"
)

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
	url     string              // of Insigne
	handler func() http.Handler // of App, made once
}

func newHarness(d *app.Demo) *demo {
	return &demo{Demo: d, url: d.Config.BaseURL, handler: sync.OnceValue(d.App.Handler)}
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

// localhost as the Addr of a DemoConfig puts Insigne on another site than the
// campus, which is on 127.0.0.1.
const localhost = "localhost"

// newDemoIn fills in what is the same for every test.
func newDemoIn(t testing.TB, faults campus.Faults, cfg app.DemoConfig) *demo {
	t.Helper()
	cfg.Dir, cfg.Secret, cfg.CampusKey, cfg.Out = t.TempDir(), testSecret(t), campusKey(t), t.Output()
	copyDatabase(t, filepath.Join(cfg.Dir, "insigne.db"))
	if cfg.Pace == (jobs.Pace{}) {
		cfg.Pace = quickPace()
	}
	onLocalhost := cfg.Addr == localhost
	var d *demo
	for attempt := 1; ; attempt++ { // another test may take a free port first
		cfg.Addr, cfg.CampusAddr = freeAddress(t), freeAddress(t)
		if onLocalhost {
			cfg.Addr = strings.Replace(cfg.Addr, "127.0.0.1", "localhost", 1)
		}
		made, err := app.NewDemo(t.Context(), cfg)
		if err == nil {
			d = newHarness(made)
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
	must(t, err)
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
	must(t, err)
	defer func() { _ = l.Close() }() // the demo takes the port over
	return l.Addr().String()
}

// eventually waits for something that background work brings about.
func eventually(t testing.TB, what string, happened func() bool) {
	t.Helper()
	within(t, 90*time.Second, what, happened)
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

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// runningDemo is a demo whose first mail has arrived.
func runningDemo(t *testing.T) *demo {
	t.Helper()
	d := newDemo(t, campus.Faults{})
	d.start(t)
	eventually(t, "the first mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	return d
}

// seededDemo is a demo whose background work never begins: nothing changes but
// by what a test does.
func seededDemo(t *testing.T) *demo {
	t.Helper()
	d := newDemo(t, campus.Faults{})
	serveCampus(t, d)
	must(t, d.Seed(t.Context()))
	d.serveWeb(t)
	return d
}
