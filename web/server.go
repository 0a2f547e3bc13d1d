package web

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/mux"
	"golang.org/x/time/rate"

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
)

// Config is what a Server needs. Every field is required.
type Config struct {
	BaseURL   string               // public address of this installation, without a slash at the end
	Links     credential.Addresses // of what is public, and of claims
	Store     *store.Store
	Keyring   *keyring.Ring // the tool's own keys
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

// Server answers every request. It keeps no state of its own: sessions live in
// signed cookies, everything else in the store.
type Server struct {
	Config
	sessions  *sessionStore
	documents credential.Documents
	logins    *rate.Limiter // anybody can ask for one
}

// New checks the configuration and prepares the server.
func New(cfg Config) (*Server, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" || strings.HasSuffix(cfg.BaseURL, "/") {
		return nil, fmt.Errorf("base URL %q: want scheme://host without a slash at the end", cfg.BaseURL)
	}
	sessions, err := newSessionStore(cfg.Secret)
	if err != nil {
		return nil, err
	}
	return &Server{
		Config: cfg, sessions: sessions, documents: credential.Documents{Links: cfg.Links, Words: cfg.Templates},
		logins: rate.NewLimiter(1000, 5000),
	}, nil
}

// Handler returns the routes of doc.go behind the protections every request
// passes through.
func (s *Server) Handler() http.Handler {
	return s.requestLog(s.recoverPanic(s.limitBody(s.crossOrigin(s.readablePath(s.router())))))
}

func (s *Server) router() *mux.Router {
	r := mux.NewRouter()
	r.Use(noteRoute)
	r.NotFoundHandler = s.public(func(http.ResponseWriter, *http.Request) error { return errNoPage })
	r.MethodNotAllowedHandler = s.public(func(http.ResponseWriter, *http.Request) error { return errMethod })
	s.operationRoutes(r)
	s.ltiRoutes(r)
	s.publicRoutes(r)
	s.claimRoutes(r)
	s.adminRoutes(r)
	frame := r.PathPrefix("/c/{session:[0-9a-f]{32}}").Subrouter()
	s.teacherRoutes(frame)
	s.learnerRoutes(frame)
	return r
}

// Route is a method and a path as gorilla/mux writes it, such as
// /v/{assertion:[0-9a-f-]{36}}.
type Route struct{ Method, Path string }

// Routes lists what the server answers to, in the order in which it is tried: a
// check of every page meets the next one by itself.
func (s *Server) Routes() ([]Route, error) {
	var routes []Route
	err := s.router().Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		if route.GetHandler() == nil {
			return nil // the prefix of others
		}
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

// handler answers a request or returns the error to show.
type handler func(w http.ResponseWriter, r *http.Request) error

// crossOrigin refuses state-changing requests that another site's page makes
// in a browser. The LMS's own two posts are verified by package lti.
func (s *Server) crossOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("POST /lti/login")
	protection.AddInsecureBypassPattern("POST /lti/launch")
	protection.SetDenyHandler(s.public(func(http.ResponseWriter, *http.Request) error { return errCrossOrigin }))
	return protection.Handler(next)
}

// readablePath answers "not found" for paths that hold what databases refuse.
func (s *Server) readablePath(next http.Handler) http.Handler {
	notFound := s.public(func(http.ResponseWriter, *http.Request) error { return errNoPage })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
			notFound.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// maxBody bounds every request body; the largest legitimate one is a picture.
// maxDrain bounds what is read and thrown away of a larger one: a browser
// shows the answer only when it could send everything.
const (
	maxBody  = 4 << 20
	maxDrain = 64 << 20
)

func (s *Server) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body
		r.Body = http.MaxBytesReader(w, body, maxBody)
		next.ServeHTTP(w, r)
		// Whether the rest arrives or not, the request has been answered.
		_, _ = io.CopyN(io.Discard, body, maxDrain)
	})
}

// tooLarge reports whether err came from the bound on request bodies.
func tooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}
