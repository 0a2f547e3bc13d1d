package notify

import (
	"bytes"
	"context"
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode"

	"github.com/wneessen/go-mail"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
)

// mailContent is the content of one mail.
type mailContent struct {
	name, address string // of the recipient
	id            string // Message-ID: the same if the mail is sent again
	template      string
	locale        templates.Locale
	data          templates.Mail
	picture       []byte // PNG; may be nil
}

// pictureID returns the content id of the picture inside the mail (RFC 2392).
func (m *Mailer) pictureID() string { return "badge@" + m.cfg.Host }

func (m *Mailer) compose(ctx context.Context, l mailContent) (*mail.Msg, error) {
	html, text, err := m.cfg.Templates.Mail(l.locale, l.template, l.data)
	if err != nil {
		return nil, err
	}
	from, err := m.sender(ctx)
	if err != nil {
		return nil, err
	}
	to, err := mailbox(l.name, l.address)
	if err != nil {
		return nil, fault.New(fault.Upstream, "mail.address_invalid")
	}
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8))
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	msg.Subject(oneLine(l.locale.T("mail."+l.template+"_subject", map[string]any{"Badge": l.data.Badge, "When": l.data.ExpiresAt})))
	msg.SetMessageIDWithValue(l.id)
	msg.SetDateWithValue(m.cfg.Now())
	// Prevents out-of-office replies (RFC 3834, section 5).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(mail.HeaderContentLang, l.locale.Lang())
	msg.SetBodyString(mail.TypeTextPlain, text)
	msg.AddAlternativeString(mail.TypeTextHTML, html)
	if l.picture != nil {
		err := msg.EmbedReader("badge.png", bytes.NewReader(l.picture),
			mail.WithFileContentID("<"+m.pictureID()+">"), mail.WithFileContentType("image/png"))
		if err != nil {
			return nil, fmt.Errorf("embed picture: %w", err)
		}
	}
	return msg, nil
}

func (m *Mailer) sender(ctx context.Context) (*netmail.Address, error) {
	name, address, err := m.cfg.Sender.Sender(ctx)
	if err != nil {
		return nil, fmt.Errorf("read mail sender: %w", err)
	}
	if address == "" {
		address = m.cfg.From
	}
	from, err := mailbox(name, address)
	if err != nil {
		return nil, fault.New(fault.Upstream, "mail.sender_invalid")
	}
	return from, nil
}

// mailbox joins a display name, which can be any text, and an address, which must be
// one address without anything around it. Both come from the LMS: neither may add a
// header or a recipient.
func mailbox(name, address string) (*netmail.Address, error) {
	parsed, err := badges.ParseAddress(address)
	if err != nil {
		return nil, err
	}
	if parsed != address {
		return nil, errNoAddress
	}
	return &netmail.Address{Name: oneLine(name), Address: address}, nil
}

// oneLine removes control characters and the marks that change the direction of text. A
// name or title can then neither add header lines nor reverse the text around it.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
	}), " ")
}
