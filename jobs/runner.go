package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"golang.org/x/sync/errgroup"

	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/store"
)

// Config configures a Runner. Every field is required.
type Config struct {
	Store     *store.Store
	Keyring   *keyring.Ring
	Issuers   *keyring.Issuers // the keys of organisations
	Evidence  *evidence.Reader
	Sites     *evidence.Sites
	Awards    award.Awards
	Columns   *gradebook.Columns
	Mailer    *notify.Mailer
	Messenger *notify.Messenger
	Links     credential.Addresses
	Pace      Pace
	Now       func() time.Time
	Random    func() float64 // from 0 to below 1; spreads the readings of courses over time
	Log       *slog.Logger
}

// Runner runs the background work of one process. A panic ends only the work
// that caused it, and is logged.
type Runner struct {
	syncer  *Syncer
	queue   store.Queue
	store   *store.Store
	awards  award.Awards
	keys    *keyring.Ring
	issuers *keyring.Issuers
	log     *slog.Logger
}

const (
	syncWorkers   = 4  // courses read at the same time
	noticeWorkers = 20 // notices sent at the same time
	noticeTimeout = 25 * time.Second
	// rescueAfter is the time after which a job of a killed process runs again.
	// It must be longer than noticeTimeout; otherwise a slow job would run
	// twice.
	rescueAfter = 35 * time.Second
	sweepEvery  = 10 * time.Minute
)

// New returns a Runner; Run starts the work.
func New(cfg Config) (*Runner, error) {
	workers := river.NewWorkers()
	noticer := &Noticer{
		Store: cfg.Store, Sites: cfg.Sites, Mailer: cfg.Mailer, Messenger: cfg.Messenger,
		Links: cfg.Links, Now: cfg.Now, Log: cfg.Log,
	}
	if err := river.AddWorkerSafely(workers, noticer); err != nil {
		return nil, err
	}
	if err := river.AddWorkerSafely(workers, &AddressConfirmer{Notices: noticer}); err != nil {
		return nil, err
	}
	if err := river.AddWorkerSafely(workers, &Scorer{Columns: cfg.Columns, Log: cfg.Log}); err != nil {
		return nil, err
	}
	queue, err := cfg.Store.Queue(store.QueueConfig{
		Workers: workers, MaxWorkers: noticeWorkers, JobTimeout: noticeTimeout, RescueAfter: rescueAfter,
	})
	if err != nil {
		return nil, err
	}
	syncer := &Syncer{Store: cfg.Store, Evidence: cfg.Evidence, Awards: cfg.Awards, Pace: cfg.Pace, Now: cfg.Now, Random: cfg.Random, Log: cfg.Log}
	return &Runner{syncer: syncer, queue: queue, store: cfg.Store, keys: cfg.Keyring, issuers: cfg.Issuers, awards: cfg.Awards, log: cfg.Log}, nil
}

// Run works until ctx ends, then waits for running jobs.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.queue.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	var group errgroup.Group
	for range syncWorkers {
		group.Go(func() error { r.syncer.work(ctx); return nil })
	}
	group.Go(func() error { r.sweep(ctx); return nil })
	group.Go(func() error { r.announce(ctx); return nil })
	<-ctx.Done()
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), noticeTimeout)
	defer cancel()
	err := r.queue.Stop(bounded)
	_ = group.Wait() // its functions return nil
	return err
}

// sweep removes expired rows, and rotates the signing keys that are due. It begins at
// once, so that an organisation of an earlier version soon has keys.
func (r *Runner) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := contained(func() error { return r.store.Sweep(ctx) }); err != nil && ctx.Err() == nil {
			r.log.ErrorContext(ctx, "expired rows not removed", "error", err)
		}
		if err := contained(func() error { return r.keys.Rotate(ctx) }); err != nil && ctx.Err() == nil {
			r.log.ErrorContext(ctx, "signing keys not rotated", "error", err)
		}
		if err := r.rotateIssuers(ctx); err != nil && ctx.Err() == nil {
			r.log.ErrorContext(ctx, "keys of organisations not rotated", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// rotateIssuers rotates the keys of every organisation, and makes those of an
// organisation that has none. If it fails for one, it continues with the next.
func (r *Runner) rotateIssuers(ctx context.Context) error {
	ids, err := r.store.IssuerIDs(ctx)
	for _, id := range ids {
		if ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		err = errors.Join(err, contained(func() error { return r.issuers.Rotate(ctx, string(id)) }))
	}
	return err
}

// Notices of many awards are enqueued in groups of this size, about as fast as
// they can be sent.
const (
	announceEvery = time.Second
	announceBatch = 200
)

// announce delivers releases that can no longer be undone, writes reminders of
// awards that will expire, and enqueues notices that are not in the queue yet.
func (r *Runner) announce(ctx context.Context) {
	tick := time.NewTicker(announceEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var err error
		for _, step := range []func(context.Context) error{r.deliver, r.remind, r.queueNotices} {
			err = errors.Join(err, contained(func() error { return step(ctx) }))
		}
		if err != nil && ctx.Err() == nil {
			r.log.ErrorContext(ctx, "notices not queued", "error", err)
		}
	}
}

func (r *Runner) deliver(ctx context.Context) error {
	due, err := award.AnyToDeliver(ctx, r.store)
	if err != nil || !due {
		return err
	}
	return r.store.Tx(ctx, func(tx *store.Tx) error {
		_, err := r.awards.Deliver(ctx, tx, announceBatch)
		return err
	})
}

func (r *Runner) remind(ctx context.Context) error {
	due, err := r.store.RemindersDue(ctx)
	if err != nil || !due {
		return err
	}
	return r.store.Tx(ctx, func(tx *store.Tx) error { return r.awards.Remind(ctx, tx, announceBatch) })
}

func (r *Runner) queueNotices(ctx context.Context) error {
	some, err := r.store.UnqueuedNotices(ctx)
	if err != nil || !some {
		return err
	}
	return r.store.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.QueueNotices(ctx, announceBatch)
		return err
	})
}
