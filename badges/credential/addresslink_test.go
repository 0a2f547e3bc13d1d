package credential_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/internal/fault"
)

func TestAddressLinks(t *testing.T) {
	links := credential.NewClaimLinks([]byte("0123456789abcdef0123456789abcdef"))
	const id = badges.AssertionID("0b7c2c9e-3b0a-4a53-9b7f-1f3c56f2a001")
	ends := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	token, err := links.AddressToken(id, "Zoe@Home.example", ends)
	if err != nil {
		t.Fatal(err)
	}
	link, err := links.ParseAddress(token)
	if err != nil || link.Assertion != id || !link.Ends.Equal(ends) {
		t.Fatalf("ParseAddress = %+v, %v", link, err)
	}
	for address, want := range map[string]bool{
		"Zoe@Home.example": true, "zoe@home.example": true, // the same hash
		"": false, "zoe@home.exampl": false, "zoe@home.example ": false, "eve@evil.example": false,
	} {
		if links.Confirms(link, address) != want {
			t.Errorf("confirms %q: %t", address, !want)
		}
	}
	other := credential.NewClaimLinks([]byte("another key, another installation"))
	if other.Confirms(link, "zoe@home.example") {
		t.Error("a link of another key confirms")
	}
	raw, _ := base64.RawURLEncoding.DecodeString(token)
	if strings.Contains(strings.ToLower(string(raw)), "zoe") || len(token) != 54 {
		t.Errorf("the token %q has %d characters, or shows the address", token, len(token))
	}
	for i := range token {
		forged := []byte(token)
		forged[i] ^= 1
		if link, err := links.ParseAddress(string(forged)); err == nil && links.Confirms(link, "zoe@home.example") {
			t.Errorf("the token with character %d changed confirms", i)
		}
	}
	claim, err := links.Token(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "x", claim, token + "A", token[:53]} {
		if _, err := links.ParseAddress(bad); !fault.Is(err, fault.NotFound) {
			t.Errorf("ParseAddress(%q) = %v, want NotFound", bad, err)
		}
	}
	if _, err := links.Parse(token); !fault.Is(err, fault.NotFound) {
		t.Errorf("as a claim link: %v", err)
	}
	if _, err := links.AddressToken("6", "zoe@home.example", ends); err == nil {
		t.Error("a token for an id that is no UUID")
	}
}

// TestHashedSpelling checks the identity in the document of an award: what a verifier
// that types the address must hash.
func TestHashedSpelling(t *testing.T) {
	told := badges.Assertion{State: badges.Pending, Recipient: badges.Recipient{Email: "Zoe.Angstrom@Example.ORG"}}
	claimed, err := told.Claim(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), false, false)
	if err != nil {
		t.Fatal(err)
	}
	before := told // claimed by a version of Insigne that kept the spelling of the LMS
	before.State = badges.Claimed
	for name, tt := range map[string]struct {
		award   badges.Assertion
		matches map[string]bool // by what a verifier hashes
	}{
		"claimed now":    {claimed, map[string]bool{"Zoe.Angstrom@Example.ORG": false, "zoe.angstrom@example.org": true}},
		"claimed before": {before, map[string]bool{"Zoe.Angstrom@Example.ORG": true, "zoe.angstrom@example.org": false}},
	} {
		award := sample("en")
		award.Assertion.Recipient = tt.award.Recipient
		document, err := documents(t).Assertion(award)
		if err != nil {
			t.Fatal(err)
		}
		for typed, want := range tt.matches {
			if got := document.Recipient.Identity == openbadges.HashEmail(typed, award.Assertion.Salt); got != want {
				t.Errorf("%s: %q matches: %t", name, typed, got)
			}
		}
	}
}
