package notify

import (
	"context"

	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/templates"
)

// Messenger sends notices as messages inside the LMS.
type Messenger struct{ templates *templates.Set }

// NewMessenger returns a messenger that uses the templates.
func NewMessenger(set *templates.Set) *Messenger { return &Messenger{templates: set} }

// Messages sends a message to a user of the LMS.
type Messages interface {
	SendMessage(ctx context.Context, to moodle.UserID, html string) error
}

// Award sends a notice of an award. It returns the error of the LMS.
func (m *Messenger) Award(ctx context.Context, lms Messages, n Notice) error {
	return m.send(ctx, lms, "message", n)
}

// End sends a notice that a badge will end. It returns the error of the LMS.
func (m *Messenger) End(ctx context.Context, lms Messages, n Notice) error {
	return m.send(ctx, lms, "end_message", n)
}

func (m *Messenger) send(ctx context.Context, lms Messages, template string, n Notice) error {
	locale := m.templates.Locale(n.Assertion.Recipient.Language)
	html, err := m.templates.Message(locale, template, n.content(locale, ""))
	if err != nil {
		return err
	}
	return lms.SendMessage(ctx, moodle.UserID(n.Assertion.User), html)
}
