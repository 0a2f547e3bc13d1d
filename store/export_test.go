package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/pressly/goose/v3"
)

// Query asks the database anything.
func (s *Store) Query(ctx context.Context, query string) (*sql.Rows, error) {
	return s.q.QueryContext(ctx, query)
}

// OpenAt makes a database as an earlier version left it: with the migrations up
// to one, and what statements wrote then.
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
