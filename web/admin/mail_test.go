package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/store"
)

func (s *site) sender(t *testing.T) store.MailSender {
	t.Helper()
	sender, err := s.Store.MailSender(t.Context())
	must(t, err)
	return sender
}

// TestMailSender stores the sender of mails. Until then the page shows the configured
// one.
func TestMailSender(t *testing.T) {
	s := newSite(t)
	b := s.Administrator(t)
	a := b.Get("/admin/mail")
	shows(t, a, http.StatusOK, "No mail server is set up: learners get no e-mail. INSIGNE_SMTP_URL")
	if !strings.Contains(a.Body, `value="noreply@badges.lutece.example"`) {
		t.Errorf("the configured sender is not shown: %s", a.Body)
	}
	leadsTo(t, b.Post("/admin/mail", url.Values{"name": {" Lutèce "}, "address": {" badges@lutece.example "}}), "/admin/mail")
	want := store.MailSender{Name: "Lutèce", Address: "badges@lutece.example"}
	if got := s.sender(t); got != want {
		t.Errorf("stored %+v", got)
	}
	for _, address := range []string{"", "nobody", "Lutèce <badges@lutece.example>", "a@lutece.example, b@lutece.example", "a@lutece.example\r\nBcc: b@lutece.example"} {
		a := b.Post("/admin/mail", url.Values{"name": {"Typed"}, "address": {address}})
		shows(t, a, http.StatusUnprocessableEntity, "This is not an e-mail address.")
		if address == "nobody" && (!strings.Contains(a.Body, `value="Typed"`) || !strings.Contains(a.Body, `value="nobody"`)) {
			t.Errorf("the form lost what was typed: %s", a.Body)
		}
	}
	if got := s.sender(t); got != want {
		t.Errorf("after refused forms: stored %+v", got)
	}
	if diff := cmp.Diff([]string{"admin mail_changed"}, s.acts(t, "")); diff != "" {
		t.Errorf("audit log (-want +got):\n%s", diff)
	}
}

// TestTestMail sends a mail at once, and shows why the mail server refused it.
func TestTestMail(t *testing.T) {
	box := newMailbox(t)
	s := newSiteWithMail(t, box.url)
	b := s.Administrator(t)
	b.Post("/admin/mail", url.Values{"name": {"Lutece"}, "address": {"badges@lutece.example"}})
	shows(t, b.Get("/admin/mail"), http.StatusOK, "127.0.0.1:")
	leadsTo(t, b.Post("/admin/mail/test", url.Values{"to": {" admin@lutece.example "}}), "/admin/mail?sent=1")
	shows(t, b.Get("/admin/mail?sent=1"), http.StatusOK, "The mail server accepted the test mail.")
	mails := box.received()
	if len(mails) != 1 || !strings.Contains(mails[0], "To: <admin@lutece.example>") || !strings.Contains(mails[0], `From: "Lutece" <badges@lutece.example>`) {
		t.Fatalf("received %q", mails)
	}

	shows(t, b.Post("/admin/mail/test", url.Values{"to": {"nobody"}}), http.StatusUnprocessableEntity, "This is not an e-mail address.")
	box.set(true)
	a := b.Post("/admin/mail/test", url.Values{"to": {"admin@lutece.example"}})
	shows(t, a, http.StatusUnprocessableEntity, "The mail server refuses this recipient for good.")
	if a.Shows("The mail server accepted the test mail.") || !strings.Contains(a.Body, `value="admin@lutece.example"`) || !strings.Contains(a.Body, `value="badges@lutece.example"`) {
		t.Errorf("after a refusal: %s", a.Body)
	}
	if mails := box.received(); len(mails) != 1 {
		t.Errorf("received %d mails, want 1", len(mails))
	}
}

// TestTestMailWithoutServer checks that the page says that there is no mail server.
func TestTestMailWithoutServer(t *testing.T) {
	b := newSite(t).Administrator(t)
	b.Language = "fr"
	if a := b.Post("/admin/mail/test", url.Values{"to": {"admin@lutece.example"}}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `id="mail-problem"`) {
		t.Errorf("status %d: %s", a.Status, a.Text())
	}
}
