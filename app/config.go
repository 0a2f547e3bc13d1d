package app

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/store"
)

// Config describes one installation. The caller must have checked the values.
type Config struct {
	BaseURL         string                                         // the public address, without a slash at the end; required by New
	FormerBaseURLs  []string                                       // former public addresses, written like BaseURL; nil: none
	AllowHTTP       bool                                           // BaseURL and FormerBaseURLs may be http, for a service on this machine; false: https only
	DatabaseURL     string                                         // sqlite:FILE or postgres://…; required
	Secret          *secret.Secret                                 // encrypts keys and tokens at rest; required
	SMTPURL         string                                         // the mail server, as notify.Config describes it; empty: no mail
	MailFrom        string                                         // the sender of the mails; empty: the default of notify.Config
	AllowedNetworks []netip.Prefix                                 // private networks that outgoing requests may reach; nil: none
	Now             func() time.Time                               // nil: time.Now
	MakeKey         func(keyring.Algorithm) (crypto.Signer, error) // for organisations; nil: a new key. Tests pass keys that exist already
	Log             *slog.Logger                                   // nil: nothing is logged
}

func (c Config) clock() func() time.Time {
	if c.Now == nil {
		return time.Now
	}
	return c.Now
}

func (c Config) logger() *slog.Logger {
	if c.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Log
}

// OpenStore opens the database without the rest of the installation, and brings its
// schema and its keys up to date. It uses only DatabaseURL, Secret, Now and Log. It
// fails if the database was made with another secret.
func OpenStore(ctx context.Context, cfg Config) (*store.Store, error) {
	st, err := store.Open(ctx, store.Config{URL: cfg.DatabaseURL, Now: cfg.clock(), Secret: cfg.Secret, Log: cfg.logger()})
	if err != nil {
		return nil, fmt.Errorf("INSIGNE_DATABASE_URL: %w", err)
	}
	if err := cfg.ltiKeyring(st).Rotate(ctx); err != nil {
		return nil, fmt.Errorf("INSIGNE_DATABASE_URL: %w", errors.Join(err, st.Close()))
	}
	return st, nil
}
