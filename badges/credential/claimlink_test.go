package credential_test

import (
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/internal/fault"
)

func TestClaimLinks(t *testing.T) {
	links := credential.NewClaimLinks([]byte("0123456789abcdef0123456789abcdef"))
	const id = badges.AssertionID("0b7c2c9e-3b0a-4a53-9b7f-1f3c56f2a001")
	token, err := links.Token(id)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := links.Parse(token); err != nil || got != id {
		t.Fatalf("Parse(Token(id)) = %v, %v; want %v", got, err, id)
	}
	other := credential.NewClaimLinks([]byte("another key, another installation"))
	if _, err := other.Parse(token); !fault.Is(err, fault.NotFound) {
		t.Errorf("a token of another key: %v, want NotFound", err)
	}
	for i := range token {
		forged := []byte(token)
		forged[i] ^= 1
		if got, err := links.Parse(string(forged)); err == nil {
			t.Errorf("token with character %d changed names %v, want an error", i, got)
		}
	}
	for _, bad := range []string{"", "x", token + "A", token[:42]} {
		if _, err := links.Parse(bad); !fault.Is(err, fault.NotFound) {
			t.Errorf("Parse(%q) = %v, want NotFound", bad, err)
		}
	}
}
