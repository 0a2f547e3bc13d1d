package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/safehttp"
	"github.com/insigne-badges/insigne/store"
)

// adminLinkCmd prints a one-time sign-in link.
type adminLinkCmd struct {
	config
}

// Run prints only the link, for scripts.
func (c adminLinkCmd) Run(ctx context.Context) error {
	cfg, err := c.installation()
	if err != nil {
		return err
	}
	st, err := app.OpenStore(ctx, cfg)
	if err != nil {
		return err
	}
	link, err := connect.NewSignIn(st, cfg.BaseURL, rand.Reader).Link(ctx)
	if err == nil {
		fmt.Println(link)
	}
	return errors.Join(err, st.Close())
}

// openStore opens the database. It needs no public address.
func (c config) openStore(ctx context.Context) (*store.Store, error) {
	cfg, err := c.database()
	if err != nil {
		return nil, err
	}
	return app.OpenStore(ctx, cfg)
}

// migrateCmd brings the schema of the database up to date.
type migrateCmd struct {
	config
}

// Run migrates and exits.
func (c migrateCmd) Run(ctx context.Context) error {
	st, err := c.openStore(ctx)
	if err != nil {
		return err
	}
	return st.Close()
}

// backupCmd copies the database.
type backupCmd struct {
	config
	File string `arg:"" help:"File to write; it must not exist."`
}

// Run copies the database; the service may be running.
func (c backupCmd) Run(ctx context.Context) error {
	st, err := c.openStore(ctx)
	if err != nil {
		return err
	}
	return errors.Join(st.Backup(ctx, c.File), st.Close())
}

// verifyCmd checks a badge.
type verifyCmd struct {
	Badge   string `arg:"" name:"file-or-url" help:"A baked PNG, an assertion's JSON, or the address of a badge."`
	Private bool   `help:"Allow addresses on this machine."`
}

// Run prints the result of the check. A badge that is not valid is an error.
func (c verifyCmd) Run(ctx context.Context) error {
	input := []byte(c.Badge)
	if !strings.Contains(c.Badge, "://") {
		var err error
		if input, err = os.ReadFile(c.Badge); err != nil {
			return err
		}
	}
	options := safehttp.Options{}
	if c.Private {
		options.Allowed = app.Loopback()
	}
	report, err := openbadges.Verify(ctx, input, fetcher(safehttp.New(options)), time.Now())
	if err != nil {
		return err
	}
	fmt.Println("status:", report.Status)
	if report.Status == openbadges.Valid || report.Status == openbadges.Expired {
		fmt.Printf("badge:  %s\nissuer: %s (%s)\nissued: %s\n", report.Badge.Name, report.Issuer.Name, report.Issuer.URL, report.Assertion.IssuedOn.Format(time.DateOnly))
	}
	if report.Status != openbadges.Valid {
		return fmt.Errorf("the badge is %s%s", report.Status, because(report.Problem+report.Reason))
	}
	return nil
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

const maxDocument = 2 << 20

func fetcher(client *http.Client) openbadges.Fetch {
	return func(ctx context.Context, address string) ([]byte, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Accept", "application/ld+json, application/json")
		resp, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusGone {
			_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxDocument)) // so that the connection can be used again
			return nil, fmt.Errorf("status %d", resp.StatusCode)
		}
		body, err := safehttp.ReadAll(resp.Body, maxDocument)
		if err == nil && resp.StatusCode == http.StatusGone {
			err = openbadges.ErrGone
		}
		return body, err
	}
}

// versionCmd prints the version.
type versionCmd struct{}

// Run prints the version that the Go tool recorded.
func (versionCmd) Run() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("no build information")
	}
	fmt.Println("insigne", info.Main.Version, info.GoVersion)
	return nil
}
