// Package safehttp is the HTTP client for addresses that came from outside: an
// LMS's configuration, key set, token endpoint and web services.
//
// It connects only to public addresses, unless the operator allows a network. It
// checks the address that it really dials, so that a name that resolves to another
// address the second time does not get around the check. It follows no redirects
// and uses no proxy.
package safehttp

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrForbiddenAddress means that an address is in a private network that the
// operator did not allow.
var ErrForbiddenAddress = errors.New("address is in a private network that is not allowed")

// ErrTooLarge means that an answer was longer than the caller accepts.
var ErrTooLarge = errors.New("answer is too large")

// Options configures a client.
type Options struct {
	Allowed  []netip.Prefix // private networks that may be reached
	Timeout  time.Duration  // for a request with its answer; 0 means five seconds
	Resolver *net.Resolver  // nil means that of the system
}

// New returns a client. It does not follow redirects: the caller gets the 3xx
// answer.
func New(o Options) *http.Client {
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	dialer := &net.Dialer{Timeout: o.Timeout, Resolver: o.Resolver, Control: func(_, address string, _ syscall.RawConn) error {
		return check(address, o.Allowed)
	}}
	return &http.Client{
		Timeout: o.Timeout,
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    o.Timeout,
			MaxIdleConnsPerHost:    8,
			IdleConnTimeout:        time.Minute,
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// check returns an error for an address that must not be dialled. It runs after
// names were resolved, so that a second resolution cannot give another address.
func check(address string, allowed []netip.Prefix) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrForbiddenAddress, address)
	}
	addr := ap.Addr().Unmap().WithZone("") // no prefix contains an address with a zone
	for _, p := range allowed {
		if p.Contains(addr) {
			return nil
		}
	}
	if !public(addr) {
		return fmt.Errorf("%w: %s", ErrForbiddenAddress, addr)
	}
	return nil
}

// special lists ranges that netip's predicates do not cover: this network,
// carrier-grade NAT, protocol assignments, benchmarking, reserved, site-local,
// and the prefixes that embed IPv4 addresses or lead into tunnels (IANA's
// special-purpose address registries).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

func public(addr netip.Addr) bool {
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return false // loopback, link-local, multicast and unspecified are no global unicast
	}
	for _, p := range special {
		if p.Contains(addr) {
			return false
		}
	}
	return true
}

// ReadAll reads a body of at most limit bytes. It fails with ErrTooLarge if
// there are more.
func ReadAll(body io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, ErrTooLarge
	}
	return data, nil
}
