package notify_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
)

// TestConfirmAddress mails the link that confirms an address. The mail goes to that
// address alone, in the language of the form, and names nobody.
func TestConfirmAddress(t *testing.T) {
	for _, language := range []string{"en", "fr"} {
		t.Run(language, func(t *testing.T) {
			server := newMailServer(t)
			n := notice("fr")
			n.Assertion.Recipient.Email = ""
			given := badges.GivenAddress{Assertion: n.Assertion.ID, Address: "Zoe@Home.example", Language: language, GivenAt: noon}
			if err := newMailer(t, server.URL, sender{}).ConfirmAddress(t.Context(), n, given); err != nil {
				t.Fatal(err)
			}
			got := server.only(t)
			if diff := cmp.Diff([]string{"Zoe@Home.example"}, got.To); diff != "" {
				t.Error(diff)
			}
			l := open(t, got.Raw)
			golden(t, "address."+language+".txt", l.Text)
			id, err := l.Header.MessageID()
			if err != nil || !strings.HasPrefix(id, string(n.Assertion.ID)+".address.") {
				t.Errorf("message id %q, %v", id, err)
			}
			for _, part := range []string{l.Text, l.HTML} {
				if !strings.Contains(part, claimURL) || strings.Contains(part, "Zoë") || strings.Contains(part, "Zoe@") || strings.Contains(part, "Home.example") {
					t.Errorf("without the link, or with a name or an address: %s", part)
				}
			}
			if stranger := map[string]string{"en": "If it was not you, do nothing", "fr": "Si ce n’est pas vous, ne faites rien"}[language]; !strings.Contains(l.HTML, stranger) {
				t.Errorf("a stranger does not read what to do: %s", l.HTML)
			}
			if strings.Contains(l.HTML, "because you take part") || strings.Contains(l.HTML, "parce que vous participez") {
				t.Errorf("the mail says that its reader takes part in the course: %s", l.HTML)
			}
		})
	}
	t.Run("not an address", func(t *testing.T) {
		server := newMailServer(t)
		given := badges.GivenAddress{Address: "zoe@home.example\r\nBcc: eve@evil.example"}
		wantFault(t, newMailer(t, server.URL, sender{}).ConfirmAddress(t.Context(), notice("en"), given), "mail.address_invalid")
		if len(server.received) != 0 {
			t.Error("a mail went out")
		}
	})
}
