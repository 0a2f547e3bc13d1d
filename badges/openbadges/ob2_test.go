package openbadges_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges/openbadges"
)

var update = flag.Bool("update", false, "rewrite the documents in testdata")

const (
	host      = "https://badges.univ.example"
	holder    = "zoe.lefevre@univ.example"
	assertion = host + "/v/0198c0de"
)

var issued = time.Date(2026, time.March, 4, 10, 30, 0, 123456789, time.FixedZone("CET", 3600))

// documents returns the documents of a badge as its issuer hosts them.
func documents(t testing.TB) (openbadges.Assertion, openbadges.BadgeClass, openbadges.Issuer) {
	t.Helper()
	a, err := openbadges.NewAssertion(assertion, host+"/badges/1", assertion+".png", holder, "salt", issued)
	if err != nil {
		t.Fatal(err)
	}
	b, err := openbadges.NewBadgeClass(openbadges.BadgeClass{
		ID: host + "/badges/1", Name: "Méthode <scientifique>", Description: "Ce que le badge atteste",
		Image: host + "/pictures/1.png", Criteria: openbadges.Criteria{Narrative: "Terminer le cours"},
		Issuer: host + "/issuers/1", Language: "fr",
	})
	if err != nil {
		t.Fatal(err)
	}
	i, err := openbadges.NewIssuer(openbadges.Issuer{
		ID: host + "/issuers/1", Name: "Université d’Exemple", URL: "https://www.univ.example", Email: "badges@univ.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	return a, b, i
}

// TestDocuments compares each document with a file that was checked line by
// line against the standard, because other programs depend on every byte.
func TestDocuments(t *testing.T) {
	a, b, i := documents(t)
	expires := issued.AddDate(2, 0, 0).UTC().Truncate(time.Second)
	long := a
	long.Expires, long.Narrative = &expires, "Avec mention"
	long.Evidence = []openbadges.Evidence{openbadges.NewEvidence("obtenir au moins 80 % à « Quiz »", "92,5 % (18,5 sur 20) le 4 mars 2026")}
	for name, document := range map[string]any{
		"assertion": a, "assertion_all": long, "badge": b, "issuer": i,
		"revoked": openbadges.NewRevoked(assertion, "Awarded by mistake"),
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			enc := json.NewEncoder(&got)
			enc.SetIndent("", "  ")
			enc.SetEscapeHTML(false)
			if err := enc.Encode(document); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}

// TestHashEmail compares with the output of `printf
// 'zoe.lefevre@univ.examplesalt' | sha256sum`.
func TestHashEmail(t *testing.T) {
	const want = "sha256$17401d36f7b918633f6600d3ddbb43dbdf3b11f60684d6e2692772b12caef16c"
	if got := openbadges.HashEmail(holder, "salt"); got != want {
		t.Errorf("HashEmail = %s, want %s", got, want)
	}
	if openbadges.HashEmail("A@x.example", "s") == openbadges.HashEmail("a@x.example", "s") {
		t.Error("an address is hashed as it is given, in its own case")
	}
}

func TestIncompleteDocuments(t *testing.T) {
	_, b, i := documents(t)
	assertionOf := func(id, email, salt string, at time.Time) error {
		_, err := openbadges.NewAssertion(id, host+"/badges/1", assertion+".png", email, salt, at)
		return err
	}
	badgeWith := func(change func(*openbadges.BadgeClass)) error {
		c := b
		change(&c)
		_, err := openbadges.NewBadgeClass(c)
		return err
	}
	issuerWith := func(change func(*openbadges.Issuer)) error {
		c := i
		change(&c)
		_, err := openbadges.NewIssuer(c)
		return err
	}
	for name, err := range map[string]error{
		"assertion without recipient":   assertionOf(assertion, "", "salt", issued),
		"assertion without salt":        assertionOf(assertion, holder, "", issued),
		"assertion without date":        assertionOf(assertion, holder, "salt", time.Time{}),
		"assertion with relative id":    assertionOf("/v/1", holder, "salt", issued),
		"assertion with a script as id": assertionOf("javascript:alert(1)", holder, "salt", issued),
		"badge without name":            badgeWith(func(c *openbadges.BadgeClass) { c.Name = "" }),
		"badge without description":     badgeWith(func(c *openbadges.BadgeClass) { c.Description = "" }),
		"badge without criteria":        badgeWith(func(c *openbadges.BadgeClass) { c.Criteria.Narrative = "" }),
		"badge without picture":         badgeWith(func(c *openbadges.BadgeClass) { c.Image = "" }),
		"issuer without name":           issuerWith(func(c *openbadges.Issuer) { c.Name = "" }),
		"issuer without mail":           issuerWith(func(c *openbadges.Issuer) { c.Email = "" }),
		"issuer without site":           issuerWith(func(c *openbadges.Issuer) { c.URL = "" }),
	} {
		if err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
