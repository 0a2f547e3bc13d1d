package launch

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/mux"
	"golang.org/x/time/rate"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// Handler serves what an LMS opens. Make one with New.
type Handler struct {
	Config

	logins *rate.Limiter // anybody can start a login, so we limit them
}

// Config is what a Handler needs. Every field is required.
type Config struct {
	page.Gates

	Store        *store.Store
	Tool         *lti.Tool
	Columns      Columns
	Registration connect.Registration
	Diagnosis    *connect.Diagnosis
	PictureURL   func(hash badges.PictureHash) string
	Now          func() time.Time
}

// Columns makes gradebook columns for links to badges. *gradebook.Columns is one.
type Columns interface {
	Take(ctx context.Context, tx *store.Tx, launch lti.Launch, course badges.CourseKey, badge badges.BadgeID) error
	OfferedWithLink(ctx context.Context, p store.Placement) (bool, error)
	AskWithLink(ctx context.Context, p store.Placement, badge badges.BadgeID, item *lti.ContentItem) error
}

// New returns a Handler that limits the number of logins.
func New(cfg Config) *Handler {
	return &Handler{Config: cfg, logins: rate.NewLimiter(1000, 5000)}
}

// Mount registers the routes, which package web lists.
func (h *Handler) Mount(r *mux.Router) {
	r.Handle(page.LoginPath, h.Embedded(h.login)).Methods(http.MethodGet, http.MethodPost)
	r.Handle(page.LaunchPath, h.Embedded(h.launch)).Methods(http.MethodPost)
	r.Handle(page.KeysPath, h.Public(h.keys)).Methods(http.MethodGet, http.MethodHead)
	r.Handle(connect.RegisterPath, h.Embedded(h.registerPage)).Methods(http.MethodGet)
	r.Handle(connect.RegisterPath, h.Embedded(h.register)).Methods(http.MethodPost)
	const placement = page.FramePath + "/place/{placement:[0-9a-f-]{36}}"
	r.Handle(placement, h.Teacher(h.placePage)).Methods(http.MethodGet, http.MethodHead)
	r.Handle(placement, h.Teacher(h.place)).Methods(http.MethodPost)
}

// keys serves the tool's public keys.
func (h *Handler) keys(w http.ResponseWriter, r *http.Request) error {
	keys, err := h.Tool.PublicKeys(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	return page.WriteBytes(w, "application/json", keys)
}
