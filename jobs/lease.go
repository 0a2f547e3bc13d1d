package jobs

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/store"
)

// lease is how long a run owns its course without renewing. A process that is
// killed blocks the course for no longer than this.
const lease = 30 * time.Second

// hold renews the lease of a course while a run goes on.
func (s *Syncer) hold(ctx context.Context, leased store.LeasedCourse) (held context.Context, release func() error) {
	return keep(ctx, lease/3, func(ctx context.Context) error { return s.Store.RenewLease(ctx, leased, lease) })
}

// keep renews a lease again and again until it is released. The context it returns
// ends when renewing fails, so that two runs never overlap; release then returns
// the failure.
func keep(ctx context.Context, every time.Duration, renew func(context.Context) error) (held context.Context, release func() error) {
	held, cancel := context.WithCancel(ctx)
	lost := make(chan error, 1)
	go func() {
		defer cancel()
		lost <- contained(func() error { return renewing(held, every, renew) })
	}()
	return held, func() error { cancel(); return <-lost }
}

// renewing returns why a lease could not be renewed; nil once ctx ends.
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
