package openbadges_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

// TestCarried writes unusual values into every document, bakes the documents into
// every picture and reads them back: nothing may change.
func TestCarried(t *testing.T) {
	texts := map[string]string{
		"right-to-left override": "badge \u202egpj.exe\u202c",
		"Arabic":                 "شهادة \u2067المنهج\u2069 العلمي",
		"emoji":                  "🏅 👩🏽‍🔬 🇫🇷",
		"300 characters":         strings.Repeat("é", 300),
		"zero-width":             "a\u200bb\u200cc\u200dd\ufeffe",
		"end of CDATA":           `x ]]> y ]]]]>> <![CDATA[ z`,
		"markup":                 `<script>alert("1")</script> & &amp; &#0; --> <?xml?>`,
		"quotes":                 `"'\\ \u0041 \n ` + "`",
		"combining marks":        "e\u0301 \u00e9 Z\u0336\u0321a",
		"line separators":        "a\u2028b\u2029c",
		"beyond the basic plane": "𝔖 𠀀 \U0010fffd",
		"placeholders":           "{{.}} ${x} %s %00",
		"spaces":                 "  a \u00a0 ",
		"line breaks":            "one\ntwo\r\n\tthree\rfour",
	}
	dates := map[string]time.Time{
		"first day":   time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),
		"after 2038":  time.Date(2040, 2, 29, 23, 59, 59, 999, time.UTC),
		"after 2100":  time.Date(2150, 3, 1, 0, 0, 0, 0, time.UTC),
		"last day":    time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		"other zone":  time.Date(2026, 1, 1, 0, 30, 0, 0, time.FixedZone("", 14*3600)),
		"before Jan.": time.Date(1970, 1, 1, 3, 0, 0, 0, time.FixedZone("", 3*3600)),
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) { carry(t, text, issued) })
	}
	for name, date := range dates {
		t.Run(name, func(t *testing.T) { carry(t, "text", date) })
	}
}

// carry writes a text everywhere that a text may be, and a date as both dates.
func carry(t *testing.T, text string, date time.Time) {
	t.Helper()
	a := full(t)
	b := &a.Badge
	b.Name, b.Description, b.Criteria, b.Image.Caption, b.Version, b.Tags[0] = text, text, text, text+"!", text, text
	b.Alignments[0].Name, b.Alignments[0].Description, b.Alignments[0].Framework, b.Alignments[0].Code = text, text, text, text
	b.Organisation.Name, b.Organisation.Description = text, text
	a.Recipient.Name, a.Evidence[0].Name, a.Evidence[0].Narrative, a.Results[0].Name = text, text, text, text
	a.IssuedOn, a.Expires = date, date
	carryAward(t, a)
}

func carryAward(t *testing.T, a openbadges.Award) {
	t.Helper()
	hosted, err := openbadges.Hosted(a)
	document2 := marshal(t, hosted, err)
	signed, err := openbadges.Signed(a, vc.Key{ID: rsaKey, Private: privateRSA(t)})
	if err != nil {
		t.Fatal(err)
	}
	document3, err := openbadges.Embedded(a, edKey(), created)
	if err != nil {
		t.Fatal(err)
	}
	key := p256Key(t)
	token, err := openbadges.JWT(a, key)
	if err != nil {
		t.Fatal(err)
	}
	checkDocument2(t, a, document2)
	checkDocument2(t, a, decode(t, strings.Split(signed, ".")[1]))
	class, err := openbadges.NewBadgeClass(a.Badge)
	checkClass(t, a.Badge, marshal(t, class, err))
	payload, err := vc.VerifyJWT(token, key.Private.Public())
	if err != nil {
		t.Fatal(err)
	}
	checkDocument3(t, a, payload)
	for name, payloads := range map[string]openbadges.Payloads{
		"documents": {OB2: document2, OB3: document3}, "signed": {OB2: []byte(signed), OB3: []byte(token)},
	} {
		for format, baked := range bakedAll(t, payloads) {
			got, err := openbadges.Unbake(baked)
			if diff := cmp.Diff(payloads, got); err != nil || diff != "" {
				t.Errorf("%s in %s: %v (-want +got):\n%s", name, format, err, diff)
			}
			if name != "documents" {
				continue
			}
			if err := vc.VerifyProof(got.OB3, edKey().Private.Public()); err != nil {
				t.Errorf("the proof after %s: %v", format, err)
			}
			checkDocument2(t, a, got.OB2)
			checkDocument3(t, a, got.OB3)
		}
	}
}

// bakedAll returns the payloads in a picture of every format.
func bakedAll(t *testing.T, p openbadges.Payloads) map[string][]byte {
	t.Helper()
	raster, err := openbadges.BakePNG(picture(t), p)
	if err != nil {
		t.Fatal(err)
	}
	drawing, err := openbadges.BakeSVG([]byte(drawn), p)
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, drawing)
	wrapped, err := openbadges.WrapPNG(picture(t), "caption")
	if err != nil {
		t.Fatal(err)
	}
	if wrapped, err = openbadges.BakeSVG(wrapped, p); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"PNG": raster, "SVG": drawing, "wrapped PNG": wrapped}
}

func checkDocument2(t *testing.T, a openbadges.Award, document []byte) {
	t.Helper()
	var got openbadges.Assertion
	if err := json.Unmarshal(document, &got); err != nil {
		t.Fatal(err)
	}
	if !got.IssuedOn.Equal(a.IssuedOn.Truncate(time.Second)) {
		t.Errorf("issued on %s, want %s", got.IssuedOn, a.IssuedOn)
	}
	if len(a.Evidence) > 0 && (got.Evidence[0].Name != a.Evidence[0].Name || got.Evidence[0].Narrative != a.Evidence[0].Narrative) {
		t.Errorf("evidence %+q, want %+q", got.Evidence[0], a.Evidence[0])
	}
}

func checkClass(t *testing.T, b openbadges.Badge, document []byte) {
	t.Helper()
	var got openbadges.BadgeClass
	if err := json.Unmarshal(document, &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != b.Name || got.Description != b.Description || got.Criteria.Narrative != b.Criteria || got.Image.Caption != b.Image.Caption {
		t.Errorf("class %+v, want %+v", got, b)
	}
}

func checkDocument3(t *testing.T, a openbadges.Award, document []byte) {
	t.Helper()
	var got struct {
		Name       string
		ValidFrom  time.Time
		ValidUntil time.Time
		Issuer     struct{ Name, Description string }
		Subject    struct {
			Identifier  []struct{ IdentityHash string }
			Achievement struct {
				Name, Description, Version string
				Criteria                   struct{ Narrative string }
				Image                      struct{ Caption string }
				Tag                        []string
				Alignment                  []struct{ TargetName, TargetDescription, TargetFramework, TargetCode string }
				ResultDescription          []struct{ Name string }
			}
		} `json:"credentialSubject"`
		Evidence []struct{ Name, Narrative string }
	}
	if err := json.Unmarshal(document, &got); err != nil {
		t.Fatal(err)
	}
	b, of := a.Badge, got.Subject.Achievement
	want := []string{b.Name, b.Name, b.Description, b.Criteria, b.Image.Caption, b.Version, b.Organisation.Name, b.Organisation.Description}
	read := []string{got.Name, of.Name, of.Description, of.Criteria.Narrative, of.Image.Caption, of.Version, got.Issuer.Name, got.Issuer.Description}
	if len(b.Tags) > 0 { // all or none of the optional values
		want = append(want, b.Tags[0], fmt.Sprint(b.Alignments[0].Name, b.Alignments[0].Description, b.Alignments[0].Framework, b.Alignments[0].Code), a.Recipient.Name, a.Evidence[0].Narrative, a.Results[0].Name)
		l := of.Alignment[0]
		read = append(read, of.Tag[0], fmt.Sprint(l.TargetName, l.TargetDescription, l.TargetFramework, l.TargetCode), got.Subject.Identifier[1].IdentityHash, got.Evidence[0].Narrative, of.ResultDescription[0].Name)
	}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	if !got.ValidFrom.Equal(a.IssuedOn.Truncate(time.Second)) || !got.ValidUntil.Equal(a.Expires.Truncate(time.Second)) {
		t.Errorf("valid from %s to %s, want %s to %s", got.ValidFrom, got.ValidUntil, a.IssuedOn, a.Expires)
	}
}

// TestUncarried checks that text which a format cannot carry is refused and not
// lost.
func TestUncarried(t *testing.T) {
	for name, payload := range map[string]string{"control": "{\"a\":\"\x01\"}", "not a character": "{\"a\":\"\uffff\"}", "UTF-8": "{\"a\":\"\xff\"}", "null": "a\x00b"} {
		for _, p := range []openbadges.Payloads{{OB2: []byte(payload)}, {OB3: []byte(payload)}} {
			for format, err := range map[string]error{"PNG": second(openbadges.BakePNG(picture(t), p)), "SVG": second(openbadges.BakeSVG([]byte(drawn), p))} {
				if err == nil {
					t.Errorf("%s carries %s", format, name)
				}
			}
		}
	}
}
