package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/safehttp"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web"
	"github.com/insigne-badges/insigne/web/page"
)

// serveCmd runs the service.
type serveCmd struct {
	config
}

// Run serves until ctx ends.
func (c serveCmd) Run(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	s, err := newService(ctx, c.config, jobs.DefaultPace())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	spare := spareCollector()
	defer runtime.KeepAlive(spare)
	s.log.InfoContext(ctx, "serving", "address", listener.Addr().String(), "base_url", c.BaseURL)
	return errors.Join(s.run(ctx, listener), s.close())
}

// service is one wired installation.
type service struct {
	store    *store.Store
	web      *web.Server
	jobs     *jobs.Runner
	tool     *lti.Tool
	keys     *keyring.Ring
	pictures *picture.Library
	connections
	clients []*http.Client // to the LMSs
	log     *slog.Logger
}

// newService wires the packages together; docs/architecture.md draws the
// result.
func newService(ctx context.Context, cfg config, pace jobs.Pace) (*service, error) {
	if err := cfg.validateBase(); err != nil {
		return nil, err
	}
	base, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	secret, err := cfg.secret()
	if err != nil {
		return nil, err
	}
	stateKey, err := secret.Key("lti/state")
	if err != nil {
		return nil, err
	}
	claimKey, err := secret.Key("claim")
	if err != nil {
		return nil, err
	}
	pages, err := templates.Load()
	if err != nil {
		return nil, err
	}
	pictures, err := picture.LoadLibrary()
	if err != nil {
		return nil, err
	}
	log, now := cfg.logger(), cfg.clock()
	st, err := cfg.openStore(ctx)
	if err != nil {
		return nil, err
	}
	mailer, err := notify.NewMailer(notify.Config{
		SMTPURL: cfg.SMTPURL, From: cfg.MailFrom, Host: base.Hostname(), Templates: pages, Sender: st, Now: now,
	})
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	keys := cfg.ltiKeyring(st, secret)
	client := safehttp.New(safehttp.Options{Allowed: cfg.AllowedNetworks})
	slow := safehttp.New(safehttp.Options{Allowed: cfg.AllowedNetworks, Timeout: 2 * time.Minute})
	sites := evidence.NewSites(st, moodle.Config{HTTP: slow, Rest: pace.Rest, MaxRest: 10 * pace.Rest})
	tool, err := lti.New(lti.Config{
		BaseURL: cfg.BaseURL, LoginPath: page.LoginPath, LaunchPath: page.LaunchPath, KeysPath: page.KeysPath,
		Registrations: st, StateKey: stateKey, Keys: ltiKeys{keys}, Client: client, Now: now, Rand: rand.Reader,
		AllowHTTP: isLoopback(base.Hostname()),
	})
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	links := credential.NewAddresses(cfg.BaseURL, credential.NewClaimLinks(claimKey))
	reader := evidence.NewReader(sites, tool, st)
	awards := award.New()
	columns := &gradebook.Columns{Store: st, Tool: tool, PublicURL: links.Page, Now: now}
	connecting := newConnections(cfg, st, tool, sites, connect.Client(tool.LaunchURL(), cfg.BaseURL+pages.Asset("icon.svg")))
	server, err := web.New(web.Config{
		BaseURL: cfg.BaseURL, Links: links, Store: st, Keyring: keys, Tool: tool, Templates: pages, Secret: secret, Pictures: pictures,
		Evidence: reader, Awards: awards, Columns: columns, Mailer: mailer, Now: now, Rand: rand.Reader, Log: log,
		Invitations: connecting.invitations, Registration: connecting.registration, Deployments: connect.NewDeployments(st), Services: connecting.services,
		Connection: connect.NewConnection(st, tool, connecting.registration.Client().Scopes), Diagnosis: connect.NewDiagnosis(st, now), SignIn: connecting.signIn,
	})
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	runner, err := jobs.New(jobs.Config{
		Store: st, Keyring: keys, Evidence: reader, Sites: sites, Awards: awards, Columns: columns, Mailer: mailer,
		Messenger: notify.NewMessenger(pages), Links: links, Pace: pace, Now: now, Log: log,
		Random: mathrand.Float64, // only spreads work
	})
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return &service{store: st, web: server, jobs: runner, tool: tool, keys: keys, pictures: pictures, connections: connecting, clients: []*http.Client{client, slow}, log: log}, nil
}

// connections is how platforms and administrators get in.
type connections struct {
	invitations  connect.Invitations
	registration connect.Registration
	services     connect.Services
	signIn       connect.SignIn
}

func newConnections(cfg config, st *store.Store, tool *lti.Tool, sites *evidence.Sites, client lti.Client) connections {
	invitations := connect.NewInvitations(st, cfg.BaseURL, rand.Reader)
	return connections{
		invitations: invitations, registration: connect.NewRegistration(st, invitations, tool, client),
		services: connect.NewServices(st, sites), signIn: connect.NewSignIn(st, cfg.BaseURL, rand.Reader),
	}
}

func (s *service) close() error { return s.store.Close() }

// run serves until ctx ends, then lets requests and jobs finish.
func (s *service) run(ctx context.Context, listener net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveHTTP(ctx, listener, s.web.Handler()) })
	group.Go(func() error { return s.jobs.Run(ctx) })
	err := group.Wait()
	for _, c := range s.clients {
		c.CloseIdleConnections() // a server that stops waits seconds for a connection that was opened and never used
	}
	return err
}

// spareCollector lets the heap grow by some megabytes more between collections,
// which took a fifth of the processor under load: the block returned counts as
// in use and, never being touched, takes no memory. Unlike a higher GOGC it does
// not make a large heap larger by a multiple.
func spareCollector() []byte { return make([]byte, 4<<20) }

// stopTimeout bounds how long a stopping server waits for its requests.
const stopTimeout = 10 * time.Second

// serveHTTP serves until ctx ends, then stops gracefully.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      3 * time.Minute, // a preview of a large course reads it live
		IdleTimeout:       2 * time.Minute,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		stopped <- server.Shutdown(bounded)
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		stop()
		return err
	}
	return <-stopped
}

// loopback is what a demo may reach: its own campus.
func loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}
