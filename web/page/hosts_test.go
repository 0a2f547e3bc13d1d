package page_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/web/page"
)

// TestHosts returns the base URL of a request. A host that is not ours never gets into
// it.
func TestHosts(t *testing.T) {
	const current, old, ported, local = "https://badges.example.org", "https://Old.example.org", "https://older.example.org:8443", "http://localhost:8080"
	hosts, err := page.NewHosts(current, old, ported, local, "https://v6.example.org:443", "http://[::1]:80")
	if err != nil {
		t.Fatal(err)
	}
	if hosts.Current() != current {
		t.Errorf("current is %q", hosts.Current())
	}
	for _, tt := range []struct{ name, host, want string }{
		{"the current host", "badges.example.org", current},
		{"with the usual port", "badges.example.org:443", current},
		{"in capitals", "BADGES.Example.ORG", current},
		{"a former host", "old.example.org", old},
		{"a former host with the usual port", "old.example.org:443", old},
		{"a former host with its port", "older.example.org:8443", ported},
		{"a former host without its port", "older.example.org", current},
		{"a former host with another port", "old.example.org:8443", current},
		{"with the port of the other scheme", "old.example.org:80", current},
		{"a port that was written", "v6.example.org", "https://v6.example.org:443"},
		{"on this machine", "localhost:8080", local},
		{"on this machine, another port", "localhost:8081", current},
		{"an address", "[::1]", "http://[::1]:80"},
		{"no host", "", current},
		{"a host of somebody else", "evil.example", current},
		{"a name below ours", "evil.badges.example.org", current},
		{"a name that begins like a former one", "old.example.org.evil.example", current},
		{"with user information", "old.example.org@evil.example", current},
		{"with a path", "old.example.org/evil", current},
		{"two hosts", "old.example.org, evil.example", current},
		{"with a space", "old.example.org ", current},
		{"with a line break", "old.example.org\r\nX-Evil: 1", current},
		{"as a full address", "https://old.example.org", current},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/v/x", nil)
			r.Host = tt.host
			r.Header.Set("X-Forwarded-Host", "old.example.org") // nobody asked for it, so it does not count
			if got := hosts.Base(r); got != tt.want || hosts.Former(r) != (tt.want != current) {
				t.Errorf("%q has base %q, former %t; want %q", tt.host, got, hosts.Former(r), tt.want)
			}
		})
	}
}

// TestHostsRefused refuses base URLs from which no address can be made, or which cannot
// be told apart.
func TestHostsRefused(t *testing.T) {
	const current = "https://badges.example.org"
	for _, tt := range []struct{ name, base, want string }{
		{"empty", "", "want scheme://host"},
		{"without a scheme", "old.example.org", "want scheme://host"},
		{"with a slash", "https://old.example.org/", "want scheme://host"},
		{"with a path", "https://old.example.org/insigne", "want scheme://host"},
		{"with a query", "https://old.example.org?a", "want scheme://host"},
		{"with a user", "https://me@old.example.org", "want scheme://host"},
		{"without a host", "https://", "want scheme://host"},
		{"broken", "https://old example", "want scheme://host"},
		{"the current one", current, "has the same host"},
		{"the current one in capitals", "https://BADGES.example.org", "has the same host"},
		{"the current one with its port", current + ":443", "has the same host"},
		{"the current one over http", "http://badges.example.org", "has the same host"},
		{"twice", "https://first.example.org", "has the same host"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := page.NewHosts(current, "https://first.example.org", tt.base); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%q: %v, want %q", tt.base, err, tt.want)
			}
		})
	}
}
