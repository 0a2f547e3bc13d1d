package admin

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// signInPage shows a button that signs in. Opening the link must not use it up, because
// mail scanners and link previews open links.
func (h *Handler) signInPage(w http.ResponseWriter, r *http.Request) error {
	locale := h.Locale(r, nil)
	return h.Show(w, r, locale, "admin/public/sign_in", templates.Page{Title: locale.T("admin.sign_in_title", nil)})
}

// signIn uses up the one-time link and starts an administrator's session.
func (h *Handler) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := h.SignIn.Use(r.Context(), mux.Vars(r)["token"]); err != nil {
		return err
	}
	if err := h.Sessions.StartAdmin(w, r); err != nil {
		return err
	}
	return page.SeeOther(w, r, "/admin")
}
