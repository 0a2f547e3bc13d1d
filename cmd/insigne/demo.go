package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"github.com/insigne-badges/insigne/app"
)

// demoCmd runs the service together with a simulated LMS.
type demoCmd struct {
	Addr            string `default:"localhost:8080" help:"Address of Insigne."`
	CampusAddr      string `default:"localhost:8081" help:"Address of the campus."`
	PlatformStorage bool   `help:"Have the campus keep data for tools, as some LMSs do."`
	Learners        int    `help:"How many learners there are beside those with a story: 10000 for a large course."`
}

// Run serves both until ctx ends, then removes the database.
func (c demoCmd) Run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "insigne-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d, err := app.NewDemo(ctx, app.DemoConfig{
		Addr: c.Addr, CampusAddr: c.CampusAddr, PlatformStorage: c.PlatformStorage, Learners: c.Learners,
		Dir: dir, Pace: app.DemoPace(), Out: os.Stdout,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	return errors.Join(d.Run(ctx), d.Close())
}
