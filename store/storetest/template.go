package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver that makes databases

	"github.com/insigne-badges/insigne/store"
)

// sqliteTemplate returns the file of a database whose schema is up to date. Tests
// start from copies of it, because migrating takes much longer than copying.
var sqliteTemplate = sync.OnceValues(func() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "insigne-template-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "template.db")
	if err := migrate("sqlite:" + file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// template is the PostgreSQL database that others are copies of. It is nil unless
// Main runs the tests.
var template *postgresTemplate

// Main is the TestMain of packages that have tests on PostgreSQL. With it the first
// such test migrates a database and the others start from copies; without it each
// migrates its own.
func Main(m *testing.M) {
	template = &postgresTemplate{name: newName("template")}
	code := m.Run()
	if err := template.drop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

type postgresTemplate struct {
	name   string
	server string // empty until the database is made
	once   sync.Once
	err    error
}

// make returns the name of the database and makes it the first time.
func (p *postgresTemplate) make(server string) (string, error) {
	p.once.Do(func() {
		if p.err = execute(server, "create database "+p.name); p.err != nil {
			return
		}
		p.server = server
		var address string
		if address, p.err = addressOf(server, p.name); p.err == nil {
			p.err = migrate(address)
		}
	})
	return p.name, p.err
}

func (p *postgresTemplate) drop() error {
	if p.server == "" {
		return nil
	}
	return execute(p.server, "drop database "+p.name+" with (force)")
}

// migrate brings a database up to date and leaves no connection open.
func migrate(address string) error {
	cfg, err := config(address)
	if err != nil {
		return err
	}
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		return err
	}
	return s.Close()
}

// readyPostgres is newPostgres with a database whose schema is up to date.
func readyPostgres(t *testing.T, server string) string {
	t.Helper()
	if template != nil {
		name, err := template.make(server)
		if err != nil {
			t.Fatal(err)
		}
		return newPostgres(t, server, " template "+name)
	}
	address := newPostgres(t, server, "")
	if err := migrate(address); err != nil {
		t.Fatal(err)
	}
	return address
}

// newPostgres makes a database on the server for one test and returns its address.
// The options are those of "create database".
func newPostgres(t *testing.T, server, options string) string {
	t.Helper()
	name := newName("test")
	if err := execute(server, "create database "+name+options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(server, "drop database "+name+" with (force)"); err != nil {
			t.Error(err)
		}
	})
	address, err := addressOf(server, name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func newName(kind string) string { return kind + "_" + strings.ToLower(rand.Text()) }

// addressOf returns the address of a database on a server.
func addressOf(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

func execute(server, statement string) error {
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // nothing was left open on it
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
