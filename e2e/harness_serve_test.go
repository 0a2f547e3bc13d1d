package e2e_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/campus"
)

// serveCampus serves the campus without Insigne.
func serveCampus(t testing.TB, d *demo) {
	t.Helper()
	serveCampusBehind(t, d, d.Campus.Handler())
}

// serveCampusBehind serves the campus behind handler, which gets its requests first.
func serveCampusBehind(t testing.TB, d *demo, handler http.Handler) {
	t.Helper()
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Second}
	var running sync.WaitGroup // both servers end when they are closed
	running.Go(func() { _ = server.Serve(d.CampusWeb) })
	running.Go(func() { _ = d.Campus.ServeSMTP(d.Mail) })
	t.Cleanup(func() {
		_ = server.Close() // it fails only if the listener is closed already
		if err := d.Campus.Close(); err != nil {
			t.Error(err)
		}
		running.Wait()
	})
}

// serveWeb serves Insigne, so that the campus can fetch its keys.
func (d *demo) serveWeb(t *testing.T) {
	t.Helper()
	server := &http.Server{Handler: d.App.Handler(), ReadHeaderTimeout: time.Second}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(d.Web) }() // ends when it is closed
	t.Cleanup(func() { _ = server.Close(); <-ended })
}

// work runs the background work until the test ends.
func (d *demo) work(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- d.App.Work(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the background work ended with %v", err)
		}
	})
}

// another connects a second LMS to the same installation. It has the same courses,
// people and addresses as the first: only the platform differs.
func (d *demo) another(t *testing.T) *demo {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	address := "http://" + server.Listener.Addr().String()
	c, err := campus.New(campus.Config{BaseURL: address, Now: time.Now, Rand: rand.Reader, Client: http.DefaultClient, Log: d.Config.Log})
	must(t, err)
	t.Cleanup(func() { _ = c.Close() }) // its mail server never started
	server.Config.Handler = c.Handler()
	server.Start()
	other := newHarness(&app.Demo{Config: d.Config, App: d.App, Campus: c, CampusURL: address})
	_, err = other.Register(t.Context())
	must(t, err)
	return other
}
