// Package storetest opens temporary stores for tests.
package storetest

import (
	"crypto/rand"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/store"
)

// PostgresVariable names the environment variable with the address of a PostgreSQL
// server on which tests may create databases.
const PostgresVariable = "INSIGNE_TEST_POSTGRES_URL"

// Each runs f once with a store on SQLite, and once on PostgreSQL if PostgresVariable
// is set.
func Each(t *testing.T, f func(t *testing.T, s *store.Store)) {
	EachReady(t, func(t *testing.T, address string) { f(t, Open(t, address)) })
}

// Clock is a clock that moves only when a test moves it. It is safe for concurrent use.
type Clock struct{ now atomic.Pointer[time.Time] }

// NewClock returns a clock that shows at.
func NewClock(at time.Time) *Clock {
	c := &Clock{}
	c.now.Store(&at)
	return c
}

// Now returns the time of the clock.
func (c *Clock) Now() time.Time { return *c.now.Load() }

// Add moves the clock forward.
func (c *Clock) Add(d time.Duration) {
	later := c.Now().Add(d)
	c.now.Store(&later)
}

// EachAt is Each with a clock that f can move.
func EachAt(t *testing.T, at time.Time, f func(t *testing.T, s *store.Store, clock *Clock)) {
	EachReady(t, func(t *testing.T, address string) {
		clock := NewClock(at)
		f(t, OpenAt(t, address, clock), clock)
	})
}

// OpenAt is Open with the clock of the test.
func OpenAt(t testing.TB, address string, clock *Clock) *store.Store {
	t.Helper()
	cfg := Config(t, address)
	cfg.Now = clock.Now
	return open(t, cfg)
}

// EachAddress runs f once with the address of an empty SQLite database, and once with
// one on PostgreSQL if PostgresVariable is set. Opening a store then runs all
// migrations, which is slow: use EachReady unless the test is about migrations.
func EachAddress(t *testing.T, f func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, "sqlite:"+t.TempDir()+"/test.db") })
	onPostgres(t, func(t *testing.T, server string) { f(t, newPostgres(t, server, "")) })
}

// EachReady is EachAddress with databases that have the current schema.
func EachReady(t *testing.T, f func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, "sqlite:"+SQLiteFile(t)) })
	onPostgres(t, func(t *testing.T, server string) {
		f(t, readyPostgres(t, server))
	})
}

func onPostgres(t *testing.T, f func(t *testing.T, server string)) {
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv(PostgresVariable)
		if server == "" {
			t.Skipf("%s is not set: not tested on PostgreSQL", PostgresVariable)
		}
		f(t, server)
	})
}

// SQLiteFile makes a database with the current schema and returns its file.
func SQLiteFile(t testing.TB) string {
	t.Helper()
	content, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/test.db"
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// SQLite returns a store in a new SQLite file.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, "sqlite:"+SQLiteFile(t))
}

// Open returns the store at address and closes it when the test ends.
func Open(t testing.TB, address string) *store.Store {
	t.Helper()
	return open(t, Config(t, address))
}

func open(t testing.TB, cfg store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}

// Config returns the configuration that Open uses.
func Config(t testing.TB, address string) store.Config {
	t.Helper()
	cfg, err := config(address)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func config(address string) (store.Config, error) {
	key, err := secret.New([]byte(strings.Repeat("k", secret.MinLength)), rand.Reader)
	return store.Config{URL: address, Now: time.Now, Secret: key, Log: slog.New(slog.DiscardHandler)}, err
}
