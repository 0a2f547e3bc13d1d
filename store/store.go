package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/internal/secret"
)

// Config configures a Store. Every field is required.
type Config struct {
	URL    string           // sqlite:FILE or postgres://…
	Now    func() time.Time // the only clock: no method has a parameter for the present time
	Secret *secret.Secret
	Log    *slog.Logger
}

// Store is the database. It is safe for concurrent use.
type Store struct {
	reads
	cfg     Config
	dialect dialect
}

// Open connects to the database and migrates its schema.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	d, err := openDialect(ctx, cfg)
	if err != nil {
		return nil, err
	}
	clock := func() time.Time { return cfg.Now().UTC().Truncate(time.Microsecond) }
	s := &Store{reads: reads{q: d.reader(), secret: cfg.Secret, clock: clock}, cfg: cfg, dialect: d}
	if err := d.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate database: %w", err), d.close())
	}
	return s, nil
}

// Close closes all connections.
func (s *Store) Close() error { return s.dialect.close() }

// Ready returns an error unless the database answers and has its schema.
func (s *Store) Ready(ctx context.Context) error {
	var n int
	return s.q.QueryRowContext(ctx, `select count(*) from settings`).Scan(&n)
}

// Backup writes a consistent copy to a file that must not exist. It works for
// SQLite; for PostgreSQL the error names the tool to use.
func (s *Store) Backup(ctx context.Context, file string) error { return s.dialect.backup(ctx, file) }

// querier is implemented by *sql.DB and *sql.Tx.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// reads has the methods that only read; Store and Tx embed it.
type reads struct {
	q      querier
	secret *secret.Secret
	clock  func() time.Time // UTC, in microseconds; in a transaction always the same time
}

// Tx is a transaction. Its time does not change.
type Tx struct {
	reads
	now     time.Time
	dialect dialect

	changedLists map[badges.StatusListID]bool // status lists with a new version

	enqueue func(ctx context.Context, job river.JobArgs) error
}

// Now returns the time the transaction began: UTC, in microseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// Enqueue adds a job that exists only if the transaction commits.
func (tx *Tx) Enqueue(ctx context.Context, job river.JobArgs) error { return tx.enqueue(ctx, job) }

// Tx runs f in a transaction. It commits if f returns nil, and rolls back
// otherwise. f must not wait for the network.
func (s *Store) Tx(ctx context.Context, f func(*Tx) error) error {
	return s.dialect.transaction(ctx, func(q querier, enqueue func(context.Context, river.JobArgs) error) error {
		now := s.clock()
		return f(&Tx{
			reads: reads{q: q, secret: s.secret, clock: func() time.Time { return now }}, now: now,
			dialect: s.dialect, enqueue: enqueue,
		})
	})
}

// inTx runs f and commits or rolls back tx. It rolls back also if f panics,
// because an open transaction would block SQLite's only writing connection.
func inTx(tx *sql.Tx, f func() error) error {
	returned := false
	defer func() {
		if !returned {
			_ = tx.Rollback() // the panic is the error to report
		}
	}()
	err := f()
	returned = true
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// notFound turns "no rows" into fault.NotFound.
func notFound(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Wrap(fmt.Errorf("%s not found", what), fault.NotFound, "problem.not_found")
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// one returns fault.NotFound unless exactly one row was changed.
func one(result sql.Result, err error, what string) error {
	if err != nil {
		return fmt.Errorf("write %s: %w", what, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("write %s: %w", what, err)
	}
	if n == 0 {
		return notFound(sql.ErrNoRows, what)
	}
	return nil
}

// all scans every row.
func all[T any](rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	var list []T
	for v, err := range each(rows, err, scan) {
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// each returns the scanned rows one by one; an error is the last element.
func each[T any](rows *sql.Rows, err error, scan func(row) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err != nil {
			yield(none, err)
			return
		}
		defer func() { _ = rows.Close() }() // Err below returns the error
		for rows.Next() {
			v, err := scan(rows)
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, err)
		}
	}
}

// row is implemented by *sql.Row and *sql.Rows.
type row interface{ Scan(dest ...any) error }
