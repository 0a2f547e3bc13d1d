package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"
)

// dialect is the interface for all that differs between the databases.
type dialect interface {
	reader() querier
	transaction(ctx context.Context, f func(tx querier, enqueue func(context.Context, river.JobArgs) error) error) error
	migrate(ctx context.Context) error
	queue(cfg *river.Config) (Queue, error)
	backup(ctx context.Context, file string) error
	close() error
	skipLocked() string // suffix of a select that leaves out rows locked by other transactions
	forUpdate() string  // suffix of a select that locks rows until the transaction ends
	// lock gets a named lock until tx ends; other transactions wait for it.
	lock(ctx context.Context, tx querier, name string) error
}

//go:embed migrations/*.sql
var migrations embed.FS

func migrationFiles() (fs.FS, error) { return fs.Sub(migrations, "migrations") }

func openDialect(ctx context.Context, cfg Config) (dialect, error) {
	scheme, rest, _ := strings.Cut(cfg.URL, ":")
	switch scheme {
	case "sqlite":
		return openSQLite(rest, riverLog(cfg.Log))
	case "postgres", "postgresql":
		return openPostgres(ctx, cfg.URL, riverLog(cfg.Log))
	default:
		return nil, fmt.Errorf("want sqlite:FILE or postgres://…, not %q", scheme)
	}
}

// riverLog drops River's messages below warnings: it logs every job.
func riverLog(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }

// Queue runs jobs between Start and Stop.
type Queue interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error // waits for running jobs, but not longer than ctx
}

// QueueConfig configures how jobs run.
type QueueConfig struct {
	Workers     *river.Workers
	MaxWorkers  int
	JobTimeout  time.Duration
	RescueAfter time.Duration // time after which a job of a killed process runs again; more than JobTimeout
}

// Queue prepares the queue's workers.
func (s *Store) Queue(cfg QueueConfig) (Queue, error) {
	return s.dialect.queue(&river.Config{
		Workers:              cfg.Workers,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: cfg.MaxWorkers}},
		JobTimeout:           cfg.JobTimeout,
		RescueStuckJobsAfter: cfg.RescueAfter,
		FetchPollInterval:    500 * time.Millisecond,
		Logger:               riverLog(s.cfg.Log),
	})
}

// instant scans a timestamp that may be null. SQLite returns text if it does
// not know the type of the column, for example after returning.
type instant struct{ time.Time }

// Scan implements sql.Scanner.
func (i *instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		i.Time = time.Time{}
	case time.Time:
		i.Time = v.UTC()
	case string:
		t, err := time.Parse("2006-01-02 15:04:05.999999999-07:00", v)
		if err != nil {
			return err
		}
		i.Time = t.UTC()
	default:
		return errors.New("timestamp has an unexpected type")
	}
	return nil
}

// moment returns t as a query argument, null for the zero time.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Truncate(time.Microsecond)
}
