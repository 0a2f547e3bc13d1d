package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/templates"
)

// Notice is one pending badge to tell of.
type Notice struct {
	Assertion   badges.Assertion
	Version     badges.Version
	Issuer      badges.Issuer
	Picture     []byte // PNG
	ClaimURL    string
	CourseTitle string
}

// Sender tells who mails come from; empty values leave the configuration's.
type Sender interface {
	Sender(ctx context.Context) (name, address string, err error)
}

// Config says how mails are sent.
type Config struct {
	SMTPURL   string // smtp://user:password@host:587?tls=none|starttls or smtps://…; empty: no mail
	From      string // sender unless the administrator set another
	Host      string // of this installation, for message ids
	Templates *templates.Set
	Sender    Sender
	Now       func() time.Time
}

// Mailer sends mails over SMTP.
type Mailer struct {
	cfg     Config
	host    string
	options []mail.Option
}

const smtpTimeout = 20 * time.Second

// NewMailer checks the configuration; it does not connect.
func NewMailer(cfg Config) (*Mailer, error) {
	m := &Mailer{cfg: cfg}
	if cfg.SMTPURL == "" {
		return m, nil
	}
	u, err := url.Parse(cfg.SMTPURL)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, errors.New("INSIGNE_SMTP_URL: want smtp://host:port or smtps://host:port")
	}
	m.host = u.Hostname()
	m.options = []mail.Option{mail.WithTimeout(smtpTimeout), mail.WithHELO(cfg.Host)}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, errors.New("INSIGNE_SMTP_URL: the port is not a number")
		}
		m.options = append(m.options, mail.WithPort(port))
	}
	switch tls := u.Query().Get("tls"); {
	case u.Scheme == "smtps":
		m.options = append(m.options, mail.WithSSL())
	case tls == "none":
		m.options = append(m.options, mail.WithTLSPolicy(mail.NoTLS))
	case tls == "" || tls == "starttls":
		m.options = append(m.options, mail.WithTLSPolicy(mail.TLSMandatory))
	default:
		return nil, errors.New("INSIGNE_SMTP_URL: tls is none or starttls")
	}
	if password, ok := u.User.Password(); ok {
		m.options = append(m.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	return m, nil
}

// Ready reports whether a mail server is configured.
func (m *Mailer) Ready() bool { return m.host != "" }

// Server names the mail server, without its password.
func (m *Mailer) Server() string { return m.host }

// content is what the notice's templates show. picture is where the picture
// is found: inside the mail, or at its public address.
func (n Notice) content(locale templates.Locale, picture string) templates.Mail {
	return templates.Mail{
		Name: n.Assertion.Recipient.Name, Badge: n.Version.Name, Description: n.Version.Description,
		Criteria: n.Version.Criteria, Rule: n.Version.Rule.Describe(locale), Course: n.CourseTitle,
		Issuer: n.Issuer.Name, IssuerURL: n.Issuer.URL, URL: n.ClaimURL, Picture: picture,
	}
}

const pictureName = "badge.png"

// Award mails a notice.
func (m *Mailer) Award(ctx context.Context, n Notice) error {
	locale := m.cfg.Templates.Locale(n.Assertion.Recipient.Language)
	id := fmt.Sprintf("%s.award@%s", n.Assertion.ID, m.cfg.Host)
	return m.send(ctx, outgoing{
		name: n.Assertion.Recipient.Name, address: n.Assertion.Recipient.Email, id: id,
		template: "award", locale: locale, data: n.content(locale, "cid:"+pictureName), picture: n.Picture,
	})
}

// Test mails a test to the administrator.
func (m *Mailer) Test(ctx context.Context, to string, locale templates.Locale) error {
	id := fmt.Sprintf("%d.test@%s", m.cfg.Now().UnixNano(), m.cfg.Host)
	return m.send(ctx, outgoing{address: to, id: id, template: "test", locale: locale, data: templates.Mail{Host: m.cfg.Host}})
}

// outgoing is one mail to be made.
type outgoing struct {
	name, address, id string
	template          string
	locale            templates.Locale
	data              templates.Mail
	picture           []byte
}

func (m *Mailer) send(ctx context.Context, o outgoing) error {
	if !m.Ready() {
		return fault.New(fault.Upstream, "mail.not_configured")
	}
	msg, err := m.message(ctx, o)
	if err != nil {
		return err
	}
	client, err := mail.NewClient(m.host, m.options...)
	if err != nil {
		return fmt.Errorf("make mail client: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return classify(err)
	}
	return nil
}

func (m *Mailer) message(ctx context.Context, o outgoing) (*mail.Msg, error) {
	subject := o.locale.T("mail."+o.template+"_subject", map[string]any{"Badge": o.data.Badge})
	html, text, err := m.cfg.Templates.Mail(o.locale, o.template, o.data)
	if err != nil {
		return nil, err
	}
	name, from, err := m.cfg.Sender.Sender(ctx)
	if err != nil {
		return nil, err
	}
	if from == "" {
		from = m.cfg.From
	}
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8))
	if err := msg.FromFormat(oneLine(name), from); err != nil {
		return nil, fault.New(fault.Upstream, "mail.sender_invalid")
	}
	if err := msg.AddToFormat(oneLine(o.name), o.address); err != nil {
		return nil, fault.New(fault.Upstream, "mail.address_invalid")
	}
	msg.Subject(oneLine(subject))
	msg.SetMessageIDWithValue(o.id)
	msg.SetDateWithValue(m.cfg.Now())
	// Out-of-office replies to a notice help nobody (RFC 3834).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, text)
	msg.AddAlternativeString(mail.TypeTextHTML, html)
	if o.picture != nil {
		err := msg.EmbedReader(pictureName, bytes.NewReader(o.picture), mail.WithFileContentID(pictureName), mail.WithFileContentType("image/png"))
		if err != nil {
			return nil, fmt.Errorf("embed picture: %w", err)
		}
	}
	return msg, nil
}

// oneLine keeps a name or title from becoming more header lines.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}

// classify tells what an administrator can do about a failed mail. The cause
// is dropped where it may quote the address.
func classify(err error) error {
	var sending *mail.SendError
	var network net.Error
	switch {
	case errors.As(err, &sending) && sending.Reason == mail.ErrSMTPRcptTo && !sending.IsTemp():
		return fault.New(fault.Upstream, "mail.recipient_refused")
	case errors.As(err, &sending) && sending.IsTemp():
		return fault.New(fault.Upstream, "mail.server_busy")
	case errors.As(err, &sending):
		return fault.New(fault.Upstream, "mail.refused")
	case errors.As(err, &network), errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.Upstream, "mail.server_unreachable")
	default:
		return fault.New(fault.Upstream, "mail.server_failed")
	}
}

// From is the configured sender.
func (m *Mailer) From() string { return m.cfg.From }
