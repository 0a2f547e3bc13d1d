package moodle_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/moodle"
)

// breakerClient is a client with a clock that the test moves and a network whose
// answers the test decides.
type breakerClient struct {
	*moodle.Client
	now    time.Time
	calls  int
	answer func() (*http.Response, error)
	pauses []time.Duration
}

func newBreakerClient(t *testing.T) *breakerClient {
	t.Helper()
	p := &breakerClient{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	p.Client = newClient(t, moodle.Config{
		BaseURL: "https://moodle.example.org", Failures: 3, Rest: time.Minute, MaxRest: 3 * time.Minute,
		Now:    func() time.Time { return p.now },
		Random: func() float64 { return 0.25 },
		Sleep: func(ctx context.Context, d time.Duration) error {
			p.pauses = append(p.pauses, d)
			return ctx.Err()
		},
		HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
			p.calls++
			return p.answer()
		})},
	})
	return p
}

func (p *breakerClient) replies(status int, body string) {
	p.answer = func() (*http.Response, error) { return respond(status, body), nil }
}

// ask makes one call and returns its error.
func (p *breakerClient) ask(t *testing.T) *moodle.Error {
	t.Helper()
	_, err := p.Grades(t.Context(), "2")
	e, _ := errors.AsType[*moodle.Error](err)
	return e
}

// asks makes n calls that must reach the site.
func (p *breakerClient) asks(t *testing.T, n int) {
	t.Helper()
	before := p.calls
	for range n {
		_ = p.ask(t) // only that it was sent matters
	}
	if p.calls != before+n {
		t.Fatalf("%d calls reached the site, want %d", p.calls-before, n)
	}
}

// rests makes one call that must not reach the site.
func (p *breakerClient) rests(t *testing.T, left time.Duration) {
	t.Helper()
	before := p.calls
	e := p.ask(t)
	if p.calls != before || e == nil || e.Reason != moodle.SiteResting || e.RetryAfter != left || e.Function != fnGrades {
		t.Fatalf("%d calls, %+v; want SiteResting for %v", p.calls-before, e, left)
	}
}

const noGrades = `{"usergrades":[]}`

func TestFailingSiteRests(t *testing.T) {
	p := newBreakerClient(t)
	p.replies(500, "oops")
	p.asks(t, 3)
	p.rests(t, time.Minute)
	p.now = p.now.Add(45 * time.Second)
	p.rests(t, 15*time.Second)

	p.now = p.now.Add(15 * time.Second)
	p.asks(t, 1) // the probe fails: the pause doubles
	p.rests(t, 2*time.Minute)
	p.now = p.now.Add(2 * time.Minute)
	p.asks(t, 1)
	p.rests(t, 3*time.Minute) // the maximum

	p.now = p.now.Add(3 * time.Minute)
	p.replies(200, noGrades)
	p.asks(t, 5) // the probe succeeds, and calls are sent again
	p.replies(500, "oops")
	p.asks(t, 3)
	p.rests(t, time.Minute)
}

// The pause is as long as the site asks for, even beyond the maximum.
func TestRetryAfterIsHonoured(t *testing.T) {
	status, _ := recordedCase(t, "maintenance-cli", "web_service")(nil)
	tests := map[string]struct {
		header      string
		first, next time.Duration // pauses
	}{
		"as Moodle says": {"300", 5 * time.Minute, 5 * time.Minute},
		"shorter":        {"10", time.Minute, 2 * time.Minute},
		"a date":         {"Mon, 23 Nov 2026 09:10:00 GMT", 10 * time.Minute, 2 * time.Minute},
		"a date gone by": {"Mon, 23 Nov 2026 08:10:00 GMT", time.Minute, 2 * time.Minute},
		"two days":       {"172800", time.Hour, time.Hour},
		"no number":      {"soon", time.Minute, 2 * time.Minute},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newBreakerClient(t)
			p.answer = func() (*http.Response, error) {
				resp := respond(status, "<html>maintenance</html>")
				resp.Header.Set("Retry-After", tt.header)
				return resp, nil
			}
			p.asks(t, 3)
			p.rests(t, tt.first)
			p.now = p.now.Add(tt.first)
			p.asks(t, 1)
			p.rests(t, tt.next)
		})
	}
}

func TestFailuresOfTheSite(t *testing.T) {
	_, closed := recorded(t, "ws-error-maintenance")(nil)
	_, token := recorded(t, "ws-error-invalid-token")(nil)
	_, course := recorded(t, "ws-error-no-such-course")(nil)
	_, learner := recorded(t, "ws-error-no-such-user")(nil)
	tests := map[string]struct {
		status int
		body   string
		rests  bool
	}{
		"broken server":     {502, "", true},
		"maintenance page":  {503, "", true},
		"maintenance":       {200, string(closed), true},
		"too many calls":    {429, "", true},
		"token revoked":     {200, string(token), false},
		"unknown course":    {200, string(course), false},
		"unknown learner":   {200, string(learner), false},
		"web page":          {200, "<html>", false},
		"services off":      {403, "", false},
		"address redirects": {302, "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newBreakerClient(t)
			p.replies(tt.status, tt.body)
			p.asks(t, 3)
			e := p.ask(t)
			if rests := e.Reason == moodle.SiteResting; rests != tt.rests {
				t.Errorf("%v; want resting %v", e, tt.rests)
			}
		})
	}
}

// Only failures in a row count.
func TestAnswerForgetsFailures(t *testing.T) {
	p := newBreakerClient(t)
	for range 4 {
		p.replies(500, "")
		p.asks(t, 2)
		p.replies(200, noGrades)
		p.asks(t, 1)
	}
}

func TestSecondTry(t *testing.T) {
	p := newBreakerClient(t)
	p.answer = func() (*http.Response, error) { return nil, errors.New("connection reset by peer") }
	if e := p.ask(t); e.Reason != moodle.Unreachable || p.calls != 2 {
		t.Fatalf("%d calls, %v; want two and Unreachable", p.calls, e)
	}
	if len(p.pauses) != 1 || p.pauses[0] != 750*time.Millisecond {
		t.Errorf("pauses %v, want one of 750 ms", p.pauses)
	}
	// The third failure begins the rest, so there is no fourth try. The error is that of
	// the call, not SiteResting.
	if e := p.ask(t); e.Reason != moodle.Unreachable || p.calls != 3 {
		t.Errorf("%d calls, %v; want three and Unreachable", p.calls, e)
	}
	p.rests(t, time.Minute)
}

// If the caller gives up, the call says nothing about the site. The next call probes.
func TestCallerGivesUpProbe(t *testing.T) {
	p := newBreakerClient(t)
	p.replies(500, "")
	p.asks(t, 3)
	p.now = p.now.Add(time.Minute)

	ctx, cancel := context.WithCancel(t.Context())
	p.answer = func() (*http.Response, error) { cancel(); return nil, ctx.Err() }
	if _, err := p.Grades(ctx, "2"); moodle.ReasonOf(err) != moodle.Interrupted {
		t.Fatalf("%v, want Interrupted", err)
	}
	p.replies(200, noGrades)
	p.asks(t, 2)
}

// While a probe runs, no other call reaches the site.
func TestOneProbe(t *testing.T) {
	p := newBreakerClient(t)
	p.replies(500, "")
	p.asks(t, 3)
	p.now = p.now.Add(time.Minute)

	probes := 0
	p.answer = func() (*http.Response, error) {
		probes++
		_, err := p.Grades(context.WithoutCancel(t.Context()), "2")
		if moodle.ReasonOf(err) != moodle.SiteResting {
			t.Errorf("beside the probe: %v, want SiteResting", err)
		}
		return respond(200, noGrades), nil
	}
	if e := p.ask(t); e != nil || probes != 1 {
		t.Errorf("%d probes, %v; want one that succeeds", probes, e)
	}
}
