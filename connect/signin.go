package connect

import (
	"context"
	"io"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// SignInPath is the path of the page that an administrator's link opens, without the
// token.
const SignInPath = "/admin/sign-in/"

// signInLifetime is how long an administrator's link can be used.
const signInLifetime = 15 * time.Minute

// SignIn makes and checks links that sign an administrator in. A link works once,
// within 15 minutes.
type SignIn struct {
	store   *store.Store
	baseURL string
	rand    io.Reader
}

// NewSignIn returns the SignIn of the installation at baseURL.
func NewSignIn(st *store.Store, baseURL string, rand io.Reader) SignIn {
	return SignIn{store: st, baseURL: baseURL, rand: rand}
}

// Link returns a new link. It is meant for the operator's terminal.
func (s SignIn) Link(ctx context.Context) (string, error) {
	token, err := newToken(s.rand)
	if err != nil {
		return "", err
	}
	err = s.store.Tx(ctx, func(tx *store.Tx) error {
		return tx.NewLink(ctx, store.AdminLink, hashToken(token), tx.Now().Add(signInLifetime), badges.ByOperator)
	})
	if err != nil {
		return "", err
	}
	return s.baseURL + SignInPath + token, nil
}

// Use uses up the link with a token. The error is fault.Gone if the link was used, has
// expired or does not exist.
func (s SignIn) Use(ctx context.Context, token string) error {
	err := s.store.Tx(ctx, func(tx *store.Tx) error { return tx.UseLink(ctx, store.AdminLink, hashToken(token)) })
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.Gone, "admin.link_used")
	}
	return err
}
