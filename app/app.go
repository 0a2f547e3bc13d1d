package app

import (
	"context"
	"errors"
	mathrand "math/rand/v2"
	"net"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web"
)

// App is one running installation: its pages and its background work.
type App struct {
	parts
	web  *web.Server
	jobs *jobs.Runner
}

// New opens the database and wires the packages together; see docs/architecture.md.
func New(ctx context.Context, cfg Config, pace jobs.Pace) (*App, error) {
	st, err := OpenStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	p, err := newParts(cfg, st, pace)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	if err := freezeClaimed(ctx, st, p.awards, cfg.logger()); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	server, err := newWeb(cfg, p)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	runner, err := jobs.New(jobs.Config{
		Store: st, Keyring: p.keys, Issuers: p.issuers, Evidence: p.evidence, Sites: p.sites, Awards: p.awards, Columns: p.columns, Mailer: p.mailer,
		Messenger: notify.NewMessenger(p.templates), Links: p.links, Pace: pace, Now: cfg.clock(), Log: cfg.logger(),
		Random: mathrand.Float64, // only spreads the work over time
	})
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return &App{parts: p, web: server, jobs: runner}, nil
}

// Store returns the database of the installation.
func (a *App) Store() *store.Store { return a.store }

// Tool returns the LTI tool that platforms open.
func (a *App) Tool() *lti.Tool { return a.tool }

// LTIKeys returns the keys that sign for platforms, the current one first.
func (a *App) LTIKeys(ctx context.Context) ([]lti.SigningKey, error) {
	return ltiKeys{a.keys}.SigningKeys(ctx)
}

// IssuerKeys returns the keys of issuing organisations. They are made when an
// administrator saves an organisation, and by the background work.
func (a *App) IssuerKeys() credential.Keys { return issuerKeys{a.issuers} }

// Close closes the database. Run and Work must have returned before.
func (a *App) Close() error {
	a.closeIdle()
	return a.store.Close()
}

// Work runs the background work until ctx ends.
func (a *App) Work(ctx context.Context) error { return a.jobs.Run(ctx) }

// Run serves HTTP on listener and runs the background work until ctx ends. Then it lets
// running requests and jobs finish.
func (a *App) Run(ctx context.Context, listener net.Listener) error {
	ballast := heapBallast()
	defer runtime.KeepAlive(ballast)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveHTTP(ctx, listener, a.Handler()) })
	group.Go(func() error { return a.Work(ctx) })
	err := group.Wait()
	a.closeIdle()
	return err
}

// closeIdle closes idle connections to LMSs. The server at the other end, such as the
// campus, would otherwise wait seconds for a connection that was opened but not used.
func (a *App) closeIdle() {
	for _, c := range a.clients {
		c.CloseIdleConnections()
	}
}

// heapBallast returns a block that must stay in use, so that the garbage collector
// runs less often. Collections took a fifth of the processor under load. The block is
// never written, so it takes no memory. A higher GOGC would make a large heap many
// times larger.
func heapBallast() []byte { return make([]byte, 4<<20) }
