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

// The people of the campus, and the quiz that the demo's badge asks for.
const (
	sinead      = 7
	sineadsMail = "sinead@example.org"
	zoesMail    = "zoe@example.org"
	quiz        = campus.QuizCMID
)

// demo is a demo with what tests need.
type demo struct {
	*app.Demo
	url     string              // address of Insigne
	handler func() http.Handler // of App, made once
}

func newHarness(d *app.Demo) *demo {
	return &demo{Demo: d, url: d.Config.BaseURL, handler: sync.OnceValue(d.App.Handler)}
}

// quickPace returns a pace with short pauses, so that tests see a recovery soon.
func quickPace() jobs.Pace {
	return jobs.Pace{Poll: 100 * time.Millisecond, Interval: 500 * time.Millisecond, Longest: 500 * time.Millisecond, MaxPause: time.Second, Rest: 100 * time.Millisecond}
}

// newDemo returns a demo on free ports whose campus has faults from the start.
func newDemo(t testing.TB, faults campus.Faults) *demo {
	t.Helper()
	return newLoggedDemo(t, faults, slog.New(slog.NewTextHandler(t.Output(), nil)))
}

func newLoggedDemo(t testing.TB, faults campus.Faults, log *slog.Logger) *demo {
	t.Helper()
	return newDemoIn(t, faults, app.DemoConfig{Log: log})
}

// localhost as the Addr of a DemoConfig makes Insigne another site than the campus,
// which is on 127.0.0.1.
const localhost = "localhost"

// newDemoIn returns a demo with cfg and what is the same for every test.
func newDemoIn(t testing.TB, faults campus.Faults, cfg app.DemoConfig) *demo {
	t.Helper()
	cfg.Dir, cfg.Secret, cfg.CampusKey, cfg.Out = t.TempDir(), testSecret(t), campusKey(t), t.Output()
	cfg.MakeKey = sharedKeys()
	copyDatabase(t, filepath.Join(cfg.Dir, "insigne.db"))
	if cfg.Pace == (jobs.Pace{}) {
		cfg.Pace = quickPace()
	}
	onLocalhost := cfg.Addr == localhost
	var d *demo
	for attempt := 1; ; attempt++ { // another test may take a free port before us
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
		http.DefaultClient.CloseIdleConnections() // a connection that was never used delays the end of a server by five seconds
		if err := <-ended; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { _ = l.Close() }() // the demo will use the port
	return l.Addr().String()
}

// eventually waits for a result of the background work.
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

// runningDemo returns a running demo whose first mail has arrived.
func runningDemo(t *testing.T) *demo {
	t.Helper()
	d := newDemo(t, campus.Faults{})
	d.start(t)
	eventually(t, "the first mail", func() bool { return d.mailsTo(zoesMail) == 1 })
	return d
}

// seededDemo returns a demo without background work. Only the test itself changes
// something.
func seededDemo(t *testing.T) *demo {
	t.Helper()
	d := newDemo(t, campus.Faults{})
	serveCampus(t, d)
	must(t, d.Seed(t.Context()))
	d.serveWeb(t)
	return d
}
