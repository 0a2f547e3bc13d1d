package launch

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// TestLoginsAreLimited asks for more logins than an installation can have. The
// answer says so before anything is read or written.
func TestLoginsAreLimited(t *testing.T) {
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := New(Config{Now: time.Now, Gates: page.Gates{Renderer: &page.Renderer{Templates: set, Log: slog.New(slog.DiscardHandler)}}})
	h.logins = rate.NewLimiter(0, 0)
	w := httptest.NewRecorder()
	h.Embedded(h.login).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/lti/login?iss=x", nil))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("answer %d, retry after %q; want 429", w.Code, w.Header().Get("Retry-After"))
	}
}
