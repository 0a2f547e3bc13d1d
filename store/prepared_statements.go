package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// prepared keeps compiled statements: SQLite takes longer to compile most of
// our statements than to run them.
type prepared struct {
	db *sql.DB

	mu         sync.Mutex
	statements map[string]*sql.Stmt
	wanted     map[string]bool // used in a transaction; to be compiled before the next one
}

func newPrepared(db *sql.DB) *prepared {
	return &prepared{db: db, statements: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

// statement returns the compiled statement. The number of statements is
// limited: all are constants of this package.
func (p *prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	p.mu.Lock()
	s, ok := p.statements[query]
	p.mu.Unlock()
	if ok {
		return s, nil
	}
	// Do not hold the lock here: the connection may belong to a transaction,
	// which needs the lock for its statements.
	s, err := p.db.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if first, ok := p.statements[query]; ok {
		return first, s.Close() //nolint:sqlclosecheck // another request was faster
	}
	p.statements[query] = s
	return s, nil
}

func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.statement(ctx, query) //nolint:sqlclosecheck // kept open
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.statement(ctx, query) //nolint:sqlclosecheck // kept open
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (p *prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.statement(ctx, query) //nolint:sqlclosecheck // kept open
	if err != nil {
		return p.db.QueryRowContext(ctx, query, args...) // returns the error when it is scanned
	}
	return s.QueryRowContext(ctx, args...)
}

// catchUp compiles the statements that transactions used. A transaction cannot
// compile them itself, because it holds the only connection.
func (p *prepared) catchUp(ctx context.Context) error {
	p.mu.Lock()
	wanted := p.wanted
	p.wanted = map[string]bool{}
	p.mu.Unlock()
	for query := range wanted {
		if _, err := p.statement(ctx, query); err != nil { //nolint:sqlclosecheck // kept open
			return err
		}
	}
	return nil
}

func (p *prepared) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	for _, s := range p.statements {
		err = errors.Join(err, s.Close())
	}
	return err
}

// preparedTx runs the statements of a transaction, compiled if they have been
// compiled before.
type preparedTx struct {
	tx *sql.Tx
	*prepared
}

func (t preparedTx) find(ctx context.Context, query string) (*sql.Stmt, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s, ok := t.statements[query]
	if !ok {
		t.wanted[query] = true
		return nil, false
	}
	return t.tx.StmtContext(ctx, s), true
}

func (t preparedTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s, ok := t.find(ctx, query); ok { //nolint:sqlclosecheck // ends with the transaction
		return s.ExecContext(ctx, args...)
	}
	return t.tx.ExecContext(ctx, query, args...)
}

func (t preparedTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s, ok := t.find(ctx, query); ok { //nolint:sqlclosecheck // ends with the transaction
		return s.QueryContext(ctx, args...)
	}
	return t.tx.QueryContext(ctx, query, args...)
}

func (t preparedTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s, ok := t.find(ctx, query); ok { //nolint:sqlclosecheck // ends with the transaction
		return s.QueryRowContext(ctx, args...)
	}
	return t.tx.QueryRowContext(ctx, query, args...)
}
