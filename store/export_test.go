package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"

	"github.com/insigne-badges/insigne/badges"
)

// Query runs any query.
func (s *Store) Query(ctx context.Context, query string) (*sql.Rows, error) {
	return s.q.QueryContext(ctx, query)
}

// Statements runs f in a transaction and returns the statements that wrote and
// those that read. Enqueuing a job counts as a statement that wrote.
func (s *Store) Statements(ctx context.Context, f func(*Tx) error) (writes, reads []string, err error) {
	err = s.Tx(ctx, func(tx *Tx) error {
		tx.q = counting{tx.q, &writes, &reads}
		enqueue := tx.enqueue
		tx.enqueue = func(ctx context.Context, job river.JobArgs) error {
			writes = append(writes, "enqueue "+job.Kind())
			return enqueue(ctx, job)
		}
		return f(tx)
	})
	return writes, reads, err
}

// counting records statements. One that returns rows may write too.
type counting struct {
	querier

	writes, reads *[]string
}

func (c counting) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	*c.writes = append(*c.writes, query)
	return c.querier.ExecContext(ctx, query, args...)
}

func (c counting) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	c.note(query)
	return c.querier.QueryContext(ctx, query, args...)
}

func (c counting) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	c.note(query)
	return c.querier.QueryRowContext(ctx, query, args...)
}

func (c counting) note(query string) {
	into := c.reads
	if strings.Contains(query, "returning") {
		into = c.writes
	}
	*into = append(*into, query)
}

// OpenAt makes a database of an earlier version: with the migrations up to
// version, and the rows that the statements write.
func OpenAt(ctx context.Context, cfg Config, version int64, statements ...string) error {
	d, err := openDialect(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(migrateTo(ctx, d, version, statements), d.close())
}

func migrateTo(ctx context.Context, d dialect, version int64, statements []string) error {
	files, err := migrationFiles()
	if err != nil {
		return err
	}
	kind, db := goose.DialectSQLite3, (*sql.DB)(nil)
	switch d := d.(type) {
	case *sqlite:
		db = d.write
	case *postgres:
		kind, db = goose.DialectPostgres, d.db
	}
	provider, err := goose.NewProvider(kind, db, files)
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return err
	}
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// The functions that encode and decode JSON columns.
var (
	EncodeFacts, DecodeFacts               = encodeFacts, decodeFacts
	EncodeGiven, DecodeGiven               = encodeGiven, decodeGiven
	EncodeRule, DecodeRule                 = encodeRule, decodeRule
	EncodeServices, DecodeServices         = encodeServices, decodeServices
	EncodeOutline, DecodeOutline           = encodeOutline, decodeOutline
	EncodePlacement, DecodePlacement       = encodePlacement, decodePlacement
	EncodeEvidence, DecodeEvidence         = encodeEvidence, decodeEvidence
	EncodeAlignments, DecodeAlignments     = encodeAlignments, decodeAlignments
	EncodeTranslations, DecodeTranslations = encodeTranslations, decodeTranslations
)

// SetEntries sets the number of entries that a status list is said to have.
func SetEntries(ctx context.Context, tx *Tx, list badges.StatusListID, entries int) error {
	_, err := tx.q.ExecContext(ctx, `update status_lists set entries = $2 where id = $1`, list, entries)
	return err
}
