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

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver

	"github.com/insigne-badges/insigne/store"
)

// sqliteTemplate returns the content of a database file with the current schema. Tests
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

// template is the PostgreSQL database that tests copy. It is nil if the package has no
// TestMain that calls Main.
var template *postgresTemplate

// Main is the TestMain of packages with tests on PostgreSQL. The first of these tests
// migrates a database and the others copy it. Without Main each test migrates its own.
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
	server string // empty until the database exists
	once   sync.Once
	err    error
}

// make returns the name of the database. The first call makes it.
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

// migrate brings a database to the current schema and leaves no connection open.
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

// readyPostgres is newPostgres with the current schema.
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

// newPostgres makes a database for one test and returns its address. options are added
// to "create database".
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

// addressOf returns the address of the database called name on server.
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
	defer func() { _ = db.Close() }() // the statement is finished
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
