package connect

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// Registration connects platforms: by dynamic registration with an invitation, or with
// values that an administrator typed in.
type Registration struct {
	store       *store.Store
	invitations Invitations
	tool        *lti.Tool
	client      lti.Client
}

// NewRegistration returns a Registration that describes Insigne to platforms as client.
func NewRegistration(st *store.Store, invitations Invitations, tool *lti.Tool, client lti.Client) Registration {
	return Registration{store: st, invitations: invitations, tool: tool, client: client}
}

// Client returns the description of Insigne for platforms.
func (r Registration) Client() lti.Client { return r.client }

// Question is what an administrator must confirm before a platform is registered.
type Question struct {
	Host      string // of the platform
	Connected bool   // a platform with that address is connected already
}

// Ask returns the question to confirm. It fetches and writes nothing. The error is
// fault.Gone if the invitation cannot be used, and fault.Invalid if configuration is
// not an address.
func (r Registration) Ask(ctx context.Context, invitation, configuration string) (Question, error) {
	if err := r.invitations.Check(ctx, invitation); err != nil {
		return Question{}, err
	}
	u, err := url.Parse(configuration)
	if err != nil || u.Host == "" {
		return Question{}, fault.New(fault.Invalid, "problem.registration_parameters")
	}
	connected, err := r.connected(ctx, configuration)
	return Question{Host: u.Host, Connected: connected}, err
}

// connected reports whether a platform with the same origin as address is registered
// here.
func (r Registration) connected(ctx context.Context, address string) (bool, error) {
	platforms, err := r.store.Platforms(ctx)
	return slices.ContainsFunc(platforms, func(p store.Platform) bool {
		return lti.Origin(p.Registration.Issuer) == lti.Origin(address)
	}), err
}

// Confirmed is a registration that an administrator has confirmed.
type Confirmed struct {
	Invitation    string // the token
	Configuration string // openid_configuration, as the platform sent it
	Token         string // registration_token; may be empty
	Again         bool   // register even if a platform with that address is connected
}

// Register registers Insigne at a platform, uses up the invitation and saves the
// platform. If the platform returns a client that is registered already, its endpoints
// are replaced.
//
// The error is fault.Gone if the invitation cannot be used, fault.Conflict if the
// platform is connected and Again is false, or an *lti.Error. With an error the
// invitation does not change.
func (r Registration) Register(ctx context.Context, c Confirmed) (badges.PlatformID, error) {
	// This comes first: without an invitation nobody may find out what is connected.
	if err := r.invitations.Check(ctx, c.Invitation); err != nil {
		return "", err
	}
	connected, err := r.connected(ctx, c.Configuration)
	if err != nil {
		return "", err
	}
	if connected && !c.Again {
		return "", fault.New(fault.Conflict, "problem.register_again")
	}
	registered, err := r.tool.Register(ctx, lti.RegisterRequest{ConfigurationURL: c.Configuration, Token: c.Token, Client: r.client})
	if err != nil {
		return "", err
	}
	reg := named(registered.Registration)
	var id badges.PlatformID
	err = r.store.Tx(ctx, func(tx *store.Tx) error {
		if err := r.invitations.use(ctx, tx, c.Invitation); err != nil {
			return err
		}
		id, err = tx.SavePlatform(ctx, reg, registered.Deployment, badges.ByPlatform)
		return err
	})
	return id, err
}

// named returns reg with a name. It is the host of the issuer, until the first launch
// says the real name.
func named(reg lti.Registration) lti.Registration {
	if reg.Name != "" {
		return reg
	}
	reg.Name = reg.Issuer
	if u, err := url.Parse(reg.Issuer); err == nil {
		reg.Name = u.Host
	}
	return reg
}

// AddByHand saves a platform that an administrator typed in, and approves deployment
// unless it is empty. The name may be empty.
//
// The error is fault.Invalid if a field cannot be used, and fault.Conflict if the
// client is registered already.
func (r Registration) AddByHand(ctx context.Context, reg lti.Registration, deployment lti.DeploymentID) (id badges.PlatformID, err error) {
	if err := r.tool.CheckRegistration(reg); err != nil {
		return "", fieldRefused(err)
	}
	existing, err := r.store.RegistrationsOf(ctx, reg.Issuer, reg.ClientID)
	if err != nil {
		return "", err
	}
	if len(existing) > 0 {
		return "", fault.New(fault.Conflict, "tool.known")
	}
	err = r.store.Tx(ctx, func(tx *store.Tx) error {
		id, err = tx.SavePlatform(ctx, named(reg), deployment, badges.ByAdmin)
		return err
	})
	return id, err
}

// fieldRefused returns fault.Invalid for a field that package lti refused.
func fieldRefused(err error) error {
	if refusal, ok := errors.AsType[*lti.Error](err); ok {
		return fault.New(fault.Invalid, "tool.problem."+refusal.Detail)
	}
	return err
}
