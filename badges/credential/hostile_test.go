package credential_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/certificate"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

// given is what an LMS and a teacher can put into an award.
type given struct {
	name, activity, email, language string
	text, link                      string
	raw, least, most                float64
	at                              int64 // Unix seconds
}

// hostile lists texts that break documents, deceive people, or are only unusual.
func hostile() []string {
	return []string{
		"Zo\x00\a\b\f\v\x7f\u0085ë", "\u202egnp.egdab\u202c", "\u2066a\u2069\u200f\u200e", "a\xed\xa0\x80\xffb", "\ufffe\uffff\ufdd0\U0001ffff",
		"👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇫🇷👩🏽‍🔬", "می\u200cخواهم\u200d", "Z" + strings.Repeat("\u0301\u0327\u0336", 100), `]]><script>alert("1")</script>&amp;'\`,
		strings.Repeat("Titre ", 50), strings.Repeat("x", 3000), strings.Repeat("字", 3000), "جامعة العلوم", "אוניברסיטה", "มหาวิทยาลัยเชียงใหม่", "北京大学",
		"  ", "\r\n\u2028\u2029\t", "`${jndi:ldap://x}` {{.}} %s %00", "**bold** [x](javascript:alert(1))", "\ufeffBOM", "_:b0 <urn:x> \"q\"@en .",
	}
}

// TestHostileAwards makes every document of awards that have each hostile text in each place.
func TestHostileAwards(t *testing.T) {
	t.Parallel()
	d := documents(t)
	for _, text := range hostile() {
		checkCarried(t, d, given{name: text, activity: text, email: "zoe@example.org", language: text, text: text, link: "https://example.org/" + text, raw: 18, most: 20, at: 1})
	}
	for _, email := range []string{"Zoe.Ångström+Badges@EXAMPLE.org", "o'neill@example.org", "zoë@université.example", strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 93) + "fr", "İ@example.org"} {
		checkCarried(t, d, given{name: "Zoë", email: email, raw: 1, most: 2})
	}
	for _, raw := range []float64{-5, -1e-8, 0, 1e-7, 150, 1e6, math.MaxFloat64} {
		for _, at := range []int64{-1 << 40, 0, 5680281600, 253402300799} {
			checkCarried(t, d, given{name: "Zoë", email: "zoe@example.org", raw: raw, most: 100, at: at})
		}
	}
}

// FuzzHostileAward takes values as an LMS and a teacher can give them. What is not refused
// where it comes in is in every document, and the signatures are valid.
func FuzzHostileAward(f *testing.F) {
	for _, text := range hostile() {
		f.Add(text, text, "zoe@example.org", "fr", text, "https://example.org/"+text, 18.5, 0.0, 20.0, int64(1772357400))
	}
	f.Add("Zoë", "Quiz", "a\ufffe@b.fr", "ar", "", "http://[fe80::1%25en0]:8080/é?ü#%zz", 1e308, -1e308, 1e308, int64(math.MaxInt64))
	d := documents(f)
	f.Fuzz(func(t *testing.T, name, activity, email, language, text, link string, raw, least, most float64, at int64) {
		checkCarried(t, d, given{name, activity, email, language, text, link, raw, least, most, at})
	})
}

// award returns the award that comes from g; false if g is refused where it comes in.
func (g given) award() (credential.Award, bool) {
	m := badges.Member{User: "6", Name: g.name, Email: g.email, Language: g.language}.Carried()
	rule := badges.Rule{Kind: badges.ActivityGrade, Activity: "3", Name: badges.CarriedName(g.activity), Percent: 1e-9}
	grade := &badges.Grade{Raw: g.raw, Min: g.least, Max: g.most}
	observed := badges.Observation{Read: true, Grade: grade, At: time.Unix(g.at, 0).UTC(), Source: badges.SourceGrades}
	x := rule.Evaluate(badges.Evidence{rule.Subject(): observed})
	evidence := badges.GivenEvidence{Text: g.text, Links: []string{g.link}}
	facts := append(x.Facts(), badges.Fact{Kind: badges.ByHand, By: "3", At: day, Source: badges.SourceTeacher, Given: &evidence})
	if evidence.Validate() != nil {
		facts[len(facts)-1].Given = nil
	}
	award := with("fr", func(a *badges.Assertion) {
		a.State, a.Recipient, a.Facts = badges.Pending, m.Recipient(), facts
	})
	award.Version.Rule = rule
	claimed, err := award.Assertion.Claim(day, true, true)
	award.Assertion = claimed
	return award, err == nil
}

func checkCarried(t *testing.T, d credential.Documents, g given) {
	t.Helper()
	award, ok := g.award()
	if !ok {
		return
	}
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s of %#v: %v", what, g, err)
		}
	}
	_, err := d.Assertion(award)
	must("assertion", err)
	_, err = d.Signed(t.Context(), award)
	must("signed assertion", err)
	_, err = d.JWT(t.Context(), award)
	must("JWT", err)
	signed, err := d.Credential(t.Context(), award)
	must("credential", err)
	keys, err := d.Keys.IssuerKeys(t.Context(), award.Issuer.ID)
	must("keys", err)
	now := slices.IndexFunc(keys.Ed25519, func(k credential.SigningKey) bool { return k.Current })
	must("proof", vc.VerifyProof(signed, keys.Ed25519[now].Private.Public()))
	checkName(t, signed, badges.CarriedName(g.name))
	picture, err := d.PNG(t.Context(), award, dot(t))
	must("PNG", err)
	inPNG, err := openbadges.UnbakePNG(picture)
	must("reading of the PNG", err)
	picture, err = d.SVG(t.Context(), award, dot(t))
	must("SVG", err)
	inSVG, err := openbadges.UnbakeSVG(picture)
	must("reading of the SVG", err)
	file, err := d.PDF(t.Context(), award, credential.Pictures{Badge: dot(t)}, "")
	must("PDF", err)
	inPDF, err := certificate.Read(file)
	must("reading of the PDF", err)
	if !slices.Equal(inPNG.OB3, signed) || !slices.Equal(inSVG.OB3, signed) || !slices.Equal(inPDF.Credential, signed) {
		t.Errorf("a file of %#v has another credential inside", g)
	}
}

// checkName checks that the credential names the learner, unless they have no name.
func checkName(t *testing.T, signed []byte, name string) {
	t.Helper()
	var document struct {
		Subject struct {
			Identifier []struct {
				Kind string `json:"identityType"`
				Name string `json:"identityHash"`
			} `json:"identifier"`
		} `json:"credentialSubject"`
	}
	if err := json.Unmarshal(signed, &document); err != nil {
		t.Fatal(err)
	}
	found := ""
	for _, i := range document.Subject.Identifier {
		if i.Kind == "name" {
			found = i.Name
		}
	}
	if found != name {
		t.Errorf("the credential names %q, want %q", found, name)
	}
}
