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

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/internal/secret"
)

// Config says where the data is. Every field is required.
type Config struct {
	URL    string           // sqlite:FILE or postgres://…
	Now    func() time.Time // the only clock: no method is told the time
	Secret *secret.Secret
	Log    *slog.Logger
}

// Store is the database. It is safe for concurrent use.
type Store struct {
	reads
	cfg     Config
	dialect dialect
}

// Open connects and brings the schema up to date.
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

// Close releases the connections.
func (s *Store) Close() error { return s.dialect.close() }

// Ready reports whether the database answers and its schema is there.
func (s *Store) Ready(ctx context.Context) error {
	var n int
	return s.q.QueryRowContext(ctx, `select count(*) from settings`).Scan(&n)
}

// Backup writes a consistent copy to a file that must not exist. Only SQLite
// can; for PostgreSQL the error names the tool.
func (s *Store) Backup(ctx context.Context, file string) error { return s.dialect.backup(ctx, file) }

// querier is what *sql.DB and *sql.Tx share.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// reads holds the methods that only read; Store and Tx both have them.
type reads struct {
	q      querier
	secret *secret.Secret
	clock  func() time.Time // UTC, in microseconds; in a transaction it stands still
}

// Tx is a transaction. Its time stands still.
type Tx struct {
	reads
	now     time.Time
	dialect dialect
	enqueue func(ctx context.Context, job river.JobArgs) error
}

// Now returns the time the transaction began: UTC, in microseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// Enqueue adds a job that exists only if the transaction commits.
func (tx *Tx) Enqueue(ctx context.Context, job river.JobArgs) error { return tx.enqueue(ctx, job) }

// Tx runs f in a transaction: committed if f returns nil, else rolled back. f
// must not wait for the network.
func (s *Store) Tx(ctx context.Context, f func(*Tx) error) error {
	return s.dialect.transaction(ctx, func(q querier, enqueue func(context.Context, river.JobArgs) error) error {
		now := s.clock()
		return f(&Tx{
			reads: reads{q: q, secret: s.secret, clock: func() time.Time { return now }}, now: now,
			dialect: s.dialect, enqueue: enqueue,
		})
	})
}

// inTx commits what f does in tx. Nothing stays open when f panics: SQLite has one
// connection that writes.
func inTx(tx *sql.Tx, f func() error) error {
	returned := false
	defer func() {
		if !returned {
			_ = tx.Rollback() // the panic says more
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

// one reports fault.NotFound unless exactly one row was changed.
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

// all reads every row with scan.
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

// each goes through the rows with scan, and ends with what goes wrong.
func each[T any](rows *sql.Rows, err error, scan func(row) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err != nil {
			yield(none, err)
			return
		}
		defer func() { _ = rows.Close() }() // Err below tells what went wrong
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

// row is what *sql.Row and *sql.Rows share.
type row interface{ Scan(dest ...any) error }
