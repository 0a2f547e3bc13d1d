package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/insigne-badges/insigne/templates"
)

// TestLoginsAreLimited asks for more logins than an installation can have: it
// is told so before anything is read or written.
func TestLoginsAreLimited(t *testing.T) {
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Config: Config{Now: time.Now, Templates: set, Log: slog.New(slog.DiscardHandler)}, logins: rate.NewLimiter(0, 0)}
	w := httptest.NewRecorder()
	s.embedded(s.ltiLogin).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/lti/login?iss=x", nil))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("answer %d, retry after %q; want 429", w.Code, w.Header().Get("Retry-After"))
	}
}
