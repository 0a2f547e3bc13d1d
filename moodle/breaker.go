package moodle

import (
	"net/http"
	"sync"
	"time"
)

// breaker keeps calls away from a site that fails again and again. After some
// failures in a row the site rests; then one call probes whether it is back.
// Each failed probe doubles the pause, up to a maximum. It is our own because it
// has to follow the site's Retry-After.
type breaker struct {
	now     func() time.Time
	limit   int           // failures in a row that begin a rest
	first   time.Duration // the first pause
	longest time.Duration

	mu       sync.Mutex
	failures int           // in a row
	pause    time.Duration // the latest pause; 0 while the site is well
	until    time.Time     // when the pause is over
	probing  bool          // a probe is under way
	cause    error         // the failure that began the rest
}

// admit lets a call pass, and says whether it is the probe of a resting site.
// The error of a call that may not pass is SiteResting.
func (b *breaker) admit() (probe bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.resting(); err != nil {
		return false, err
	}
	b.probing = b.pause > 0
	return b.probing, nil
}

// check reports what admit would refuse, and admits nobody.
func (b *breaker) check() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.resting()
}

// resting is called with the lock held.
func (b *breaker) resting() error {
	if b.pause == 0 {
		return nil
	}
	left := b.until.Sub(b.now())
	if left <= 0 {
		if !b.probing {
			return nil
		}
		left = b.first // nobody knows how long the probe takes
	}
	return &Error{Reason: SiteResting, RetryAfter: left, Err: b.cause}
}

// settle learns how an admitted call went.
func (b *breaker) settle(probe bool, v verdict, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if probe {
		b.probing = false
	}
	late := !probe && b.pause > 0 // begun before the rest: the probe will tell
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

// longestAsked is how long a rest that the site asks for may be: maintenance may
// end before its time, and nobody tells.
const longestAsked = time.Hour

// rest begins a pause, at least as long as the site asked for.
func (b *breaker) rest(err error) {
	b.pause = min(max(2*b.pause, b.first), b.longest)
	b.cause = err
	wait := b.pause
	if e := asError(err); e != nil {
		wait = max(wait, min(e.RetryAfter, longestAsked))
	}
	b.until = b.now().Add(wait)
}

// verdict is what the end of a call tells about the site as a whole.
type verdict uint8

const (
	saysNothing verdict = iota // the caller gave up
	siteAnswers                // also when it refuses: a learner or a course is no site
	siteFails
)

// verdictOn judges a call by its error. Abandoned: the caller's own context had
// ended, so a missing answer is not the site's fault.
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
