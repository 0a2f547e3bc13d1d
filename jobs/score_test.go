package jobs_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/store/storetest"
)

// grader is a platform that answers every score with the same status, and a
// badge with a column there.
type grader struct {
	*stormy

	status int
	after  string // Retry-After
	badge  badges.Badge
	scorer *jobs.Scorer
	log    bytes.Buffer
}

func (g *grader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" {
		_, _ = io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`) // a lost answer fails the test
		return
	}
	w.Header().Set("Retry-After", g.after)
	w.WriteHeader(g.status)
}

func newGrader(t *testing.T) *grader {
	t.Helper()
	g := &grader{stormy: &stormy{store: storetest.SQLite(t)}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	g.seed(t, badges.Service{URL: server.URL})
	tool, err := lti.New(lti.Config{
		BaseURL: "https://tool.example", LoginPath: "/login", LaunchPath: "/launch", KeysPath: "/keys",
		Registrations: g.store, Keys: toolKey(), StateKey: bytes.Repeat([]byte("k"), 32),
		Client: server.Client(), Now: time.Now, Rand: rand.Reader, AllowHTTP: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	g.scorer = &jobs.Scorer{
		Columns: &gradebook.Columns{
			Store: g.store, Tool: tool, Now: time.Now, PublicURL: func(badges.AssertionID) string { return "https://x.example" },
		},
		Log: slog.New(slog.NewTextHandler(&g.log, nil)),
	}
	err = g.store.Tx(t.Context(), func(tx *store.Tx) error { return g.addColumn(t.Context(), tx, server.URL) })
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// addColumn makes the badge, and a column for it.
func (g *grader) addColumn(ctx context.Context, tx *store.Tx, platform string) (err error) {
	_, err = tx.SavePlatform(ctx, lti.Registration{Issuer: platform, ClientID: "client", TokenURL: platform + "/token"}, "1", badges.ByPlatform)
	if err != nil {
		return err
	}
	err = tx.Arrive(ctx, store.Arrival{
		Course: badges.Course{CourseKey: g.course}, Services: lti.Services{LineItemsURL: platform + "/items"}, Member: badges.Member{User: "3", Teaches: true},
	})
	if err != nil {
		return err
	}
	content := g.content
	content.Rule = badges.Rule{Kind: badges.CourseCompleted}
	if g.badge, err = tx.CreateBadge(ctx, g.course, content, "3"); err != nil {
		return err
	}
	if err := tx.SwitchBadge(ctx, g.course, g.badge.ID, badges.On, "3"); err != nil {
		return err
	}
	return tx.AddColumn(ctx, g.course, g.badge.ID, store.Column{LineItem: platform + "/items/1"})
}

// TestScorer checks what the queue does with a score: done, given up, later at
// a set time, or again after a pause.
func TestScorer(t *testing.T) {
	g := newGrader(t)
	const id = "00000000-0000-4000-8000-000000000001"
	err := g.store.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := award.New("https://badges.example.org", rand.Reader).Award(t.Context(), tx, []badges.Assertion{{
			ID: id, Course: g.course, Badge: g.badge.ID, Version: g.badge.Current.ID, User: "6", State: badges.Pending,
			Recipient: badges.Recipient{Name: "Zoë", Email: "zoe@example.org"},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		of     badges.AssertionID
		status int
		after  string
		never  bool
		snooze time.Duration
		fails  bool // tried again after River's own pause
		logged bool
	}{
		"taken":                   {of: id, status: http.StatusOK},
		"nobody can be graded":    {of: id, status: http.StatusBadRequest, never: true, logged: true},
		"gone, asked to wait":     {of: id, status: http.StatusNotFound, after: "60", never: true, logged: true},
		"busy, asked to wait":     {of: id, status: http.StatusTooManyRequests, after: "60", snooze: time.Minute},
		"closed":                  {of: id, status: http.StatusServiceUnavailable, fails: true},
		"an award that is absent": {of: "x", status: http.StatusOK, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			g.status, g.after = tt.status, tt.after
			g.log.Reset()
			err := g.scorer.Work(t.Context(), &river.Job[badges.SendScore]{Args: badges.SendScore{Assertion: tt.of}})
			_, never := errors.AsType[*river.JobCancelError](err)
			var snooze time.Duration
			if later, ok := errors.AsType[*river.JobSnoozeError](err); ok {
				snooze = later.Duration
			}
			fails := err != nil && !never && snooze == 0
			if never != tt.never || snooze != tt.snooze || fails != tt.fails {
				t.Errorf("the job ends with %v", err)
			}
			if logged := g.log.Len() > 0; logged != tt.logged {
				t.Errorf("logged: %s", g.log.String())
			}
		})
	}
	err = g.store.Tx(t.Context(), func(tx *store.Tx) error { return tx.RemoveColumn(t.Context(), g.course, g.badge.ID) })
	if err != nil {
		t.Fatal(err)
	}
	g.log.Reset()
	err = g.scorer.Work(t.Context(), &river.Job[badges.SendScore]{Args: badges.SendScore{Assertion: id}})
	if _, never := errors.AsType[*river.JobCancelError](err); !never || g.log.Len() > 0 {
		t.Errorf("without a column the job ends with %v; logged: %s", err, g.log.String())
	}
}

// oneKey signs for the tool.
type oneKey struct{ private *rsa.PrivateKey }

// toolKey returns the same key each time: one takes long to make.
var toolKey = sync.OnceValue(func() oneKey {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return oneKey{private}
})

func (k oneKey) SigningKeys(context.Context) ([]lti.SigningKey, error) {
	return []lti.SigningKey{{ID: "key", Private: k.private}}, nil
}
