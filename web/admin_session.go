package web

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"

	"github.com/gorilla/mux"
	"github.com/gorilla/sessions"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
)

// adminSession says that an administrator signed in by a one-time link.
type adminSession struct {
	CSRF string
}

// page is what the layout shows around data on the administrator's pages.
func (a adminSession) page(title string, data any) templates.Page {
	return templates.Page{Title: title, CSRF: a.CSRF, Data: data}
}

// adminHandler is a page for the administrator.
type adminHandler func(w http.ResponseWriter, r *http.Request, admin adminSession) error

// admin serves a page to a signed-in administrator.
func (s *Server) admin(h adminHandler) http.Handler {
	return s.public(func(w http.ResponseWriter, r *http.Request) error {
		var admin adminSession
		if err := readSession(s.sessions.admin, r, adminCookie, &admin); err != nil {
			return fault.Wrap(err, fault.Unauthenticated, "problem.admin_sign_in")
		}
		if err := checkCSRF(r, admin.CSRF); err != nil {
			return err
		}
		return h(w, r, admin)
	})
}

// newToken returns 256 random bits, URL-safe.
func newToken(r io.Reader) (string, error) {
	var raw [32]byte
	if _, err := io.ReadFull(r, raw[:]); err != nil {
		return "", fmt.Errorf("make token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

// signInPage asks for a press of its button: opening the link must not use it
// up, mail scanners and link previews open links.
func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) error {
	locale := s.locale(r, nil)
	page := templates.Page{Title: locale.T("admin.sign_in_title", nil)}
	return s.render(w, r, locale, "admin/public/sign_in", page)
}

// signIn uses the one-time link up and starts a session.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := s.SignIn.Use(r.Context(), mux.Vars(r)["token"]); err != nil {
		return err
	}
	csrf, err := newToken(s.Rand)
	if err != nil {
		return err
	}
	fresh := sessions.NewSession(s.sessions.admin, adminCookie)
	options := *s.sessions.admin.Options
	fresh.Options = &options
	if err := saveSession(w, r, fresh, adminSession{CSRF: csrf}); err != nil {
		return err
	}
	return seeOther(w, r, "/admin")
}
