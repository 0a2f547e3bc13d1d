package moodle

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config configures a Client. HTTP decides which networks can be reached; the client
// never follows its redirects.
type Config struct {
	BaseURL  string        // the site's wwwroot, for example https://moodle.example.org or https://example.org/moodle
	Token    string        // web-service token
	HTTP     *http.Client  // required
	Timeout  time.Duration // of one call; 0 means one minute, because the grades of 500 learners take ten seconds
	MaxBody  int64         // bytes of one answer; 0 means 64 MiB
	Parallel int           // calls to the site at the same time; 0 means 3

	// After this many failures in a row the client sends no calls for a while: first for
	// Rest, then twice as long each time, at most for MaxRest. If the site's Retry-After
	// asks for more, the pause is longer, up to an hour. After the pause, one call
	// checks whether the site works again. 0 means 5 failures, 30 seconds and 15
	// minutes.
	Failures      int
	Rest, MaxRest time.Duration

	// Replaceable in tests; nil means the real clock, pause and randomness.
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration) error // returns the context's error as soon as the context ends
	Random func() float64                             // at least 0, below 1
}

// Client calls one site with one token. It is safe for concurrent use. Use one Client
// per site, because each Client has its own limit of parallel calls.
type Client struct {
	endpoint string
	token    string
	http     *http.Client
	timeout  time.Duration
	maxBody  int64
	slots    chan struct{}
	breaker  *breaker
	reports  reportTurns
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error
	random   func() float64
}

// New returns a client and does not call the site. It returns an *Error with the reason
// InvalidAddress or TokenInvalid if the configuration is wrong.
func New(cfg Config) (*Client, error) {
	base, err := baseURL(cfg.BaseURL)
	if err != nil {
		return nil, &Error{Reason: InvalidAddress, Err: err}
	}
	if strings.TrimSpace(cfg.Token) == "" {
		return nil, &Error{Reason: TokenInvalid, Err: errors.New("no token")}
	}
	if cfg.HTTP == nil {
		return nil, errors.New("moodle: no HTTP client")
	}
	client := *cfg.HTTP
	client.Jar = nil
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c := &Client{
		endpoint: base + "/webservice/rest/server.php",
		token:    strings.TrimSpace(cfg.Token),
		http:     &client,
		timeout:  or(cfg.Timeout, time.Minute),
		maxBody:  or(cfg.MaxBody, 64<<20),
		slots:    make(chan struct{}, or(cfg.Parallel, 3)),
		reports:  reportTurns{turns: map[int64]*reportTurn{}},
		now:      time.Now,
		sleep:    sleep,
		random:   rand.Float64,
	}
	if cfg.Now != nil {
		c.now = cfg.Now
	}
	if cfg.Sleep != nil {
		c.sleep = cfg.Sleep
	}
	if cfg.Random != nil {
		c.random = cfg.Random
	}
	c.breaker = &breaker{
		now: c.now, limit: or(cfg.Failures, 5),
		first: or(cfg.Rest, 30*time.Second), longest: or(cfg.MaxRest, 15*time.Minute),
	}
	return c, nil
}

// sleep waits for d. If the context ends first, it returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// baseURL returns the site's address without a slash at the end. It refuses an address
// with a user, a query or a fragment: a wwwroot has none, so another address was
// probably pasted. The errors do not repeat the address, because it may contain a
// password.
func baseURL(raw string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return "", errors.New("not an address")
	case u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("scheme %q is neither https nor http", u.Scheme)
	case u.Host == "":
		return "", errors.New("no host")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return "", errors.New("it must not have a user, a query or a fragment")
	}
	return strings.TrimRight(u.Scheme+"://"+u.Host+u.EscapedPath(), "/"), nil
}

func or[T int | int64 | time.Duration](v, zero T) T {
	if v > 0 {
		return v
	}
	return zero
}
