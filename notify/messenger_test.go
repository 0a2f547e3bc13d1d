package notify_test

import (
	"context"
	"errors"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/templates"
)

// lms receives one message.
type lms struct {
	to      moodle.UserID
	html    string
	refusal error
}

func (l *lms) SendMessage(_ context.Context, to moodle.UserID, html string) error {
	l.to, l.html = to, html
	return l.refusal
}

func newMessenger(t *testing.T) *notify.Messenger {
	t.Helper()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	return notify.NewMessenger(set)
}

func TestAwardMessage(t *testing.T) {
	for _, language := range []string{"en", "fr"} {
		t.Run(language, func(t *testing.T) {
			var inbox lms
			n := notice(language)
			n.Version.Name = `Data <script>alert(1)</script> Explorer`
			if err := newMessenger(t).Award(t.Context(), &inbox, n); err != nil {
				t.Fatal(err)
			}
			if inbox.to != "42" {
				t.Errorf("sent to %q", inbox.to)
			}
			golden(t, "message."+language+".html", inbox.html)
		})
	}
}

func TestEndMessage(t *testing.T) {
	for _, language := range []string{"en", "fr"} {
		t.Run(language, func(t *testing.T) {
			var inbox lms
			n := ending(language)
			n.Version.Name = `Data <script>alert(1)</script> Explorer`
			if err := newMessenger(t).End(t.Context(), &inbox, n); err != nil {
				t.Fatal(err)
			}
			golden(t, "end_message."+language+".html", inbox.html)
		})
	}
}

func TestStepMessage(t *testing.T) {
	for _, language := range []string{"en", "fr"} {
		var inbox lms
		n := notice(language)
		n.Replaces = "Bronze <b>"
		if err := newMessenger(t).Award(t.Context(), &inbox, n); err != nil {
			t.Fatal(err)
		}
		golden(t, "award_step_message."+language+".html", inbox.html)
	}
}

func TestAwardMessageRefused(t *testing.T) {
	inbox := lms{refusal: &moodle.Error{Reason: moodle.MessageRefused}}
	err := newMessenger(t).Award(t.Context(), &inbox, notice("fr"))
	if !errors.Is(err, inbox.refusal) {
		t.Errorf("%v, want the LMS's own error", err)
	}
}

// TestMessageWithoutAddress tells a learner without an address where to give one.
func TestMessageWithoutAddress(t *testing.T) {
	for _, language := range []string{"en", "fr"} {
		var inbox lms
		n := notice(language)
		n.Assertion.State, n.Assertion.Recipient.Email = badges.Pending, ""
		if err := newMessenger(t).Award(t.Context(), &inbox, n); err != nil {
			t.Fatal(err)
		}
		golden(t, "no_address_message."+language+".html", inbox.html)
	}
}
