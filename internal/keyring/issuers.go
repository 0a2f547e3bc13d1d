package keyring

import (
	"context"
	"crypto"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/internal/secret"
)

// Issuers has the keys of the issuing organisations of an installation. Each has a
// set for every policy of [ForIssuer]. It is safe for concurrent use.
type Issuers struct {
	rows   Rows
	secret *secret.Secret
	now    func() time.Time
	opened openedIssuers

	// MakeKey makes a private key; nil: a new one. Tests pass keys that exist already,
	// because an RSA key takes long.
	MakeKey func(Algorithm) (crypto.Signer, error)

	bits int // of RSA keys; rsaBits where zero. Only tests set it
}

// NewIssuers returns the keys that rows stores. s seals the private keys.
func NewIssuers(rows Rows, s *secret.Secret, now func() time.Time) *Issuers {
	return &Issuers{rows: rows, secret: s, now: now}
}

// rings returns the sets of an organisation, in the order of ForIssuer.
func (s *Issuers) rings(issuer string) []*Ring {
	policies := ForIssuer()
	rings := make([]*Ring, len(policies))
	for i, policy := range policies {
		rings[i] = &Ring{Policy: policy, Owner: issuer, Rows: s.rows, Secret: s.secret, Now: s.now, bits: s.bits, makePrivate: s.MakeKey}
	}
	return rings
}

// Keys lists the keys of an organisation, one set after the other, each in the order
// of [Ring.Keys]. It never makes a key: an organisation that is new, or that does not
// exist, has none. A change that another process made is seen after [MaxAge].
func (s *Issuers) Keys(ctx context.Context, issuer string) ([]Key, error) {
	now := s.now()
	known, changes := s.opened.get(issuer)
	if !known.fresh(now) {
		var err error
		if known, err = s.read(ctx, issuer, known, now); err != nil {
			return nil, fmt.Errorf("keys of issuer %s: %w", issuer, err)
		}
		s.opened.put(issuer, known, changes)
	}
	return known.keysAt(now), nil
}

func (s *Issuers) read(ctx context.Context, issuer string, before openIssuer, now time.Time) (openIssuer, error) {
	read := openIssuer{readAt: now}
	for i, ring := range s.rings(issuer) {
		var known openSet
		if i < len(before.sets) {
			known = before.sets[i]
		}
		set, err := ring.read(ctx, known)
		if err != nil {
			return openIssuer{}, err
		}
		read.sets = append(read.sets, set)
	}
	return read, nil
}

// Rotate makes the changes that are due in the sets of an organisation, as
// [Ring.Rotate] does: the keys of a new organisation, and later its next ones. If
// nothing is due, it only reads.
func (s *Issuers) Rotate(ctx context.Context, issuer string) error {
	return s.change(issuer, func(ring *Ring) error {
		rows, err := s.rows.SigningKeys(ctx, ring.set())
		if err != nil || ring.Policy.Due(rows, s.now()).empty() {
			return err
		}
		return ring.Rotate(ctx)
	})
}

// UseNext promotes the next key of every set of an organisation, as [Ring.UseNext]
// does.
func (s *Issuers) UseNext(ctx context.Context, issuer string) error {
	return s.change(issuer, func(ring *Ring) error { return ring.UseNext(ctx) })
}

// change changes each set of an organisation, until one fails.
func (s *Issuers) change(issuer string, change func(*Ring) error) error {
	defer s.opened.outdate(issuer)
	for _, ring := range s.rings(issuer) {
		if err := change(ring); err != nil {
			return fmt.Errorf("keys of issuer %s: %s: %w", issuer, ring.Policy.Purpose, err)
		}
	}
	return nil
}
