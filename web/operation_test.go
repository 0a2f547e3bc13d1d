package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHealth checks the answers for operators: whether the process runs and whether the
// database answers.
func TestHealth(t *testing.T) {
	s := newSite(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name, method, path string
		ctx                context.Context // of the request
		status             int
		body               string
	}{
		{"alive", "GET", "/healthz", t.Context(), http.StatusOK, "ok\n"},
		{"alive, also without a database", "GET", "/healthz", gone, http.StatusOK, "ok\n"},
		{"ready", "GET", "/readyz", t.Context(), http.StatusOK, "ready\n"},
		{"the database does not answer", "GET", "/readyz", gone, http.StatusServiceUnavailable, "database not ready\n"},
		{"only asked", "HEAD", "/readyz", t.Context(), http.StatusOK, "ready\n"},
	} {
		a := s.Anybody().Do(httptest.NewRequestWithContext(tt.ctx, tt.method, tt.path, nil))
		if a.Status != tt.status || a.Body != tt.body || a.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%s: status %d, %q", tt.name, a.Status, a.Body)
		}
	}
	if logged := s.Log.String(); strings.Count(logged, `level=ERROR msg="not ready"`) != 1 {
		t.Errorf("log %s", logged)
	}
}

// TestStatic serves the files of the interface with headers that allow caching for
// ever, and no other files.
func TestStatic(t *testing.T) {
	s := newSite(t)
	asset := s.Gates.Templates.Asset("app.css")
	for _, tt := range []struct {
		name, path string
		status     int
	}{
		{"of this build", asset, http.StatusOK},
		{"of another build", strings.Replace(asset, "/static/", "/static/0", 1), http.StatusNotFound},
		{"not there", strings.TrimSuffix(asset, "app.css") + "other.css", http.StatusNotFound},
		{"a folder", strings.TrimSuffix(asset, "app.css"), http.StatusNotFound},
	} {
		a := s.Anybody().Get(tt.path)
		kept := a.Header.Get("Cache-Control") == "public, max-age=31536000, immutable"
		if a.Status != tt.status || kept != (tt.status == http.StatusOK) {
			t.Errorf("%s: status %d, kept %t", tt.name, a.Status, kept)
		}
	}
	if a := s.Anybody().Get(asset); !strings.HasPrefix(a.Header.Get("Content-Type"), "text/css") || a.Header.Get("X-Content-Type-Options") != "nosniff" || len(a.Body) < 100 {
		t.Errorf("style sheet: %v", a.Header)
	}
}
