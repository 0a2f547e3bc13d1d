package admin_test

import (
	"io"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// mailbox is a mail server that keeps what it gets, unless it refuses.
type mailbox struct {
	url string

	mu      sync.Mutex
	refuses bool
	mails   []string
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	m := &mailbox{url: "smtp://" + listener.Addr().String() + "?tls=none"}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return mailSession{m}, nil }))
	server.Domain = "mail.example.org"
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // until it is closed
	}()
	t.Cleanup(func() {
		// A server that is closed before it serves would serve for ever.
		_, _ = server.Close(), listener.Close()
		<-done
	})
	return m
}

func (m *mailbox) set(refuses bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuses = refuses
}

func (m *mailbox) received() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.mails)
}

type mailSession struct{ box *mailbox }

func (mailSession) Mail(string, *smtp.MailOptions) error { return nil }

func (s mailSession) Rcpt(string, *smtp.RcptOptions) error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if s.box.refuses {
		return &smtp.SMTPError{Code: 550, Message: "no such user"}
	}
	return nil
}

func (s mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.mails = append(s.box.mails, string(raw))
	return err
}

func (mailSession) Reset() {}

func (mailSession) Logout() error { return nil }
