package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// postgres is the dialect of PostgreSQL. database/sql and River share one pgx
// pool.
type postgres struct {
	pool   *pgxpool.Pool
	db     *sql.DB
	insert *river.Client[pgx.Tx]
	log    *slog.Logger
}

func openPostgres(ctx context.Context, address string, log *slog.Logger) (*postgres, error) {
	pool, err := pgxpool.New(ctx, address)
	if err != nil {
		return nil, errors.New("not a PostgreSQL address") // the cause may contain the password
	}
	insert, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: log})
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &postgres{pool: pool, db: stdlib.OpenDBFromPool(pool), insert: insert, log: log}, nil
}

func (d *postgres) reader() querier { return d.db }

func (d *postgres) skipLocked() string { return " for update skip locked" }

func (d *postgres) forUpdate() string { return " for update" }

func (d *postgres) lock(ctx context.Context, tx querier, name string) error {
	_, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, name)
	return err
}

func (d *postgres) transaction(ctx context.Context, f func(querier, func(context.Context, river.JobArgs) error) error) error {
	conn, err := d.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to database: %w", err)
	}
	defer func() { _ = conn.Close() }() // returns it to the pool
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	return inTx(tx, func() error {
		return f(tx, func(ctx context.Context, job river.JobArgs) error {
			return conn.Raw(func(raw any) error {
				_, err := d.insert.InsertTx(ctx, borrowed{raw.(*stdlib.Conn).Conn()}, job, nil)
				return err
			})
		})
	})
}

// borrowed is a pgx transaction for River on the connection of a database/sql
// transaction: what River sends is part of that transaction.
type borrowed struct{ connection }

// connection is an alias because pgx.Tx has a method named Conn.
type connection = *pgx.Conn

var errBorrowed = errors.New("a borrowed transaction must be ended by its owner")

func (b borrowed) Begin(context.Context) (pgx.Tx, error) { return nil, errBorrowed }

func (b borrowed) Commit(context.Context) error { return errBorrowed }

func (b borrowed) Rollback(context.Context) error { return errBorrowed }

func (b borrowed) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

func (b borrowed) Conn() *pgx.Conn { return b.connection }

func (d *postgres) migrate(ctx context.Context) error {
	files, err := migrationFiles()
	if err != nil {
		return err
	}
	// Check every second, for five minutes, whether another process has
	// finished migrating. By default a process that starts at the same time
	// waits five seconds.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, d.db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	return d.migrateQueue(ctx)
}

// migrateQueue runs River's own migrations under an advisory lock, because
// River takes none.
func (d *postgres) migrateQueue(ctx context.Context) error {
	const key = 0x696e7369676e65 // "insigne"
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, int64(key)); err != nil {
		return err
	}
	queue, err := rivermigrate.New(riverpgxv5.New(d.pool), &rivermigrate.Config{Logger: d.log})
	if err == nil {
		_, err = queue.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	_, unlockErr := conn.Exec(ctx, `select pg_advisory_unlock($1)`, int64(key))
	return errors.Join(err, unlockErr)
}

func (d *postgres) queue(cfg *river.Config) (Queue, error) {
	return river.NewClient(riverpgxv5.New(d.pool), cfg)
}

func (d *postgres) backup(context.Context, string) error {
	return errors.New("this database is PostgreSQL: back it up with pg_dump")
}

func (d *postgres) close() error {
	err := d.db.Close()
	d.pool.Close()
	return err
}
