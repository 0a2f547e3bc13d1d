package openbadges_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

var update = flag.Bool("update", false, "rewrite the documents in testdata")

const (
	host   = "https://badges.univ.example"
	holder = "zoe.lefevre@univ.example"
	id     = "0b7c2c9e-3b0a-4a53-9b7f-1f3c56f2a001"
	did    = "did:web:badges.univ.example:issuers:1"
	rsaKey = host + "/issuers/1/keys/rsa"
)

var (
	issued  = time.Date(2026, time.March, 4, 10, 30, 0, 123456789, time.FixedZone("CET", 3600))
	created = time.Date(2026, time.March, 5, 8, 0, 0, 0, time.UTC)
)

// organisation returns an organisation with all its fields.
func organisation() openbadges.Organisation {
	return openbadges.Organisation{
		Address: host + "/issuers/1", DID: did, Name: "Université d’Exemple", URL: "https://www.univ.example", Email: "badges@univ.example",
		Description: "Établissement public", Logo: host + "/pictures/logo.png", RevocationList: host + "/issuers/1/revocations.json",
		Keys: []string{rsaKey},
	}
}

// plain returns an award with the fields that every award has.
func plain() openbadges.Award {
	o := organisation()
	return openbadges.Award{
		Address: host + "/v/" + id, UUID: id,
		Badge: openbadges.Badge{
			Address: host + "/badges/1", Name: "Méthode <scientifique>", Description: "Ce que le badge atteste",
			Organisation: openbadges.Organisation{Address: o.Address, DID: o.DID, Name: o.Name, URL: o.URL, Email: o.Email},
			Criteria:     "Terminer le cours", Image: openbadges.Image{Address: host + "/pictures/1.png"},
		},
		Recipient: openbadges.Recipient{Email: holder, Salt: "salt"},
		IssuedOn:  issued,
	}
}

// full returns an award with all fields.
func full(t testing.TB) openbadges.Award {
	t.Helper()
	a := plain()
	a.Badge.Organisation = organisation()
	a.Badge.Language, a.Badge.Version = "fr", "2"
	a.Badge.Image.Caption = "Une loupe sur un livre"
	a.Badge.Tags = []string{"méthode", "recherche"}
	a.Badge.Alignments = []openbadges.Alignment{{
		Name: "penser de manière analytique", Description: "Produire des pensées fondées", Framework: "ESCO", Code: "T1",
		URL: "http://data.europa.eu/esco/skill/9d0d6f0a-ab0e-4d0e-9b2d-c15b3a7f9b0f",
	}}
	a.Badge.Credits, a.Badge.Level, a.Badge.LevelName = 1.5, 6, "EQF level 6"
	a.Badge.Editions = []openbadges.Edition{{Language: "en", Address: host + "/badges/1/en"}, {Language: "ar", Address: host + "/badges/1/ar"}}
	a.Recipient.Name = "Zoë Lefèvre"
	a.Expires = issued.AddDate(2, 0, 0)
	a.Evidence = []openbadges.Evidence{
		{Name: "obtenir au moins 80 % à « Quiz »", Narrative: "92,5 % (18,5 sur 20) le 4 mars 2026"},
		{Address: "https://portfolio.example/zoe?page=1&x=2"},
	}
	a.Results = []openbadges.Result{{Name: "Quiz", Percent: 92.5}, {Name: "Examen", Percent: 80}}
	a.Status = []openbadges.StatusEntry{
		{List: host + "/status/1", Index: 94567, Purpose: openbadges.Revocation},
		{List: host + "/status/2", Index: 21, Purpose: openbadges.Message},
	}
	a.Endorsements = []json.RawMessage{endorsement(t)}
	return a
}

// endorsement returns an endorsement of the badge by another organisation.
func endorsement(t testing.TB) json.RawMessage {
	t.Helper()
	document := `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
"id":"https://agency.example/endorsements/7","type":["VerifiableCredential","EndorsementCredential"],
"issuer":{"id":"did:web:agency.example","type":["Profile"],"name":"Agence"},"validFrom":"2026-01-01T00:00:00Z","name":"Badge reconnu",
"credentialSubject":{"id":"` + host + `/badges/1","type":["EndorsementSubject"],"endorsementComment":"Un badge utile"}}`
	signed, err := vc.Sign([]byte(document), vc.Key{ID: "did:web:agency.example#1", Private: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))}, created)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// edKey returns the Ed25519 key of the organisation.
func edKey() vc.Key {
	return vc.Key{ID: did + "#ed", Private: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))}
}

// rsaPrivate is made once for all tests: it takes a while.
var rsaPrivate = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// privateRSA returns the RSA key of the organisation.
func privateRSA(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsaPrivate()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// p256Key returns the P-256 key of the organisation.
func p256Key(t testing.TB) vc.Key {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), big.NewInt(424242).FillBytes(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return vc.Key{ID: did + "#p256", Private: key}
}

// compare compares a document with a file in testdata, which was checked line by
// line against the standard, because other programs depend on every byte.
func compare(t *testing.T, name string, document []byte) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, document, "", "  "); err != nil {
		t.Fatalf("%v in %s", err, document)
	}
	got.WriteByte('\n')
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
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// marshal returns a 2.0 document as JSON; it stops the test on an error.
func marshal(t testing.TB, document any, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
