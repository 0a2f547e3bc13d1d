package jobs

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/store"
)

// lease is the time for which a course belongs to a run that does not renew it.
// After a process was killed, another can read the course when this time has
// ended.
const lease = 30 * time.Second

// hold renews the lease of a course until release is called.
func (s *Syncer) hold(ctx context.Context, leased store.LeasedCourse) (held context.Context, release func() error) {
	return keep(ctx, lease/3, func(ctx context.Context) error { return s.Store.RenewLease(ctx, leased, lease) })
}

// keep renews a lease repeatedly until release is called. The context that it
// returns ends when a renewal fails, so that two runs never overlap; release
// then returns the failure.
func keep(ctx context.Context, every time.Duration, renew func(context.Context) error) (held context.Context, release func() error) {
	held, cancel := context.WithCancel(ctx)
	lost := make(chan error, 1)
	go func() {
		defer cancel()
		lost <- contained(func() error { return renewing(held, every, renew) })
	}()
	return held, func() error { cancel(); return <-lost }
}

// renewing renews a lease until ctx ends, and returns nil then. If a renewal
// fails, it returns that error.
func renewing(ctx context.Context, every time.Duration, renew func(context.Context) error) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := renew(ctx); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}
