package campus

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

func newSMTP(c *Campus) *smtp.Server {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{campus: c}, nil }))
	server.Domain = c.host
	server.MaxMessageBytes = maxMail
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	return server
}

// ServeSMTP receives mails for all recipients until Close.
func (c *Campus) ServeSMTP(l net.Listener) error {
	if err := c.smtp.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
		return fmt.Errorf("campus: serve SMTP: %w", err)
	}
	return nil
}

// Inbox lists the received mails, the newest first.
func (c *Campus) Inbox() []Mail {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.Clone(c.mails)
	slices.Reverse(list)
	return list
}

// delivery is one SMTP session.
type delivery struct {
	campus *Campus
	to     []string
}

// Mail implements smtp.Session.
func (d *delivery) Mail(string, *smtp.MailOptions) error {
	if d.campus.faultsNow().MailDown {
		return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "Service not available"}
	}
	return nil
}

// Rcpt implements smtp.Session.
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	if d.campus.faultsNow().MailRefused {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user"}
	}
	d.to = append(d.to, to)
	return nil
}

// Data implements smtp.Session.
func (d *delivery) Data(r io.Reader) error {
	m, err := readMail(r)
	if err != nil {
		d.campus.cfg.Log.Warn("mail refused", "error", err)
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "Unreadable message"}
	}
	m.To = strings.Join(d.to, ", ")
	d.campus.mu.Lock()
	defer d.campus.mu.Unlock()
	m.ID = len(d.campus.mails) + 1
	d.campus.mails = append(d.campus.mails, m)
	return nil
}

// Reset implements smtp.Session.
func (d *delivery) Reset() { d.to = nil }

// Logout implements smtp.Session.
func (d *delivery) Logout() error { return nil }

// inboxJSON lists the received mails for tests, the newest first.
func (c *Campus) inboxJSON(w http.ResponseWriter, _ *http.Request) {
	list := c.Inbox()
	if list == nil {
		list = []Mail{}
	}
	writeJSON(w, http.StatusOK, plainJSON, list)
}
