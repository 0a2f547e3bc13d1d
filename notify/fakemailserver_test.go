package notify_test

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// mailServer is an SMTP server on loopback. It keeps the mails it receives, or refuses
// at the step that a test names.
type mailServer struct {
	URL string

	atRcpt, atData error // error at that step
	dropAfterData  bool  // closes the connection after the mail was accepted

	mu       sync.Mutex
	received []received
}

type received struct {
	From string
	To   []string
	Raw  []byte
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{URL: "smtp://" + listener.Addr().String() + "?tls=none"}
	server := smtp.NewServer(s)
	server.Domain = "mail.example.org"
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		// The listener is closed too: a server that is closed before it serves would
		// serve for ever.
		if err := errors.Join(server.Close(), listener.Close()); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return s
}

func (s *mailServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &mailSession{server: s, conn: c}, nil
}

// only returns the mail and fails the test unless exactly one arrived.
func (s *mailServer) only(t *testing.T) received {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.received) != 1 {
		t.Fatalf("%d mails arrived, want 1", len(s.received))
	}
	return s.received[0]
}

type mailSession struct {
	server *mailServer
	conn   *smtp.Conn
	mail   received
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.From = from
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return s.server.atRcpt
}

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.server.atData != nil {
		return s.server.atData
	}
	s.mail.Raw = raw
	s.server.mu.Lock()
	s.server.received = append(s.server.received, s.mail)
	s.server.mu.Unlock()
	return nil
}

// Reset is called after the mail, because the client sends RSET before QUIT.
func (s *mailSession) Reset() {
	if s.server.dropAfterData && s.mail.Raw != nil {
		_ = s.conn.Conn().Close() // breaks the connection; an error does not matter
	}
	s.mail = received{}
}

func (s *mailSession) Logout() error { return nil }
