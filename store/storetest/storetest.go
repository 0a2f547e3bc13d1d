// Package storetest opens throw-away stores for tests.
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

// PostgresVariable names the environment variable that holds the address of a
// PostgreSQL server in which tests may create databases.
const PostgresVariable = "INSIGNE_TEST_POSTGRES_URL"

// Each runs f once on SQLite and once on PostgreSQL, where there is one.
func Each(t *testing.T, f func(t *testing.T, s *store.Store)) {
	EachReady(t, func(t *testing.T, address string) { f(t, Open(t, address)) })
}

// Clock stands still until it is moved. It is safe for concurrent use.
type Clock struct{ now atomic.Pointer[time.Time] }

// NewClock begins at a time.
func NewClock(at time.Time) *Clock {
	c := &Clock{}
	c.now.Store(&at)
	return c
}

// Now is the time.
func (c *Clock) Now() time.Time { return *c.now.Load() }

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) {
	later := c.Now().Add(d)
	c.now.Store(&later)
}

// EachAt is Each with a clock of the test's own.
func EachAt(t *testing.T, at time.Time, f func(t *testing.T, s *store.Store, clock *Clock)) {
	EachReady(t, func(t *testing.T, address string) {
		clock := NewClock(at)
		f(t, OpenAt(t, address, clock), clock)
	})
}

// OpenAt is Open with a clock of the test's own.
func OpenAt(t testing.TB, address string, clock *Clock) *store.Store {
	t.Helper()
	cfg := Config(t, address)
	cfg.Now = clock.Now
	return open(t, cfg)
}

// EachAddress runs f once with the address of an empty SQLite database and once
// with that of one on PostgreSQL, where there is one. Opening a store migrates it,
// which takes a while: use EachReady unless that is what the test is about.
func EachAddress(t *testing.T, f func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, "sqlite:"+t.TempDir()+"/test.db") })
	onPostgres(t, func(t *testing.T, server string) { f(t, newPostgres(t, server, "")) })
}

// EachReady is EachAddress with databases whose schema is up to date.
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

// SQLiteFile makes a database whose schema is up to date and returns its file.
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

// SQLite opens a store in a file of its own.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, "sqlite:"+SQLiteFile(t))
}

// Open opens a store at an address and closes it when the test ends.
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

// Config is what Open uses.
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
