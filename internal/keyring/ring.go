package keyring

import (
	"cmp"
	"context"
	"crypto"
	"crypto/x509"
	"fmt"
	"path"
	"time"

	"github.com/insigne-badges/insigne/internal/secret"
)

// Ring is one set of keys. Every field but Owner is required. It is safe for
// concurrent use.
type Ring struct {
	Policy Policy
	Owner  string // an issuer's id; empty for a set of the whole installation
	Rows   Rows
	Secret *secret.Secret // seals the private keys
	Now    func() time.Time

	bits        int                                    // of RSA keys; rsaBits where zero. Only tests set it
	makePrivate func(Algorithm) (crypto.Signer, error) // nil: generate
}

func (r *Ring) set() Set { return Set{Purpose: r.Policy.Purpose, Owner: r.Owner} }

// Keys lists the keys by the time when they begin to sign: first the next ones,
// then the current one, then the previous ones. It fails with
// secret.ErrUnreadable if the database was made with another secret.
func (r *Ring) Keys(ctx context.Context) ([]Key, error) {
	opened, err := r.read(ctx, openSet{})
	if err != nil {
		return nil, err
	}
	return opened.keysAt(r.Now()), nil
}

// Rotate makes the changes that are due: it makes missing keys, stores which
// keys began and stopped to sign, and deletes keys that are not kept. It reads
// all keys, and so fails with secret.ErrUnreadable if the database was made
// with another secret.
func (r *Ring) Rotate(ctx context.Context) error {
	if _, err := r.Keys(ctx); err != nil {
		return err
	}
	return r.change(ctx, BySchedule, r.Policy.Due)
}

// UseNext promotes the next key now and makes another next one. If several
// callers ask while the same key is next, it is promoted once. If there is no
// next key, UseNext only rotates.
func (r *Ring) UseNext(ctx context.Context) error {
	rows, err := r.Rows.SigningKeys(ctx, r.set())
	if err != nil {
		return err
	}
	id, ok := next(rows, r.Now())
	if err := r.Rotate(ctx); err != nil || !ok {
		return err
	}
	return r.change(ctx, ByRequest, func(rows []Row, now time.Time) Plan { return r.Policy.Use(id, rows, now) })
}

// change makes the changes that plan returns. It calls plan twice: first to
// make the keys, and again under the lock, because another process may have
// made the changes.
func (r *Ring) change(ctx context.Context, by Cause, plan func([]Row, time.Time) Plan) error {
	rows, err := r.Rows.SigningKeys(ctx, r.set())
	if err != nil {
		return err
	}
	planned := plan(rows, r.Now())
	if planned.empty() {
		return nil
	}
	made, err := r.makeKeys(len(planned.Create))
	if err != nil {
		return fmt.Errorf("make signing key: %w", err)
	}
	err = r.Rows.ChangeSigningKeys(ctx, r.set(), func(rows []Row, now time.Time) []Change {
		return plan(rows, now).changes(made, by, now)
	})
	if err != nil {
		return fmt.Errorf("rotate signing keys: %w", err)
	}
	return nil
}

func (r *Ring) makeKeys(n int) ([]Row, error) {
	rows := make([]Row, n)
	for i := range rows {
		var err error
		if rows[i], err = r.makeKey(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (r *Ring) private() (crypto.Signer, error) {
	if r.makePrivate != nil {
		return r.makePrivate(r.Policy.Algorithm)
	}
	return generate(r.Policy.Algorithm, cmp.Or(r.bits, rsaBits))
}

func (r *Ring) makeKey() (Row, error) {
	private, err := r.private()
	if err != nil {
		return Row{}, err
	}
	id, err := thumbprint(private.Public())
	if err != nil {
		return Row{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return Row{}, err
	}
	sealed, err := r.Secret.Seal(der, r.place(id))
	return Row{Set: r.set(), ID: id, Algorithm: r.Policy.Algorithm, Private: sealed}, err
}

// place returns the place to which a sealed key is bound. Keys of one owner cannot
// be opened as those of another.
func (r *Ring) place(id string) string { return path.Join("signing_key", r.Owner, id) }

func (r *Ring) open(row Row) (Key, error) {
	der, err := r.Secret.Open(row.Private, r.place(row.ID))
	if err != nil {
		return Key{}, err
	}
	private, err := parse(row.Algorithm, der)
	if err != nil {
		return Key{}, fmt.Errorf("signing key %s: %w", row.ID, err)
	}
	return Key{ID: row.ID, Algorithm: row.Algorithm, Private: private, SignsFrom: row.SignsFrom}, nil
}
