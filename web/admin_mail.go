package web

import (
	"net/http"
	"net/mail"
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

// mailData is the page of the mail sender.
type mailData struct {
	Server        string
	Name, Address string
	To            string
	Problem       string
	Sent          bool
}

func (s *Server) mailPage(w http.ResponseWriter, r *http.Request, admin adminSession) error {
	return s.showMail(w, r, admin, mailData{Sent: r.URL.Query().Get("sent") != ""})
}

func (s *Server) showMail(w http.ResponseWriter, r *http.Request, admin adminSession, data mailData) error {
	locale := s.locale(r, nil)
	rememberLanguage(w, r, locale)
	if data.Address == "" {
		sender, err := s.Store.MailSender(r.Context())
		if err != nil {
			return err
		}
		data.Name, data.Address = sender.Name, sender.Address
		if data.Address == "" {
			data.Address = s.Mailer.From()
		}
	}
	data.Server = s.Mailer.Server()
	status := http.StatusOK
	if data.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.renderStatus(w, r, status, locale, "admin/mail", admin.page(locale.T("admin.mail_title", nil), data))
}

// checkAddress accepts a bare address.
func checkAddress(address string) error {
	if a, err := mail.ParseAddress(address); err != nil || a.Address != address {
		return fault.New(fault.Invalid, "admin.mail_address_invalid")
	}
	return nil
}

func (s *Server) saveMail(w http.ResponseWriter, r *http.Request, admin adminSession) error {
	ctx := r.Context()
	sender := store.MailSender{Name: strings.TrimSpace(r.PostFormValue("name")), Address: strings.TrimSpace(r.PostFormValue("address"))}
	if err := checkAddress(sender.Address); err != nil {
		return s.showMail(w, r, admin, mailData{Name: sender.Name, Address: sender.Address, Problem: message(err, s.locale(r, nil))})
	}
	err := s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SetMailSender(ctx, sender) })
	if err != nil {
		return err
	}
	return seeOther(w, r, "/admin/mail")
}

// sendTestMail sends at once and shows the mail server's refusal, if any.
func (s *Server) sendTestMail(w http.ResponseWriter, r *http.Request, admin adminSession) error {
	to := strings.TrimSpace(r.PostFormValue("to"))
	locale := s.locale(r, nil)
	err := checkAddress(to)
	if err == nil {
		err = s.Mailer.Test(r.Context(), to, locale)
	}
	if err != nil {
		if fault.Is(err, fault.Internal) {
			return err
		}
		return s.showMail(w, r, admin, mailData{To: to, Problem: message(err, locale)})
	}
	return seeOther(w, r, "/admin/mail?sent=1")
}
