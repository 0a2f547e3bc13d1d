package app

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/web"
	"github.com/insigne-badges/insigne/web/page"
)

// Only this file uses package web; the App struct has the server.

// ltiPaths sets the paths at which package web serves LTI.
func ltiPaths(cfg lti.Config) lti.Config {
	cfg.LoginPath, cfg.LaunchPath, cfg.KeysPath = page.LoginPath, page.LaunchPath, page.KeysPath
	return cfg
}

func newWeb(cfg Config, p parts) (*web.Server, error) {
	return web.New(web.Config{
		BaseURL: cfg.BaseURL, Former: cfg.FormerBaseURLs, Links: p.links, Store: p.store, Keyring: p.keys, Keys: issuerKeys{p.issuers}, Issuers: p.issuers, Tool: p.tool, Templates: p.templates, Secret: cfg.Secret,
		Pictures: p.pictures, Evidence: p.evidence, Awards: p.awards, Columns: p.columns, Mailer: p.mailer,
		Invitations: p.invitations, Registration: p.registration, Deployments: connect.NewDeployments(p.store), Services: p.services,
		Connection: connect.NewConnection(p.store, p.tool, p.registration.Client().Scopes), Diagnosis: connect.NewDiagnosis(p.store, cfg.clock()),
		SignIn: p.signIn, Now: cfg.clock(), Rand: rand.Reader, Log: cfg.logger(),
	})
}

// Handler returns the handler of all pages and endpoints.
func (a *App) Handler() http.Handler { return a.web.Handler() }

// Routes returns the routes of Handler.
func (a *App) Routes() ([]web.Route, error) { return a.web.Routes() }

// AdminLink returns a new link that signs an administrator in once.
func (a *App) AdminLink(ctx context.Context) (string, error) { return a.signIn.Link(ctx) }

// Invitation returns a new address at which a platform can register.
func (a *App) Invitation(ctx context.Context) (string, error) {
	invitation, err := a.invitations.New(ctx, badges.ByOperator)
	return invitation.Address, err
}

// InvitationToken returns only the token of such an address.
func (a *App) InvitationToken(ctx context.Context) (string, error) {
	invitation, err := a.invitations.New(ctx, badges.ByOperator)
	return invitation.Token, err
}
