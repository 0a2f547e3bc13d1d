package app

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/jobs"
)

// DemoPace returns a pace that reads every course every few seconds, so that a change
// of the gradebook has a quick effect.
func DemoPace() jobs.Pace {
	return jobs.Pace{
		Poll: 500 * time.Millisecond, Interval: 3 * time.Second, Longest: 3 * time.Second, MaxPause: 15 * time.Second,
		Roster: 30 * time.Second, Full: 30 * time.Second,
	}
}

// DemoConfig describes a demo.
type DemoConfig struct {
	Addr            string // host and port of Insigne; required
	CampusAddr      string // host and port of the campus; required
	PlatformStorage bool   // the campus stores data for tools, as some LMSs do
	Learners        int    // number of learners in addition to those with a story

	Dir       string                                         // for the database insigne.db, which is made if it is missing; required
	Secret    *secret.Secret                                 // nil: a random one
	CampusKey *rsa.PrivateKey                                // signs for the campus; nil: a new one
	MakeKey   func(keyring.Algorithm) (crypto.Signer, error) // as in Config
	Pace      jobs.Pace                                      // of the background work
	Out       io.Writer                                      // for the announcement of Run; nil: none
	Log       *slog.Logger                                   // nil: nothing is logged
	Now       func() time.Time                               // nil: time.Now
}

// Demo is an App with a campus, and the listeners of both. Run serves them. A caller
// that serves them itself must close them too.
type Demo struct {
	App       *App
	Campus    *campus.Campus
	Config    Config // of App
	CampusURL string

	Web, CampusWeb, Mail net.Listener

	out io.Writer
}

// NewDemo opens the listeners and the database. It makes an empty installation and a
// campus, which are not connected yet.
func NewDemo(ctx context.Context, cfg DemoConfig) (d *Demo, err error) {
	d = &Demo{CampusURL: "http://" + cfg.CampusAddr, out: cfg.Out}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	for _, l := range []struct {
		into    *net.Listener
		address string
	}{{&d.Web, cfg.Addr}, {&d.CampusWeb, cfg.CampusAddr}, {&d.Mail, "127.0.0.1:0"}} {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", l.address)
		if err != nil {
			return d, fmt.Errorf("%w (choose others with --addr and --campus-addr)", err)
		}
		*l.into = listener
	}
	d.Config = Config{
		BaseURL: "http://" + cfg.Addr, AllowHTTP: true, DatabaseURL: "sqlite:" + filepath.Join(cfg.Dir, "insigne.db"), Secret: cfg.Secret,
		SMTPURL: "smtp://" + d.Mail.Addr().String() + "?tls=none", MailFrom: "badges@campus.example",
		AllowedNetworks: Loopback(), Log: cfg.Log, Now: cfg.Now, MakeKey: cfg.MakeKey,
	}
	if d.Config.Secret == nil {
		if d.Config.Secret, err = randomSecret(); err != nil {
			return d, err
		}
	}
	if d.App, err = New(ctx, d.Config, cfg.Pace); err != nil {
		return d, err
	}
	d.Campus, err = campus.New(campus.Config{
		BaseURL: d.CampusURL, Now: d.Config.clock(), Rand: rand.Reader, Client: http.DefaultClient, Log: d.Config.logger(),
		Key: cfg.CampusKey, ToolURL: func() string { return d.invitation(ctx) }, OfferStorage: cfg.PlatformStorage, Learners: cfg.Learners,
	})
	return d, err
}

func randomSecret() (*secret.Secret, error) {
	key := make([]byte, 48)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	return secret.New(key, rand.Reader)
}

// Close closes the listeners and the database. Run must have returned.
func (d *Demo) Close() error {
	var errs []error
	for _, l := range []net.Listener{d.Web, d.CampusWeb, d.Mail} {
		if l == nil {
			continue
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) { // the server of the listener closed it
			errs = append(errs, err)
		}
	}
	if d.App != nil {
		errs = append(errs, d.App.Close())
	}
	return errors.Join(errs...)
}

// Run serves the App and the campus until ctx ends. It connects them with Seed and then
// prints the addresses.
func (d *Demo) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveHTTP(ctx, d.CampusWeb, d.Campus.Handler()) })
	group.Go(func() error { return d.serveInbox(ctx) })
	group.Go(func() error { return d.App.Run(ctx, d.Web) })
	group.Go(func() error {
		if err := d.Seed(ctx); err != nil && ctx.Err() == nil {
			return fmt.Errorf("prepare the demo: %w", err)
		}
		if ctx.Err() != nil {
			return nil //nolint:nilerr // it was stopped while it was being prepared, which is no error
		}
		return d.announce(ctx)
	})
	return group.Wait()
}

// serveInbox receives mails until ctx ends. It closes the listener too, because a mail
// server that was closed before it started would serve for ever.
func (d *Demo) serveInbox(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = errors.Join(d.Campus.Close(), d.Mail.Close()) })
	defer stop()
	err := d.Campus.ServeSMTP(d.Mail)
	if ctx.Err() != nil {
		return nil // we closed it, so the error says nothing new
	}
	return err
}

// invitation returns a new registration address, which the page of the campus fills in.
// It is empty if none could be made; then the person can type one in.
func (d *Demo) invitation(ctx context.Context) string {
	address, err := d.App.Invitation(ctx)
	if err != nil {
		d.Config.logger().WarnContext(ctx, "no invitation made", "error", err)
	}
	return address
}

// announce prints the addresses and what to try.
func (d *Demo) announce(ctx context.Context) error {
	if d.out == nil {
		return nil
	}
	link, err := d.App.AdminLink(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.out, `
Insigne  %[1]s
Campus   %[2]s

Try this:
  1. %[2]s/inbox           the first mail arrives within seconds: open it, unlock the badge
  2. %[2]s/gradebook       set Sinéad O'Neill's quiz to 85: her mail follows
  3. %[2]s/course/2?as=3   the teacher makes another badge
  4. %[2]s/course/2?as=6   a learner's page in the course
  5. %[2]s/gradebook       set José María Núñez's quiz to 85: the campus has no e-mail address
                                 of his, so he gets a message (%[2]s/messages/17), and
                                 gives an address on his page %[2]s/course/2?as=17
  6. the administrator's console, once within 15 minutes:
     %[3]s

Ctrl-C stops the demo and removes its data.
`, d.Config.BaseURL, d.CampusURL, link)
	return err
}

// Loopback returns the networks of this machine, which a demo is allowed to reach.
func Loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}
