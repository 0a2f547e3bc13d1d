package admin

import (
	"net/http"
	"net/mail"
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// mailData is the page about the sender of the mails.
type mailData struct {
	Server        string
	Name, Address string
	To            string
	Problem       string
	Sent          bool
}

func (h *Handler) mailPage(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	return h.showMail(w, r, admin, mailData{Sent: r.URL.Query().Get("sent") != ""})
}

func (h *Handler) showMail(w http.ResponseWriter, r *http.Request, admin page.AdminSession, data mailData) error {
	locale := h.Locale(r, nil)
	page.RememberLanguage(w, r, locale)
	if data.Address == "" {
		sender, err := h.Store.MailSender(r.Context())
		if err != nil {
			return err
		}
		data.Name, data.Address = sender.Name, sender.Address
		if data.Address == "" {
			data.Address = h.Mailer.From()
		}
	}
	data.Server = h.Mailer.Server()
	status := http.StatusOK
	if data.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.ShowStatus(w, r, status, locale, "admin/mail", admin.Page(locale.T("admin.mail_title", nil), data))
}

// checkAddress returns fault.Invalid unless address is a plain mail address without a
// name.
func checkAddress(address string) error {
	if a, err := mail.ParseAddress(address); err != nil || a.Address != address {
		return fault.New(fault.Invalid, "admin.mail_address_invalid")
	}
	return nil
}

func (h *Handler) saveMail(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	ctx := r.Context()
	sender := store.MailSender{Name: strings.TrimSpace(r.PostFormValue("name")), Address: strings.TrimSpace(r.PostFormValue("address"))}
	if err := checkAddress(sender.Address); err != nil {
		return h.showMail(w, r, admin, mailData{Name: sender.Name, Address: sender.Address, Problem: page.Message(err, h.Locale(r, nil))})
	}
	err := h.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SetMailSender(ctx, sender) })
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, "/admin/mail")
}

// sendTestMail sends a mail at once. If the mail server refuses it, the page shows why.
func (h *Handler) sendTestMail(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	to := strings.TrimSpace(r.PostFormValue("to"))
	locale := h.Locale(r, nil)
	err := checkAddress(to)
	if err == nil {
		err = h.Mailer.Test(r.Context(), to, locale)
	}
	if err != nil {
		if fault.Is(err, fault.Internal) {
			return err
		}
		return h.showMail(w, r, admin, mailData{To: to, Problem: page.Message(err, locale)})
	}
	return page.SeeOther(w, r, "/admin/mail?sent=1")
}
