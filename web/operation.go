package web

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/web/page"
)

// mountOperation registers the static files and the pages for operators and their
// monitoring.
func (s *Server) mountOperation(r *mux.Router) {
	r.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		page.WriteText(w, http.StatusOK, "ok\n")
	}).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/readyz", s.ready).Methods(http.MethodGet, http.MethodHead)
	r.PathPrefix("/static/").Handler(s.render.Templates.Static()).Methods(http.MethodGet, http.MethodHead)
}

// ready answers whether the database can be reached and has the current schema.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if err := s.store.Ready(r.Context()); err != nil {
		s.render.Log.ErrorContext(r.Context(), "not ready", "error", err)
		page.WriteText(w, http.StatusServiceUnavailable, "database not ready\n")
		return
	}
	page.WriteText(w, http.StatusOK, "ready\n")
}
