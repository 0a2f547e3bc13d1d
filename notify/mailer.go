package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
)

// Sender returns the sender of mails. An empty value means that of the configuration.
type Sender interface {
	Sender(ctx context.Context) (name, address string, err error)
}

// Config configures a Mailer.
type Config struct {
	SMTPURL   string // smtp://user:password@host:587?tls=none|starttls or smtps://…; empty: no mail
	From      string // sender, unless the administrator set another
	Host      string // host name of this installation, for message ids
	Templates *templates.Set
	Sender    Sender
	Now       func() time.Time
}

// Mailer sends mails over SMTP. It is safe for concurrent use.
type Mailer struct {
	cfg    Config
	server server
}

// NewMailer returns a mailer without connecting to the server. It returns an error if
// the configuration is wrong.
func NewMailer(cfg Config) (*Mailer, error) {
	if cfg.SMTPURL == "" {
		return &Mailer{cfg: cfg}, nil
	}
	server, err := parseServer(cfg.SMTPURL, cfg.Host)
	if err != nil {
		return nil, err
	}
	return &Mailer{cfg: cfg, server: server}, nil
}

// Ready reports whether a mail server is configured.
func (m *Mailer) Ready() bool { return m.server.host != "" }

// Server returns the mail server as host:port, without its password; empty if there is
// none.
func (m *Mailer) Server() string { return m.server.String() }

// From returns the configured sender.
func (m *Mailer) From() string { return m.cfg.From }

// Award mails a notice of an award in the recipient's language. The error is
// fault.Upstream.
func (m *Mailer) Award(ctx context.Context, n Notice) error { return m.notice(ctx, "award", n) }

// End mails a notice that a badge will end, in the recipient's language. The error is
// fault.Upstream.
func (m *Mailer) End(ctx context.Context, n Notice) error { return m.notice(ctx, "end", n) }

// ConfirmAddress mails the link in n to an address that the learner gave. It names
// nobody, because a wrong address may be somebody else's. The error is
// fault.Upstream.
func (m *Mailer) ConfirmAddress(ctx context.Context, n Notice, given badges.GivenAddress) error {
	locale := m.cfg.Templates.Locale(given.Language, n.Assertion.Recipient.Language)
	data := n.content(locale, "cid:"+m.pictureID())
	data.Name, data.EndsAt = "", given.Ends()
	return m.send(ctx, mailContent{
		address: given.Address, id: fmt.Sprintf("%s.address.%d@%s", n.Assertion.ID, given.GivenAt.UnixMicro(), m.cfg.Host),
		template: "address", locale: locale, data: data, picture: n.Picture,
	})
}

func (m *Mailer) notice(ctx context.Context, template string, n Notice) error {
	locale := m.cfg.Templates.Locale(n.Assertion.Recipient.Language)
	return m.send(ctx, mailContent{
		name: n.Assertion.Recipient.Name, address: n.Assertion.Recipient.Email,
		id:       fmt.Sprintf("%s.%s@%s", n.Assertion.ID, template, m.cfg.Host),
		template: template, locale: locale, data: n.content(locale, "cid:"+m.pictureID()), picture: n.Picture,
	})
}

// Test sends a test mail to the administrator. The error is fault.Upstream.
func (m *Mailer) Test(ctx context.Context, to string, locale templates.Locale) error {
	return m.send(ctx, mailContent{
		address: to, id: fmt.Sprintf("%d.test@%s", m.cfg.Now().UnixNano(), m.cfg.Host),
		template: "test", locale: locale, data: templates.Mail{Host: m.cfg.Host},
	})
}

func (m *Mailer) send(ctx context.Context, l mailContent) error {
	if !m.Ready() {
		return fault.New(fault.Upstream, "mail.not_configured")
	}
	msg, err := m.compose(ctx, l)
	if err != nil {
		return err
	}
	return m.server.deliver(ctx, msg)
}

// deliver sends one message. After the server has accepted it, errors while closing the
// connection are ignored, because a second try would send the message twice.
func (s server) deliver(ctx context.Context, msg *mail.Msg) error {
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("make mail client: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil && !msg.IsDelivered() {
		return classify(err)
	}
	return nil
}
