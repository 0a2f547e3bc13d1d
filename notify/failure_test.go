package notify_test

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/insigne-badges/insigne/notify"
)

func refusal(code int, words string) error { return &smtp.SMTPError{Code: code, Message: words} }

// The key says what an administrator can do.
func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		atRcpt, atData error
		want           string
	}{
		"no such user":     {atRcpt: refusal(550, "zoe@student.example unknown"), want: "mail.recipient_refused"},
		"greylisted":       {atRcpt: refusal(450, "zoe@student.example: later"), want: "mail.server_busy"},
		"mailbox full":     {atRcpt: refusal(452, "zoe@student.example is full"), want: "mail.server_busy"},
		"taken for spam":   {atData: refusal(554, "SECRET link"), want: "mail.refused"},
		"busy after data":  {atData: refusal(451, "try later"), want: "mail.server_busy"},
		"relaying refused": {atRcpt: refusal(554, "relay access denied"), want: "mail.recipient_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			server := newMailServer(t)
			server.atRcpt, server.atData = test.atRcpt, test.atData
			wantFault(t, newMailer(t, server.URL, sender{}).Award(t.Context(), notice("en")), test.want)
		})
	}
}

// No server listens: the test takes a port and closes it again.
func TestServerDown(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	mailer := newMailer(t, "smtp://insigne:hunter2@"+address+"?tls=none", sender{})
	wantFault(t, mailer.Award(t.Context(), notice("en")), "mail.server_unreachable")
	if mailer.Server() != address {
		t.Errorf("server shown as %q, want %q", mailer.Server(), address)
	}
}

// A server without encryption gets no mail unless the configuration allows it.
func TestNoEncryption(t *testing.T) {
	server := newMailServer(t)
	url := server.URL[:len(server.URL)-len("?tls=none")]
	wantFault(t, newMailer(t, url, sender{}).Award(t.Context(), notice("en")), "mail.server_failed")
	if len(server.received) != 0 {
		t.Error("the mail went out in the clear")
	}
}

// A connection that breaks after the server accepted the mail is not a failure: a
// second try would send the mail twice.
func TestConnectionBreaksAfterDelivery(t *testing.T) {
	server := newMailServer(t)
	server.dropAfterData = true
	if err := newMailer(t, server.URL, sender{}).Award(t.Context(), notice("en")); err != nil {
		t.Errorf("delivered, yet %v", err)
	}
	server.only(t)
}

// A shutdown is not a failure of the mail server.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := newMailer(t, newMailServer(t).URL, sender{}).Award(ctx, notice("en"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

func TestNoServer(t *testing.T) {
	mailer := newMailer(t, "", sender{})
	if mailer.Ready() || mailer.Server() != "" {
		t.Error("ready without a server")
	}
	wantFault(t, mailer.Award(t.Context(), notice("en")), "mail.not_configured")
}

func TestServerAddress(t *testing.T) {
	for url, want := range map[string]string{
		"smtp://mail.example.org":                    "mail.example.org:587",
		"smtp://mail.example.org:25?tls=none":        "mail.example.org:25",
		"smtp://u:hunter2@mail.example.org:2525":     "mail.example.org:2525",
		"smtps://mail.example.org":                   "mail.example.org:465",
		"smtp://[2001:db8::1]:587?tls=starttls":      "[2001:db8::1]:587",
		"http://mail.example.org":                    "",
		"mail.example.org:587":                       "",
		"smtp://":                                    "",
		"smtp://mail.example.org:0":                  "",
		"smtp://mail.example.org?tls=maybe":          "",
		"smtps://mail.example.org?tls=none":          "",
		"smtp://u:hunter2@mail.example.org:not-port": "",
	} {
		t.Run(url, func(t *testing.T) {
			mailer, err := notify.NewMailer(notify.Config{SMTPURL: url, Host: "insigne.example"})
			switch {
			case want == "" && err == nil:
				t.Fatal("accepted")
			case want == "":
				wantNoSecret(t, err)
			case err != nil:
				t.Fatal(err)
			case mailer.Server() != want || !mailer.Ready():
				t.Errorf("server %q, want %q", mailer.Server(), want)
			}
		})
	}
}
