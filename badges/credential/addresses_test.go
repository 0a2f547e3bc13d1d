package credential_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
)

const id = badges.AssertionID("0b7c2c9e-3b0a-4a53-9b7f-1f3c56f2a001")

func addresses(base string) credential.Addresses {
	return credential.NewAddresses(base, credential.NewClaimLinks([]byte("0123456789abcdef0123456789abcdef")))
}

func TestAddresses(t *testing.T) {
	for _, base := range []string{
		"https://badges.example.org", "https://badges.example.org:8443", "http://localhost:8080", "http://[::1]:8080", "https://[2001:db8::1]",
	} {
		t.Run(base, func(t *testing.T) {
			a := addresses(base)
			claim, err := a.Claim(id)
			if err != nil {
				t.Fatal(err)
			}
			for _, tt := range []struct{ name, got, want string }{
				{"page", a.Page(id), "/v/" + string(id)},
				{"JSON", a.JSON(id), "/v/" + string(id) + ".json"},
				{"PNG", a.PNG(id), "/v/" + string(id) + ".png"},
				{"version", a.Version("4f"), "/badges/4f"},
				{"issuer", a.Issuer("5e"), "/issuers/5e"},
				{"picture", a.Picture("6d"), "/pictures/6d.png"},
				{"claim", claim, "/claim/C3wsnjsKSlObfx88VvKgAY-3K-0sGP2jUKnuX84jsiM"},
			} {
				if tt.got != base+tt.want {
					t.Errorf("%s is at %s, want %s%s", tt.name, tt.got, base, tt.want)
				}
				if u, err := url.Parse(tt.got); err != nil || u.Scheme+"://"+u.Host != base || u.Path != tt.want {
					t.Errorf("%s: %v, %v", tt.got, u, err)
				}
			}
		})
	}
}

// TestAddressesOfAnotherBase makes addresses of a former base. The addresses that they
// were made from stay as they are, and both read the same claim links.
func TestAddressesOfAnotherBase(t *testing.T) {
	now := addresses("https://badges.example.org")
	then := now.At("https://old.example.org:8443")
	claim, err := then.Claim(id)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{then.Page(id), then.Issuer("5e"), claim, now.Page(id)}
	want := []string{
		"https://old.example.org:8443/v/" + string(id), "https://old.example.org:8443/issuers/5e",
		"https://old.example.org:8443/claim/C3wsnjsKSlObfx88VvKgAY-3K-0sGP2jUKnuX84jsiM", "https://badges.example.org/v/" + string(id),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
	if got, err := now.ParseClaim(claim[strings.LastIndex(claim, "/")+1:]); err != nil || got != id {
		t.Errorf("the claim link of the former base is for %s, %v", got, err)
	}
}

// TestDID compares with the examples of the did:web method, section 3.1.
func TestDID(t *testing.T) {
	for base, want := range map[string]string{
		"https://badges.example.org":      "did:web:badges.example.org:issuers:5e",
		"https://badges.example.org:8443": "did:web:badges.example.org%3A8443:issuers:5e",
		"http://localhost:8080":           "did:web:localhost%3A8080:issuers:5e",
	} {
		if got, err := addresses(base).DID("5e"); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", base, got, err, want)
		}
	}
}

func TestClaimAddress(t *testing.T) {
	a := addresses("https://badges.example.org")
	claim, err := a.Claim(id)
	if err != nil {
		t.Fatal(err)
	}
	token := claim[strings.LastIndex(claim, "/")+1:]
	if got, err := a.ParseClaim(token); err != nil || got != id {
		t.Errorf("ParseClaim(%s) = %s, %v; want %s", token, got, err, id)
	}
	if claim, err := a.Claim("6"); err == nil {
		t.Errorf("an id that is no UUID is claimed at %s", claim)
	}
}

func TestLinkedIn(t *testing.T) {
	award := credential.Award{
		Assertion: badges.Assertion{ID: id, AwardedAt: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)},
		Version:   badges.Version{Content: badges.Content{Name: "Données & société"}},
		Issuer:    badges.Issuer{Name: "Université d’Exemple"},
	}
	lasting := award
	lasting.Assertion.ExpiresAt = time.Date(2027, 12, 31, 9, 30, 0, 0, time.UTC)
	want := url.Values{
		"startTask": {"CERTIFICATION_NAME"}, "name": {"Données & société"}, "organizationName": {"Université d’Exemple"},
		"issueYear": {"2026"}, "issueMonth": {"3"}, "certUrl": {"https://badges.example.org/v/" + string(id)}, "certId": {string(id)},
	}
	for _, tt := range []struct {
		name        string
		award       credential.Award
		year, month []string
	}{
		{"for ever", award, nil, nil},
		{"with an end", lasting, []string{"2027"}, []string{"12"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u, err := url.Parse(addresses("https://badges.example.org").LinkedIn(tt.award))
			if err != nil || u.Scheme+"://"+u.Host+u.Path != "https://www.linkedin.com/profile/add" {
				t.Fatalf("%v, %v", u, err)
			}
			got := u.Query()
			if !cmp.Equal(got["expirationYear"], tt.year) || !cmp.Equal(got["expirationMonth"], tt.month) {
				t.Errorf("ends in %v of %v, want %v of %v", got["expirationMonth"], got["expirationYear"], tt.month, tt.year)
			}
			got.Del("expirationYear")
			got.Del("expirationMonth")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}
