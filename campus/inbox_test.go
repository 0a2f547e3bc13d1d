package campus_test

import (
	"fmt"
	"net"
	"net/smtp"
	"regexp"
	"testing"
)

// deliver sends mails over SMTP, numbered from 1.
func (s *site) deliver(t *testing.T, count int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.ServeSMTP(l) }() // until the site closes
	client, err := smtp.Dial(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for i := range count {
		if err := client.Mail("badges@example.org"); err != nil {
			t.Fatal(err)
		}
		if err := client.Rcpt("zoe@example.org"); err != nil {
			t.Fatal(err)
		}
		w, err := client.Data()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(w, "Subject: badge %d\r\nMessage-ID: <%d@example.org>\r\nDate: Mon, 23 Nov 2026 11:00:00 +0000\r\n\r\nHello.\r\n", i+1, i+1); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Quit(); err != nil {
		t.Fatal(err)
	}
}

// A page shows a hundred mails, the newest first, each with a link to the mail.
func TestInboxPages(t *testing.T) {
	s := newSite(t)
	s.deliver(t, 230)
	for page, want := range map[string]struct {
		count       int
		first, last string
	}{
		"/inbox": {100, "230", "131"}, "/inbox?page=2": {100, "130", "31"}, "/inbox?page=3": {30, "30", "1"}, "/inbox?page=9": {30, "30", "1"},
	} {
		found := regexp.MustCompile(`href="/inbox/(\d+)\?`).FindAllStringSubmatch(s.get(t, page).body, -1)
		if len(found) != want.count || found[0][1] != want.first || found[len(found)-1][1] != want.last {
			t.Errorf("%s lists %d mails from %v to %v", page, len(found), found[0], found[len(found)-1])
		}
	}
	if got := s.get(t, "/inbox/31"); !regexp.MustCompile(`<h1>badge 31</h1>`).MatchString(got.body) {
		t.Errorf("mail 31 is %d %s", got.status, got.body)
	}
	for _, none := range []string{"/inbox/0", "/inbox/231"} {
		if got := s.get(t, none); got.status != 404 {
			t.Errorf("%s is %d", none, got.status)
		}
	}
}
