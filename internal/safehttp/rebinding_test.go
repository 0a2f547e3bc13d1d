package safehttp_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/insigne-badges/insigne/internal/safehttp"
)

// TestRebinding: the attacker controls a name. It resolves to an allowed
// address when it is checked, and to an internal one when it is dialled.
func TestRebinding(t *testing.T) {
	var reached atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(inside.Close)
	u, err := url.Parse(inside.URL)
	if err != nil {
		t.Fatal(err)
	}
	dns := newNameServer(t, netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.1"))
	client := safehttp.New(safehttp.Options{
		Timeout: 2 * time.Second, Resolver: dns.resolver(), Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")},
	})
	address := "http://lms.attacker.example:" + u.Port()
	for i, wantForbidden := range []bool{false, true, true} {
		resp, err := client.Get(address)
		if err == nil {
			_ = resp.Body.Close()
		}
		// Nothing listens on the allowed address: the first request fails,
		// but is attempted.
		if err == nil || errors.Is(err, safehttp.ErrForbiddenAddress) != wantForbidden {
			t.Errorf("request %d: error = %v, forbidden should be %v", i+1, err, wantForbidden)
		}
	}
	if reached.Load() != 0 {
		t.Error("the inside was reached")
	}
	if dns.asked.Load() < 3 {
		t.Errorf("the name was resolved %d times, want once a request", dns.asked.Load())
	}
}

// nameServer answers every question for an IPv4 address: the first time with
// one address, later with the other.
type nameServer struct {
	conn        net.PacketConn
	first, then netip.Addr
	asked       atomic.Int32
}

func newNameServer(t *testing.T, first, then netip.Addr) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s := &nameServer{conn: conn, first: first, then: then}
	go s.serve()
	return s
}

func (s *nameServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", s.conn.LocalAddr().String())
	}}
}

func (s *nameServer) serve() {
	raw := make([]byte, 1500)
	for {
		n, from, err := s.conn.ReadFrom(raw)
		if err != nil {
			return // closed
		}
		if answer, err := s.answer(raw[:n]); err == nil {
			_, _ = s.conn.WriteTo(answer, from)
		}
	}
}

func (s *nameServer) answer(raw []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(raw); err != nil {
		return nil, err
	}
	m.Response, m.Additionals = true, nil
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		addr := s.first
		if s.asked.Add(1) > 1 {
			addr = s.then
		}
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class},
			Body:   &dnsmessage.AResource{A: addr.As4()},
		}}
	}
	return m.Pack()
}
