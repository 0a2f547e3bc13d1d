package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/jobs"
)

// serveCmd runs the service.
type serveCmd struct {
	config
}

// Run serves until ctx ends.
func (c serveCmd) Run(ctx context.Context) error {
	cfg, err := c.installation()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	a, err := app.New(ctx, cfg, jobs.DefaultPace())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	cfg.Log.InfoContext(ctx, "serving", "address", listener.Addr().String(), "base_url", c.BaseURL)
	return errors.Join(a.Run(ctx, listener), a.Close())
}
