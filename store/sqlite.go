package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // registers the driver
)

// sqlite is the dialect of SQLite. It has one writing connection, because
// SQLite allows one writer, and a pool of reading connections that never wait
// for it (write-ahead log).
type sqlite struct {
	path   string
	write  *sql.DB
	read   *sql.DB
	writes *prepared
	reads  *prepared
	insert *river.Client[*sql.Tx]
	log    *slog.Logger
}

const sqliteReaders = 8

func openSQLite(path string, log *slog.Logger) (*sqlite, error) {
	if path == "" {
		return nil, errors.New("sqlite: needs a file name")
	}
	write, err := sql.Open("sqlite", dsn(path, "_txlock=immediate"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn(path, "_pragma=query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), write.Close())
	}
	read.SetMaxOpenConns(sqliteReaders)
	read.SetMaxIdleConns(sqliteReaders) // a new connection has to compile all statements again
	insert, err := river.NewClient(riversqlite.New(write), &river.Config{Logger: log})
	if err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	return &sqlite{path: path, write: write, read: read, writes: newPrepared(write), reads: newPrepared(read), insert: insert, log: log}, nil
}

func dsn(path, more string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_time_format=sqlite&" + more
}

func (d *sqlite) reader() querier { return d.reads }

func (d *sqlite) skipLocked() string { return "" }

func (d *sqlite) forUpdate() string { return "" } // the transaction has the only writing connection

// lock does nothing: only one transaction writes at a time.
func (d *sqlite) lock(context.Context, querier, string) error { return nil }

func (d *sqlite) transaction(ctx context.Context, f func(querier, func(context.Context, river.JobArgs) error) error) error {
	if err := d.writes.catchUp(ctx); err != nil {
		return fmt.Errorf("prepare statements: %w", err)
	}
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	return inTx(tx, func() error {
		return f(preparedTx{tx, d.writes}, func(ctx context.Context, job river.JobArgs) error {
			_, err := d.insert.InsertTx(ctx, tx, job, nil)
			return err
		})
	})
}

// migrate migrates under a lock that keeps other processes out: an exclusive
// transaction on a database file that exists only for this.
func (d *sqlite) migrate(ctx context.Context) error {
	unlock, err := lockFile(ctx, d.path+".migrate")
	if err != nil {
		return err
	}
	return errors.Join(d.migrateLocked(ctx), unlock())
}

func lockFile(ctx context.Context, path string) (func() error, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(60000)&_txlock=exclusive")
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("wait for another process that migrates: %w", err), db.Close())
	}
	return func() error { return errors.Join(tx.Rollback(), db.Close()) }, nil
}

func (d *sqlite) migrateLocked(ctx context.Context) error {
	files, err := migrationFiles()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, d.write, files)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	queue, err := rivermigrate.New(riversqlite.New(d.write), &rivermigrate.Config{Logger: d.log})
	if err != nil {
		return err
	}
	_, err = queue.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func (d *sqlite) queue(cfg *river.Config) (Queue, error) {
	return river.NewClient(riversqlite.New(d.write), cfg)
}

func (d *sqlite) backup(ctx context.Context, file string) error {
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("back up to %s: the file exists already", file)
	}
	if _, err := d.write.ExecContext(ctx, `vacuum into $1`, file); err != nil {
		return fmt.Errorf("back up to %s: %w", file, err)
	}
	return nil
}

func (d *sqlite) close() error {
	return errors.Join(d.reads.close(), d.writes.close(), d.read.Close(), d.write.Close())
}
