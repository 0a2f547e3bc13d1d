package openbadges_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

// TestRefused checks that a value which cannot be in a document is refused before
// anything is written, with its name and the reason.
func TestRefused(t *testing.T) {
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		name   string
		change func(*openbadges.Award)
		field  string
		why    openbadges.Refusal
	}{
		{"no recipient", func(a *openbadges.Award) { a.Recipient.Email = "" }, "recipient", openbadges.Missing},
		{"no salt", func(a *openbadges.Award) { a.Recipient.Salt = "" }, "salt", openbadges.Missing},
		{"no date", func(a *openbadges.Award) { a.IssuedOn = time.Time{} }, "issue date", openbadges.Missing},
		{"date before 1970", func(a *openbadges.Award) { a.IssuedOn = year(1969) }, "issue date", openbadges.NotDate},
		{"end before 1970", func(a *openbadges.Award) { a.Expires = year(1900) }, "end", openbadges.NotDate},
		{"end of five digits", func(a *openbadges.Award) { a.Expires = year(10_000) }, "end", openbadges.NotDate},
		{"relative id", func(a *openbadges.Award) { a.Address = "/v/1" }, "award", openbadges.NotAddress},
		{"script as id", func(a *openbadges.Award) { a.Address = "javascript:alert(1)" }, "award", openbadges.NotAddress},
		{"no picture", func(a *openbadges.Award) { a.Badge.Image.Address = "" }, "image", openbadges.Missing},
		{"no badge", func(a *openbadges.Award) { a.Badge.Address = "" }, "badge", openbadges.Missing},
		{"no name", func(a *openbadges.Award) { a.Badge.Name = "" }, "name", openbadges.Missing},
		{"no description", func(a *openbadges.Award) { a.Badge.Description = "" }, "description", openbadges.Missing},
		{"no criteria", func(a *openbadges.Award) { a.Badge.Criteria = "" }, "criteria", openbadges.Missing},
		{"control character in the name", func(a *openbadges.Award) { a.Badge.Name = "a\x07b" }, "name", openbadges.NotText},
		{"null character in the criteria", func(a *openbadges.Award) { a.Badge.Criteria = "a\x00b" }, "criteria", openbadges.NotText},
		{"delete character", func(a *openbadges.Award) { a.Badge.Description = "a\x7f" }, "description", openbadges.NotText},
		{"C1 control character", func(a *openbadges.Award) { a.Badge.Description = "a\u0085b" }, "description", openbadges.NotText},
		{"bell in the learner’s name", func(a *openbadges.Award) { a.Recipient.Name = "Zoë\aL" }, "recipient name", openbadges.NotText},
		{"invalid UTF-8", func(a *openbadges.Award) { a.Badge.Name = "a\xff" }, "name", openbadges.NotText},
		{"not a character", func(a *openbadges.Award) { a.Badge.Name = "a\uffff" }, "name", openbadges.NotText},
		{"long name", func(a *openbadges.Award) { a.Badge.Name = strings.Repeat("x", 2_001) }, "name", openbadges.TooLong},
		{"long criteria", func(a *openbadges.Award) { a.Badge.Criteria = strings.Repeat("x", 100_001) }, "criteria", openbadges.TooLong},
		{"many tags", func(a *openbadges.Award) { a.Badge.Tags = make([]string, 501) }, "tags", openbadges.TooLong},
		{"empty tag", func(a *openbadges.Award) { a.Badge.Tags = []string{""} }, "tag", openbadges.Missing},
		{"level", func(a *openbadges.Award) { a.Badge.Level = 9 }, "level", openbadges.NotAmount},
		{"credits", func(a *openbadges.Award) { a.Badge.Credits = -1 }, "credits", openbadges.NotAmount},
		{"no number", func(a *openbadges.Award) { a.Badge.Credits = math.NaN() }, "credits", openbadges.NotAmount},
		{"language in capitals", func(a *openbadges.Award) { a.Badge.Language = "FR" }, "language", openbadges.NotLanguage},
		{"words as language", func(a *openbadges.Award) { a.Badge.Language = "français" }, "language", openbadges.NotLanguage},
		{"private language", func(a *openbadges.Award) { a.Badge.Language = "fr-x-univ" }, "language", openbadges.NotLanguage},
		{"alignment without address", func(a *openbadges.Award) { a.Badge.Alignments = []openbadges.Alignment{{Name: "n"}} }, "alignment address", openbadges.Missing},
		{"alignment without name", func(a *openbadges.Award) { a.Badge.Alignments = []openbadges.Alignment{{URL: host}} }, "alignment name", openbadges.Missing},
		{"edition without address", func(a *openbadges.Award) { a.Badge.Editions = []openbadges.Edition{{Language: "en"}} }, "edition", openbadges.Missing},
		{"control character in an address", func(a *openbadges.Award) { a.Evidence = []openbadges.Evidence{{Address: "https://a.example/\x07"}} }, "evidence", openbadges.NotAddress},
		{"script as evidence", func(a *openbadges.Award) { a.Evidence = []openbadges.Evidence{{Address: "javascript:alert(1)"}} }, "evidence", openbadges.NotAddress},
		{"bracket in the host", func(a *openbadges.Award) { a.Evidence = []openbadges.Evidence{{Address: "https://a<b>.example/"}} }, "evidence", openbadges.NotAddress},
		{"space in our address", func(a *openbadges.Award) { a.Address = host + "/v/ 1" }, "award", openbadges.NotAddress},
		{"letter in our address", func(a *openbadges.Award) { a.Badge.Address = host + "/badges/é" }, "badge", openbadges.NotAddress},
		{"no DID", func(a *openbadges.Award) { a.Badge.Organisation.DID = "" }, "organisation id", openbadges.Missing},
		{"address as DID", func(a *openbadges.Award) { a.Badge.Organisation.DID = host }, "organisation id", openbadges.NotDID},
		{"organisation without name", func(a *openbadges.Award) { a.Badge.Organisation.Name = "" }, "organisation name", openbadges.Missing},
		{"organisation without mail", func(a *openbadges.Award) { a.Badge.Organisation.Email = "" }, "organisation e-mail", openbadges.Missing},
		{"organisation without site", func(a *openbadges.Award) { a.Badge.Organisation.URL = "" }, "organisation site", openbadges.Missing},
		{"organisation without address", func(a *openbadges.Award) { a.Badge.Organisation.Address = "" }, "organisation", openbadges.Missing},
		{"unknown purpose", func(a *openbadges.Award) { a.Status = []openbadges.StatusEntry{{List: host, Purpose: "x"}} }, "status purpose", openbadges.WrongPurpose},
		{"negative index", func(a *openbadges.Award) {
			a.Status = []openbadges.StatusEntry{{List: host, Purpose: openbadges.Revocation, Index: -1}}
		}, "status index", openbadges.NotAmount},
		{"broken endorsement", func(a *openbadges.Award) { a.Endorsements = []json.RawMessage{json.RawMessage(`{"a":`)} }, "endorsement", openbadges.NotJSON},
		{"text as endorsement", func(a *openbadges.Award) { a.Endorsements = []json.RawMessage{json.RawMessage(`"a"`)} }, "endorsement", openbadges.NotJSON},
		{"result", func(a *openbadges.Award) { a.Results = []openbadges.Result{{Name: "Quiz", Percent: -1}} }, "result", openbadges.NotAmount},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := plain()
			tt.change(&a)
			_, unsigned := openbadges.Credential(a)
			_, embedded := openbadges.Embedded(a, edKey(), created)
			_, token := openbadges.JWT(a, p256Key(t))
			for form, err := range map[string]error{"Check": a.Check(), "Credential": unsigned, "Embedded": embedded, "JWT": token} {
				refusal, ok := errors.AsType[*openbadges.InputError](err)
				if !ok || refusal.Field != tt.field || refusal.Refusal != tt.why {
					t.Errorf("%s: %v, want %s %s", form, err, tt.field, tt.why)
				}
			}
		})
	}
}

// TestWrittenAddresses checks that an address which people wrote is in the
// characters that every program takes (RFC 3987, section 3.1).
func TestWrittenAddresses(t *testing.T) {
	for written, want := range map[string]string{
		"https://fr.wikipedia.org/wiki/Méthode":   "https://fr.wikipedia.org/wiki/M%C3%A9thode",
		"https://a.example/a b?q={x}|\"y\"#é":     "https://a.example/a%20b?q=%7Bx%7D%7C%22y%22#%C3%A9",
		"https://université.example/":             "https://xn--universit-j4a.example/",
		"https://université.example":              "https://xn--universit-j4a.example",
		"https://a.example/%C3%A9?a=1&b=%20#part": "https://a.example/%C3%A9?a=1&b=%20#part",
		"http://a.example:8080/é":                 "http://a.example:8080/%C3%A9",
	} {
		a := plain()
		a.Evidence = []openbadges.Evidence{{Address: written}}
		got, err := openbadges.Hosted(a)
		if err != nil || got.Evidence[0].ID != want {
			t.Errorf("%s: %+v, %v; want %s", written, got.Evidence, err, want)
		}
		if _, err := openbadges.Embedded(a, edKey(), created); err != nil {
			t.Errorf("%s: %v", written, err)
		}
	}
}

// TestPort checks an organisation on a port, as in a test.
func TestPort(t *testing.T) {
	a := plain()
	a.Badge.Organisation.DID = "did:web:localhost%3A8443:issuers:1"
	if _, err := openbadges.Embedded(a, vc.Key{ID: a.Badge.Organisation.DID + "#ed", Private: edKey().Private}, created); err != nil {
		t.Error(err)
	}
}

// TestRefusedParts checks the documents that are made from other values.
func TestRefusedParts(t *testing.T) {
	key := vc.Key{ID: rsaKey, Private: privateRSA(t)}
	of := func(change func(*openbadges.Award)) openbadges.Award {
		a := plain()
		change(&a)
		return a
	}
	list := openbadges.StatusList{Address: host + "/status/1", DID: did, Purpose: openbadges.Revocation, Bits: make([]byte, vc.MinStatusList/8), Changed: issued}
	unknown, unaddressed, undated := list, list, list
	unknown.Purpose, unaddressed.Address, undated.Changed = "x", "", time.Time{}
	keyless := organisation()
	keyless.Keys = []string{"rsa"}
	for name, err := range map[string]error{
		"hosted without recipient":     second(openbadges.Hosted(of(func(a *openbadges.Award) { a.Recipient.Email = "" }))),
		"signed without recipient":     second(openbadges.Signed(of(func(a *openbadges.Award) { a.Recipient.Email = "" }), key)),
		"signed without UUID":          second(openbadges.Signed(of(func(a *openbadges.Award) { a.UUID = "1" }), key)),
		"signed by another kind":       second(openbadges.Signed(plain(), edKey())),
		"signed by a key without page": second(openbadges.Signed(plain(), vc.Key{ID: did + "#rsa", Private: key.Private})),
		"badge class without name":     second(openbadges.NewBadgeClass(of(func(a *openbadges.Award) { a.Badge.Name = "" }).Badge)),
		"achievement without name":     second(openbadges.Achievement(of(func(a *openbadges.Award) { a.Badge.Name = "" }).Badge)),
		"achievement without DID":      second(openbadges.Achievement(of(func(a *openbadges.Award) { a.Badge.Organisation.DID = "" }).Badge)),
		"profile without DID":          second(openbadges.Profile(of(func(a *openbadges.Award) { a.Badge.Organisation.DID = "" }).Badge.Organisation)),
		"issuer with a key's name":     second(openbadges.NewIssuer(keyless)),
		"key without address":          second(openbadges.NewKey("", host, &privateRSA(t).PublicKey)),
		"no key":                       second(openbadges.NewKey(rsaKey, host, nil)),
		"revocation of no award":       second(openbadges.NewRevocationList(organisation(), []openbadges.RevokedAward{{Address: host}})),
		"revocation with a bell":       second(openbadges.NewRevocationList(organisation(), []openbadges.RevokedAward{{Address: host, UUID: id, Reason: "\x07"}})),
		"list of unknown purpose":      second(unknown.Embedded(edKey(), created)),
		"list without address":         second(unaddressed.JWT(key)),
		"list without date":            second(undated.Embedded(edKey(), created)),
	} {
		if _, ok := errors.AsType[*openbadges.InputError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKindOfKey checks that a key signs only what its kind is for.
func TestKindOfKey(t *testing.T) {
	if _, err := openbadges.Embedded(plain(), p256Key(t), created); err == nil {
		t.Error("an embedded proof by P-256")
	}
	if _, err := openbadges.JWT(plain(), edKey()); err == nil {
		t.Error("a JWT with EdDSA, which the official validator refuses")
	}
}
