package safehttp_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/internal/safehttp"
)

// TestPrivateAddressesAreNotReached: an attacker gives an internal address. The
// server there must get no request.
func TestPrivateAddressesAreNotReached(t *testing.T) {
	reached := false
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(canary.Close)
	port := canary.URL[strings.LastIndex(canary.URL, ":"):]
	client := safehttp.New(safehttp.Options{Timeout: time.Second})
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "169.254.169.254",
		"10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "[fe80::1]", "[fe80::1%25lo]", "[fd00::1]", "[fec0::1]",
		"[fec0::1%25lo]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001::1]", "[::127.0.0.1]",
	} {
		t.Run(host, func(t *testing.T) {
			resp, err := client.Get("http://" + host + port)
			if err == nil {
				_ = resp.Body.Close()
			}
			if !errors.Is(err, safehttp.ErrForbiddenAddress) {
				t.Errorf("Get(%s) error = %v, want ErrForbiddenAddress", host, err)
			}
		})
	}
	if reached {
		t.Error("the canary got a request")
	}
}

// TestAllowedNetworkAndNoRedirect: a public server redirects to the metadata
// service of a cloud.
func TestAllowedNetworkAndNoRedirect(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	client := safehttp.New(safehttp.Options{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	resp, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusFound {
		t.Errorf("status = %d, want the redirect itself", resp.StatusCode)
	}
}

func TestReadAll(t *testing.T) {
	if got, err := safehttp.ReadAll(strings.NewReader("12345"), 5); err != nil || string(got) != "12345" {
		t.Errorf("ReadAll within the limit = %q, %v", got, err)
	}
	if _, err := safehttp.ReadAll(strings.NewReader("123456"), 5); !errors.Is(err, safehttp.ErrTooLarge) {
		t.Errorf("ReadAll above the limit: %v, want ErrTooLarge", err)
	}
}
