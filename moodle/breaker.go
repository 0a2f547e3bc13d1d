package moodle

import (
	"net/http"
	"sync"
	"time"
)

// breaker stops the calls to a site that fails again and again. After some failures in
// a row the site rests; then one call, the probe, checks whether the site works again.
// Each failed probe doubles the pause, up to a maximum. We wrote it ourselves because
// it has to follow the site's Retry-After.
type breaker struct {
	now     func() time.Time
	limit   int           // the number of failures in a row that starts a rest
	first   time.Duration // the first pause
	longest time.Duration

	mu       sync.Mutex
	failures int           // in a row
	pause    time.Duration // the latest pause; 0 while the site works
	until    time.Time     // when the pause ends
	probing  bool          // a probe is running
	cause    error         // the failure that started the rest
}

// admit returns nil if a call may be sent, and whether that call is the probe of a
// resting site. Otherwise the error is SiteResting.
func (b *breaker) admit() (probe bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.resting(); err != nil {
		return false, err
	}
	b.probing = b.pause > 0
	return b.probing, nil
}

// check returns the error that admit would return. It starts no probe.
func (b *breaker) check() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.resting()
}

// resting returns SiteResting unless a call may be sent. The caller must hold the lock.
func (b *breaker) resting() error {
	if b.pause == 0 {
		return nil
	}
	left := b.until.Sub(b.now())
	if left <= 0 {
		if !b.probing {
			return nil
		}
		left = b.first // nobody can say how long the probe will take
	}
	return &Error{Reason: SiteResting, RetryAfter: left, Err: b.cause}
}

// settle records how an admitted call ended.
func (b *breaker) settle(probe bool, v verdict, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if probe {
		b.probing = false
	}
	late := !probe && b.pause > 0 // the call began before the rest; only the probe decides
	switch {
	case late || v == saysNothing:
	case v == siteAnswers:
		b.failures, b.pause, b.cause = 0, 0, nil
	default:
		if b.failures++; probe || b.failures >= b.limit {
			b.rest(err)
		}
	}
}

// longestAsked is the longest rest that a site can ask for. Maintenance may end before
// the announced time.
const longestAsked = time.Hour

// rest starts a pause that is at least as long as the site asked for.
func (b *breaker) rest(err error) {
	b.pause = min(max(2*b.pause, b.first), b.longest)
	b.cause = err
	wait := b.pause
	if e := asError(err); e != nil {
		wait = max(wait, min(e.RetryAfter, longestAsked))
	}
	b.until = b.now().Add(wait)
}

// verdict is what the end of a call says about the site as a whole.
type verdict uint8

const (
	saysNothing verdict = iota // the caller gave up
	siteAnswers                // also with a refusal, which concerns a learner or a course and not the site
	siteFails
)

// verdictOn returns the verdict for a call that ended with err. The call is abandoned
// if the caller's context ended; a missing answer is then not the site's fault.
func verdictOn(err error, abandoned bool) verdict {
	e := asError(err)
	if e == nil {
		return siteAnswers
	}
	switch e.Reason {
	case Interrupted:
		return saysNothing
	case Unreachable, Timeout:
		if abandoned {
			return saysNothing
		}
		return siteFails
	case Maintenance, RateLimited:
		return siteFails
	default:
		if e.Status >= http.StatusInternalServerError {
			return siteFails
		}
		return siteAnswers
	}
}
