package connect

import (
	"context"
	"encoding/hex"
	"io"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// RegisterPath is the path of the page that an invitation opens.
const RegisterPath = "/lti/register"

// invitationLifetime is how long an invitation can be used.
const invitationLifetime = 24 * time.Hour

// Invitations makes, lists and revokes invitations. An invitation is an address that an
// LMS administrator pastes into the LMS to register it here. It works once, within a
// day.
type Invitations struct {
	store   *store.Store
	baseURL string
	rand    io.Reader
}

// NewInvitations returns the Invitations of the installation at baseURL.
func NewInvitations(st *store.Store, baseURL string, rand io.Reader) Invitations {
	return Invitations{store: st, baseURL: baseURL, rand: rand}
}

// Invitation is a new invitation. Only now its token is known.
type Invitation struct {
	Token   string
	Address string // of the registration page, including the token
}

// New makes an invitation. The audit log names by as the person who made it.
func (i Invitations) New(ctx context.Context, by string) (Invitation, error) {
	token, err := newToken(i.rand)
	if err != nil {
		return Invitation{}, err
	}
	err = i.store.Tx(ctx, func(tx *store.Tx) error {
		return tx.NewLink(ctx, store.Invitation, hashToken(token), tx.Now().Add(invitationLifetime), by)
	})
	if err != nil {
		return Invitation{}, err
	}
	return Invitation{Token: token, Address: i.baseURL + RegisterPath + "?invite=" + token}, nil
}

// OpenInvitation is an invitation that can still be used. Its address cannot be shown
// again.
type OpenInvitation struct {
	Hash    string // of its token, in hexadecimal, as Revoke needs it
	Expires time.Time
}

// Open returns the invitations that can still be used, those that expire first at the
// top.
func (i Invitations) Open(ctx context.Context) ([]OpenInvitation, error) {
	links, err := i.store.Links(ctx, store.Invitation)
	if err != nil {
		return nil, err
	}
	list := make([]OpenInvitation, len(links))
	for n, l := range links {
		list[n] = OpenInvitation{Hash: hex.EncodeToString(l.Hash), Expires: l.Expires}
	}
	return list, nil
}

// Check returns fault.Gone if an invitation was used or revoked, has expired, or does
// not exist.
func (i Invitations) Check(ctx context.Context, token string) error {
	return unusable(i.store.Link(ctx, store.Invitation, hashToken(token)))
}

// use marks an invitation as used. The errors are those of Check.
func (i Invitations) use(ctx context.Context, tx *store.Tx, token string) error {
	return unusable(tx.UseLink(ctx, store.Invitation, hashToken(token)))
}

// unusable turns fault.NotFound into fault.Gone, with a sentence about the invitation.
func unusable(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.Gone, "problem.invitation_used")
	}
	return err
}

// Revoke makes an invitation unusable. openHash is its OpenInvitation.Hash. If the
// invitation was used or has expired, nothing happens. The error is fault.Invalid if
// openHash is not hexadecimal.
func (i Invitations) Revoke(ctx context.Context, openHash string) error {
	hash, err := hex.DecodeString(openHash)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "problem.form_unreadable")
	}
	err = i.store.Tx(ctx, func(tx *store.Tx) error { return tx.RevokeInvitation(ctx, hash) })
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
