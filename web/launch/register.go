package launch

import (
	"net/http"

	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// registerData is the page that the LMS shows to its administrator.
type registerData struct {
	Host          string // of the platform
	Invite        string
	Configuration string
	Token         string
	Again         bool // a platform with that address is connected already
	Done          bool
}

// registerPage asks the administrator to confirm.
func (h *Handler) registerPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	data := registerData{Invite: q.Get("invite"), Configuration: q.Get("openid_configuration"), Token: q.Get("registration_token")}
	question, err := h.Registration.Ask(r.Context(), data.Invite, data.Configuration)
	if err != nil {
		return err
	}
	data.Host, data.Again = question.Host, question.Connected
	page.SecurityHeaders(w, "'self'", lti.Origin(data.Configuration)) // the page has a button, so only that platform may embed it
	locale := h.Locale(r, nil)
	return h.Show(w, r, locale, "launch/register", templates.Page{Title: locale.T("register.title", nil), Data: data})
}

// register registers Insigne at the platform after the administrator confirmed.
func (h *Handler) register(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(r); err != nil {
		return err
	}
	_, err := h.Registration.Register(r.Context(), connect.Confirmed{
		Invitation: r.PostFormValue("invite"), Configuration: r.PostFormValue("openid_configuration"),
		Token: r.PostFormValue("registration_token"), Again: r.PostFormValue("again") != "",
	})
	if err != nil {
		return err
	}
	locale := h.Locale(r, nil)
	return h.Show(w, r, locale, "launch/register", templates.Page{Title: locale.T("register.done_title", nil), Data: registerData{Done: true}})
}
