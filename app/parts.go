package app

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/safehttp"
	"github.com/insigne-badges/insigne/jobs"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

// parts is what the pages and the background work share.
type parts struct {
	store     *store.Store
	keys      *keyring.Ring // they sign messages to platforms
	issuers   *keyring.Issuers
	tool      *lti.Tool
	templates *templates.Set
	pictures  *picture.Library
	evidence  *evidence.Reader
	sites     *evidence.Sites
	awards    award.Awards
	columns   *gradebook.Columns
	mailer    *notify.Mailer
	links     credential.Addresses
	clients   []*http.Client // for requests to LMSs

	invitations  connect.Invitations
	registration connect.Registration
	services     connect.Services
	signIn       connect.SignIn
}

func newParts(cfg Config, st *store.Store, pace jobs.Pace) (p parts, err error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return p, err
	}
	stateKey, err := cfg.Secret.Key("lti/state")
	if err != nil {
		return p, err
	}
	claimKey, err := cfg.Secret.Key("claim")
	if err != nil {
		return p, err
	}
	p.store, p.awards = st, award.New(cfg.BaseURL, rand.Reader)
	if p.templates, err = templates.Load(); err != nil {
		return p, err
	}
	if p.pictures, err = picture.LoadLibrary(); err != nil {
		return p, err
	}
	p.mailer, err = notify.NewMailer(notify.Config{
		SMTPURL: cfg.SMTPURL, From: cfg.MailFrom, Host: base.Hostname(), Templates: p.templates, Sender: st, Now: cfg.clock(),
	})
	if err != nil {
		return p, err
	}
	client := safehttp.New(safehttp.Options{Allowed: cfg.AllowedNetworks})
	slow := safehttp.New(safehttp.Options{Allowed: cfg.AllowedNetworks, Timeout: 2 * time.Minute})
	p.clients = []*http.Client{client, slow}
	p.sites = evidence.NewSites(st, moodle.Config{HTTP: slow, Rest: pace.Rest, MaxRest: 10 * pace.Rest})
	p.keys, p.issuers = cfg.ltiKeyring(st), cfg.issuerKeyring(st)
	p.tool, err = lti.New(ltiPaths(lti.Config{
		BaseURL: cfg.BaseURL, FormerBaseURLs: cfg.FormerBaseURLs, Registrations: st, StateKey: stateKey, Keys: ltiKeys{p.keys},
		Client: client, Now: cfg.clock(), Rand: rand.Reader, AllowHTTP: cfg.AllowHTTP,
	}))
	if err != nil {
		return p, err
	}
	p.links = credential.NewAddresses(cfg.BaseURL, credential.NewClaimLinks(claimKey))
	p.evidence = evidence.NewReader(p.sites, p.tool, st)
	p.columns = &gradebook.Columns{Store: st, Tool: p.tool, PublicURL: p.links.Page, Now: cfg.clock()}
	p.invitations = connect.NewInvitations(st, cfg.BaseURL, rand.Reader)
	p.registration = connect.NewRegistration(st, p.invitations, p.tool, connect.Client(p.tool.LaunchURL(), cfg.BaseURL+p.templates.Asset("icon.svg")))
	p.services = connect.NewServices(st, p.sites)
	p.signIn = connect.NewSignIn(st, cfg.BaseURL, rand.Reader)
	return p, nil
}
