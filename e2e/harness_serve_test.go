package e2e_test

import (
	"net/http"
	"sync"
	"testing"
	"time"
)

// serveCampus runs the campus alone.
func serveCampus(t testing.TB, d *demo) {
	t.Helper()
	serveCampusBehind(t, d, d.Campus.Handler())
}

// serveCampusBehind runs the campus behind what sees its requests first.
func serveCampusBehind(t testing.TB, d *demo, handler http.Handler) {
	t.Helper()
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Second}
	var running sync.WaitGroup // both servers end by being closed
	running.Go(func() { _ = server.Serve(d.CampusWeb) })
	running.Go(func() { _ = d.Campus.ServeSMTP(d.Mail) })
	t.Cleanup(func() {
		_ = server.Close() // only listeners that are closed already can fail
		if err := d.Campus.Close(); err != nil {
			t.Error(err)
		}
		running.Wait()
	})
}
