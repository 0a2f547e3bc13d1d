package web

import (
	"net/http"

	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/templates"
)

// registerData is the page the LMS opens for its administrator.
type registerData struct {
	Host          string // of the platform
	Invite        string
	Configuration string
	Token         string
	Again         bool // a platform of that address is connected already
	Done          bool
}

// registerPage asks for confirmation.
func (s *Server) registerPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	data := registerData{Invite: q.Get("invite"), Configuration: q.Get("openid_configuration"), Token: q.Get("registration_token")}
	question, err := s.Registration.Ask(r.Context(), data.Invite, data.Configuration)
	if err != nil {
		return err
	}
	data.Host, data.Again = question.Host, question.Connected
	securityHeaders(w, "'self'", lti.Origin(data.Configuration)) // this page has a button: only that platform may embed it
	locale := s.locale(r, nil)
	return s.render(w, r, locale, "launch/register", templates.Page{Title: locale.T("register.title", nil), Data: data})
}

// register is the administrator's confirmation.
func (s *Server) register(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	_, err := s.Registration.Register(r.Context(), connect.Confirmed{
		Invitation: r.PostFormValue("invite"), Configuration: r.PostFormValue("openid_configuration"),
		Token: r.PostFormValue("registration_token"), Again: r.PostFormValue("again") != "",
	})
	if err != nil {
		return err
	}
	locale := s.locale(r, nil)
	page := templates.Page{Title: locale.T("register.done_title", nil), Data: registerData{Done: true}}
	return s.render(w, r, locale, "launch/register", page)
}
