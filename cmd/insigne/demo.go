package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/campus"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/store"
)

// demoCmd runs the service beside a make-believe campus.
type demoCmd struct {
	Addr            string `default:"localhost:8080" help:"Address of Insigne."`
	CampusAddr      string `default:"localhost:8081" help:"Address of the campus."`
	PlatformStorage bool   `help:"Have the campus keep data for tools, as some LMSs do."`
	Learners        int    `help:"How many learners there are beside those with a story: 10000 for a large course."`
}

// demoPace reads every course every few seconds, so that a change in the
// gradebook is seen while one watches.
func demoPace() jobs.Pace {
	return jobs.Pace{
		Poll: 500 * time.Millisecond, Interval: 3 * time.Second, Longest: 3 * time.Second, MaxPause: 15 * time.Second,
		Roster: 30 * time.Second, Full: 30 * time.Second,
	}
}

// Run serves both until ctx ends; the database goes with it.
func (c demoCmd) Run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "insigne-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d, err := c.prepare(ctx, demoSurroundings{
		dir: dir, pace: demoPace(), out: os.Stdout,
		log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	return errors.Join(d.run(ctx), d.service.close())
}

// demo is the service, the campus and what they listen on.
type demo struct {
	config         config
	service        *service
	campus         *campus.Campus
	campusURL, url string
	web, campusWeb net.Listener
	smtp           net.Listener
	out            io.Writer
}

// demoSurroundings is what a demo works in, and a test replaces.
type demoSurroundings struct {
	dir  string
	pace jobs.Pace
	log  *slog.Logger
	out  io.Writer        // for the announcement
	now  func() time.Time // nil: the clock
}

func (c demoCmd) prepare(ctx context.Context, around demoSurroundings) (*demo, error) {
	d := &demo{out: around.out, url: "http://" + c.Addr, campusURL: "http://" + c.CampusAddr}
	for _, l := range []struct {
		into    *net.Listener
		address string
	}{{&d.web, c.Addr}, {&d.campusWeb, c.CampusAddr}, {&d.smtp, "127.0.0.1:0"}} {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", l.address)
		if err != nil {
			return nil, fmt.Errorf("%w (choose others with --addr and --campus-addr)", err)
		}
		*l.into = listener
	}
	key := make([]byte, 48)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	d.config = config{
		BaseURL: d.url, DatabaseURL: "sqlite:" + filepath.Join(around.dir, "insigne.db"),
		SecretKey: base64.StdEncoding.EncodeToString(key), SMTPURL: "smtp://" + d.smtp.Addr().String() + "?tls=none",
		MailFrom: "badges@campus.example", AllowedNetworks: loopback(), log: around.log, now: around.now,
	}
	var err error
	if d.service, err = newService(ctx, d.config, around.pace); err != nil {
		return nil, err
	}
	d.campus, err = campus.New(campus.Config{
		BaseURL: d.campusURL, Now: d.config.clock(), Rand: rand.Reader, Client: http.DefaultClient, Log: d.service.log,
		ToolURL: func() string { return d.invitation(ctx) }, OfferStorage: c.PlatformStorage, Learners: c.Learners,
	})
	if err != nil {
		return nil, errors.Join(err, d.service.close())
	}
	return d, nil
}

func (d *demo) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveHTTP(ctx, d.campusWeb, d.campus.Handler()) })
	group.Go(func() error { return d.serveInbox(ctx) })
	group.Go(func() error { return d.service.run(ctx, d.web) })
	group.Go(func() error {
		if err := d.seed(ctx); err != nil {
			return fmt.Errorf("prepare the demo: %w", err)
		}
		return d.announce(ctx)
	})
	return group.Wait()
}

// serveInbox receives mails until ctx ends. The listener is closed as well: a
// mail server that is closed before it serves would serve for ever.
func (d *demo) serveInbox(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = errors.Join(d.campus.Close(), d.smtp.Close()) })
	defer stop()
	err := d.campus.ServeSMTP(d.smtp)
	if ctx.Err() != nil {
		return nil // closed, whatever it says
	}
	return err
}

// invitation offers a fresh registration address on the campus's page; empty
// when none could be made, which only leaves the field to be filled in.
func (d *demo) invitation(ctx context.Context) string {
	invitation, err := d.service.invitations.New(ctx, badges.ByOperator)
	if err != nil {
		d.service.log.WarnContext(ctx, "no invitation made", "error", err)
	}
	return invitation.Address
}

// seed does what an administrator and a teacher do first: registration over
// the network, activation, web-service access, an organisation, a badge.
func (d *demo) seed(ctx context.Context) error {
	platform, err := d.register(ctx)
	if err != nil {
		return err
	}
	course := badges.CourseKey{Platform: platform, Context: "2"}
	err = d.service.services.Save(ctx, platform, badges.Service{URL: d.campusURL, Token: badges.Secret(d.campus.Token())})
	if err != nil {
		return err
	}
	err = d.service.store.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.NamePlatform(ctx, platform, "Campus d’exemple"); err != nil {
			return err
		}
		return tx.SeeCourse(ctx, badges.Course{CourseKey: course, Title: "Données & société – niveau 1", Label: "BADGE101"})
	})
	if err != nil {
		return err
	}
	return d.seedBadge(ctx, course)
}

// register runs the real dynamic registration and presses "Activate".
func (d *demo) register(ctx context.Context) (badges.PlatformID, error) {
	invitation, err := d.service.invitations.New(ctx, badges.ByOperator)
	if err != nil {
		return "", err
	}
	configuration, registration, err := d.campus.RegistrationInvite()
	if err != nil {
		return "", err
	}
	platform, err := d.service.registration.Register(ctx, connect.Confirmed{Invitation: invitation.Token, Configuration: configuration, Token: registration})
	if err != nil {
		return "", err
	}
	for _, client := range d.campus.ClientIDs() {
		if err := d.campus.Activate(client); err != nil {
			return "", err
		}
	}
	return platform, nil
}

func (d *demo) seedBadge(ctx context.Context, course badges.CourseKey) error {
	content := badges.Content{
		Name:        "Exploratrice, explorateur de données",
		Description: "Sait lire un jeu de données, poser une question juste et en rendre compte avec soin.",
		Language:    "fr",
		Rule: badges.Rule{Kind: badges.All, Of: []badges.Rule{
			{Kind: badges.CourseCompleted},
			{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz d’évaluation", Percent: 80},
		}},
	}
	ready, err := d.service.pictures.Find("summit")
	if err != nil {
		return err
	}
	content.Picture = badges.PictureHash(ready.Picture.Hash)
	return d.service.store.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.SavePicture(ctx, ready.Picture); err != nil {
			return err
		}
		content.Issuer, err = tx.SaveIssuer(ctx, badges.Issuer{
			Platform: course.Platform, Name: "Université d’Exemple", URL: "https://www.example.org",
			Email: "badges@example.org", Description: "Faculté des données et de la société",
		})
		if err != nil {
			return err
		}
		const teacher = "3"
		badge, err := tx.CreateBadge(ctx, course, content, teacher)
		if err != nil {
			return err
		}
		if err := tx.SwitchBadge(ctx, course, badge.ID, badges.On, teacher); err != nil {
			return err
		}
		return tx.RequestSync(ctx, course, badges.ByTeacher)
	})
}

// announce tells where everything is and what to try.
func (d *demo) announce(ctx context.Context) error {
	link, err := d.service.signIn.Link(ctx)
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
  5. the administrator's console, once within 15 minutes:
     %[3]s

Ctrl-C stops the demo and removes its data.
`, d.url, d.campusURL, link)
	return err
}
