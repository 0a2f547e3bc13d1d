package page

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/insigne-badges/insigne/templates"
)

// Renderer answers requests with pages and error pages.
type Renderer struct {
	Templates *templates.Set
	Log       *slog.Logger
}

// Show answers 200 with the page called name, such as teacher/badge.
func (p *Renderer) Show(w http.ResponseWriter, r *http.Request, locale templates.Locale, name string, content templates.Page) error {
	return p.ShowStatus(w, r, http.StatusOK, locale, name, content)
}

// ShowStatus answers with status and the page called name. It renders into memory
// first, so that an error in a template never leaves half a page.
func (p *Renderer) ShowStatus(w http.ResponseWriter, r *http.Request, status int, locale templates.Locale, name string, content templates.Page) error {
	if r.Method == http.MethodGet && content.Path == "" { // a POST address has no page of its own to link to
		content.Path = r.URL.Path
	}
	var body bytes.Buffer
	if err := p.Templates.Render(&body, locale, name, content); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", locale.Lang())
	h.Add("Vary", "Accept, Accept-Language, Cookie")
	w.WriteHeader(status)
	if _, err := w.Write(body.Bytes()); err != nil {
		// The reader has left: nobody is there to read an error.
		p.Log.DebugContext(r.Context(), "answer not delivered", "error", err)
	}
	return nil
}

// showProblem renders an error page. If that fails, it answers with one plain sentence.
func (p *Renderer) showProblem(w http.ResponseWriter, r *http.Request, status int, locale templates.Locale, name string, content templates.Page) {
	if err := p.ShowStatus(w, r, status, locale, name, content); err != nil {
		p.Log.ErrorContext(r.Context(), "error page not rendered", "error", err)
		WriteText(w, status, http.StatusText(status)+"\n")
	}
}
