package web

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/evidence"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/admin"
	"github.com/insigne-badges/insigne/web/launch"
	"github.com/insigne-badges/insigne/web/learner"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/public"
	"github.com/insigne-badges/insigne/web/teacher"
	"github.com/insigne-badges/insigne/web/view"
)

// Config is what a Server needs, and gives to the audiences. Every field but Former is
// required.
type Config struct {
	BaseURL   string               // public address of this installation, without a slash at the end
	Former    []string             // its former public addresses, written like BaseURL; may be empty
	Links     credential.Addresses // addresses of public pages and claim pages
	Store     *store.Store
	Keyring   *keyring.Ring    // the tool's own keys
	Keys      credential.Keys  // of issuing organisations, to sign with
	Issuers   *keyring.Issuers // the keys of organisations
	Tool      *lti.Tool
	Templates *templates.Set
	Secret    *secret.Secret
	Pictures  *picture.Library
	Evidence  *evidence.Reader
	Awards    award.Awards
	Columns   *gradebook.Columns
	Mailer    *notify.Mailer

	Invitations  connect.Invitations
	Registration connect.Registration
	Deployments  connect.Deployments
	Services     connect.Services
	Connection   connect.Connection
	Diagnosis    *connect.Diagnosis
	SignIn       connect.SignIn

	Now  func() time.Time
	Rand io.Reader
	Log  *slog.Logger
}

// Server answers every request. It keeps no state: sessions are in encrypted cookies,
// everything else is in the store.
type Server struct {
	hosts  page.Hosts
	render *page.Renderer
	store  *store.Store
	now    func() time.Time
	router *mux.Router
}

// audience has the pages of one kind of reader.
type audience interface {
	Mount(r *mux.Router)
}

// New checks the configuration and returns a Server.
func New(cfg Config) (*Server, error) {
	hosts, err := page.NewHosts(cfg.BaseURL, cfg.Former...)
	if err != nil {
		return nil, err
	}
	sessions, err := page.NewSessions(cfg.Secret, cfg.Rand)
	if err != nil {
		return nil, err
	}
	render := &page.Renderer{Templates: cfg.Templates, Log: cfg.Log}
	s := &Server{hosts: hosts, render: render, store: cfg.Store, now: cfg.Now, router: mux.NewRouter()}
	s.router.Use(noteRoute)
	s.router.NotFoundHandler = render.Public(func(http.ResponseWriter, *http.Request) error { return page.ErrNoPage })
	s.router.MethodNotAllowedHandler = render.Public(func(http.ResponseWriter, *http.Request) error { return page.ErrMethod })
	s.mountOperation(s.router)
	for _, a := range audiences(cfg, page.Gates{Renderer: render, Sessions: sessions}, hosts) {
		a.Mount(s.router)
	}
	return s, nil
}

// audiences makes the audiences and gives each one only what it needs.
func audiences(cfg Config, gates page.Gates, hosts page.Hosts) []audience {
	views := view.Builder{Read: cfg.Store, Links: cfg.Links, Now: cfg.Now}
	return []audience{
		launch.New(launch.Config{
			Gates: gates, Store: cfg.Store, Tool: cfg.Tool, Columns: cfg.Columns, Registration: cfg.Registration,
			Diagnosis: cfg.Diagnosis, PictureURL: cfg.Links.Picture, Now: cfg.Now,
		}),
		&public.Handler{
			Renderer: gates.Renderer, Views: views, Store: cfg.Store, Links: cfg.Links, ReadyMade: cfg.Pictures,
			Documents: credential.NewDocuments(cfg.Links, cfg.Templates, cfg.Keys), Hosts: hosts,
		},
		&learner.Handler{Gates: gates, Views: views, Store: cfg.Store, Awards: cfg.Awards, Links: cfg.Links, Now: cfg.Now},
		&teacher.Handler{
			Gates: gates, Views: views, Store: cfg.Store, Evidence: cfg.Evidence, Awards: cfg.Awards, Columns: cfg.Columns,
			Pictures: cfg.Pictures, Links: cfg.Links, Now: cfg.Now,
		},
		&admin.Handler{
			Gates: gates, Store: cfg.Store, Keyring: cfg.Keyring, Issuers: cfg.Issuers, DID: cfg.Links.DID, Mailer: cfg.Mailer, BaseURL: cfg.BaseURL,
			Invitations: cfg.Invitations, Registration: cfg.Registration, Deployments: cfg.Deployments, Services: cfg.Services,
			Connection: cfg.Connection, Diagnosis: cfg.Diagnosis, SignIn: cfg.SignIn, PictureURL: cfg.Links.Picture,
		},
	}
}

// Handler serves the routes of doc.go. Every request first passes through the
// protections.
func (s *Server) Handler() http.Handler {
	return s.logRequest(s.recoverPanic(s.limitBody(s.refuseCrossOrigin(s.refuseUnreadable(s.leaveFormerHosts(s.router))))))
}

// Route is a method and a path as gorilla/mux writes it, such as
// /v/{assertion:[0-9a-f-]{36}}.
type Route struct{ Method, Path string }

// Routes lists all routes, in the order in which the server tries them. A test that
// checks every page uses it, so that it covers new pages too.
func (s *Server) Routes() ([]Route, error) {
	var routes []Route
	err := s.router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := route.GetMethods()
		if err != nil {
			return fmt.Errorf("route %s: %w", path, err)
		}
		for _, method := range methods {
			routes = append(routes, Route{method, path})
		}
		return nil
	})
	return routes, err
}
