package e2e_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/internal/secret"
)

// prepared is what is slow to make and the same for every installation: an empty
// database with its schema and signing keys, and the campus's key. It is made once.
type prepared struct {
	database  []byte // content of a SQLite file
	campusKey *rsa.PrivateKey
}

var prepare = sync.OnceValues(func() (p prepared, err error) {
	if p.campusKey, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return p, err
	}
	key, err := secret.New([]byte(secretKey), rand.Reader)
	if err != nil {
		return p, err
	}
	dir, err := os.MkdirTemp("", "insigne-e2e-")
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "insigne.db")
	st, err := app.OpenStore(context.Background(), app.Config{DatabaseURL: "sqlite:" + file, Secret: key})
	if err != nil {
		return p, err
	}
	if err := st.Close(); err != nil {
		return p, err
	}
	p.database, err = os.ReadFile(file)
	return p, err
})

// copyDatabase writes an empty database with its schema and signing keys.
func copyDatabase(t testing.TB, file string) {
	t.Helper()
	p, err := prepare()
	if err == nil {
		err = os.WriteFile(file, p.database, 0o600)
	}
	must(t, err)
}

func campusKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	p, err := prepare()
	must(t, err)
	return p.campusKey
}
