package web

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/insigne-badges/insigne/templates"
)

// render answers 200 with a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, locale templates.Locale, name string, page templates.Page) error {
	return s.renderStatus(w, r, http.StatusOK, locale, name, page)
}

// renderStatus renders into memory first, so that a template that fails half
// way never leaves half a page.
func (s *Server) renderStatus(w http.ResponseWriter, r *http.Request, status int, locale templates.Locale, name string, page templates.Page) error {
	if r.Method == http.MethodGet && page.Path == "" { // the address a form was sent to has no page of its own
		page.Path = r.URL.Path
	}
	var body bytes.Buffer
	if err := s.Templates.Render(&body, locale, name, page); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", locale.Lang())
	h.Add("Vary", "Accept, Accept-Language, Cookie")
	w.WriteHeader(status)
	if _, err := w.Write(body.Bytes()); err != nil {
		// The reader has gone; there is nobody left to tell.
		s.Log.DebugContext(r.Context(), "answer not delivered", "error", err)
	}
	return nil
}

// write renders an error page; if even that fails, a bare sentence.
func (s *Server) write(w http.ResponseWriter, r *http.Request, status int, locale templates.Locale, name string, page templates.Page) {
	if err := s.renderStatus(w, r, status, locale, name, page); err != nil {
		s.Log.ErrorContext(r.Context(), "error page not rendered", "error", err)
		writeText(w, status, http.StatusText(status)+"\n")
	}
}

// seeOther answers a form with the page to go to.
func seeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther) //nolint:gosec // path is always one of our own, never from the request
	return nil
}
