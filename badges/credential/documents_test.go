package credential_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/internal/fault"
)

var update = flag.Bool("update", false, "rewrite the documents in testdata")

// TestStates reads the documents of an award in every state: a valid document,
// one that says that it is not valid any more, or none.
func TestStates(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*badges.Assertion)
		want   fault.Kind // zero: no error
		reason string
	}{
		{name: "withheld", change: func(a *badges.Assertion) { a.State = badges.Withheld }, want: fault.NotFound},
		{name: "pending", change: func(a *badges.Assertion) { a.State = badges.Pending }, want: fault.NotFound},
		{name: "declined", change: func(a *badges.Assertion) { a.State = badges.Declined }, want: fault.NotFound},
		{name: "withdrawn", change: func(a *badges.Assertion) { a.State = badges.Withdrawn }, want: fault.NotFound},
		{name: "replaced while pending", change: replaced(badges.Pending), want: fault.NotFound},
		{name: "replaced while withheld", change: replaced(badges.Withheld), want: fault.NotFound},
		{name: "claimed", change: func(*badges.Assertion) {}},
		{name: "expired", change: func(a *badges.Assertion) { a.ExpiresAt = day.AddDate(0, -1, 0) }},
		{name: "revoked", change: revoked, want: fault.Gone, reason: "Copié & <collé>"},
		{name: "replaced", change: replaced(badges.Claimed), want: fault.Gone, reason: "Or"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, award := documents(t), with("fr", tt.change)
			award.Replacement = credential.Replacement{Assertion: "gold", Badge: "Or"}
			document, err := d.Assertion(award)
			baked, bakingErr := d.PNG(t.Context(), award, dot(t))
			if tt.want == 0 {
				if err != nil || bakingErr != nil || document.ID != base+"/v/"+string(id) || len(baked) == 0 {
					t.Fatalf("document %+v, %v; picture of %d bytes, %v", document, err, len(baked), bakingErr)
				}
				return
			}
			if fault.KindOf(err) != tt.want || fault.KindOf(bakingErr) != tt.want || document.ID != "" || baked != nil {
				t.Errorf("document %+v, %v; picture of %d bytes, %v; want an error of kind %d", document, err, len(baked), bakingErr, tt.want)
			}
			if got := d.Revoked(award); tt.want == fault.Gone && (!got.Revoked || got.ID != base+"/v/"+string(id) || !strings.Contains(got.RevocationReason, tt.reason)) {
				t.Errorf("what remains is %+v, want the reason %s", got, tt.reason)
			}
		})
	}
}

// TestDocuments compares the documents with the files in testdata.
func TestDocuments(t *testing.T) {
	d := documents(t)
	assertion := func(language string, changes ...func(*badges.Assertion)) any {
		award := sample(language)
		for _, change := range changes {
			change(&award.Assertion)
		}
		document, err := d.Assertion(award)
		if err != nil {
			t.Fatal(err)
		}
		return document
	}
	remains := func(language string, change func(*badges.Assertion), by credential.Replacement) any {
		award := with(language, change)
		award.Replacement = by
		return d.Revoked(award)
	}
	class := func(language string, change func(*badges.Version)) any {
		v := sample(language).Version
		change(&v)
		document, err := d.BadgeClass(v, sample(language).Issuer, v.Language, d.Links)
		if err != nil {
			t.Fatal(err)
		}
		return document
	}
	issuer, err := d.Issuer(t.Context(), sample("fr").Issuer, d.Links)
	if err != nil {
		t.Fatal(err)
	}
	lasting := func(a *badges.Assertion) { a.ExpiresAt = day.AddDate(1, 0, 0).Add(time.Millisecond) }
	public, hidden := credential.Replacement{Assertion: "gold", Badge: "Or", Public: true}, credential.Replacement{Assertion: "gold", Badge: "Or"}
	for name, document := range map[string]any{
		"assertion":         assertion("fr"),
		"assertion-lasting": assertion("fr", lasting),
		"assertion-facts":   assertion("fr", shown),
		"assertion-english": assertion("en", shown, lasting),
		"assertion-by-hand": assertion("fr", byHand),
		"revoked":           remains("fr", revoked, credential.Replacement{}),
		"replaced":          remains("fr", replaced(badges.Claimed), public),
		"replaced-english":  remains("en", replaced(badges.Claimed), public),
		"replaced-hidden":   remains("fr", replaced(badges.Claimed), hidden),
		"class":             class("fr", func(*badges.Version) {}),
		"class-english":     class("en", func(v *badges.Version) { v.Criteria = "In the teacher’s words,\nas written" }),
		"issuer":            issuer,
	} {
		t.Run(name, func(t *testing.T) { compare(t, name, document) })
	}
}

func compare(t *testing.T, name string, document any) {
	t.Helper()
	got, file := marshal(t, document), filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}

// TestConsent checks that documents show only what the learner agreed to. The
// name is in those of Open Badges 3.0, which has a field for it. The documents of
// a revoked award show nothing.
func TestConsent(t *testing.T) {
	d := documents(t)
	for _, tt := range []struct {
		name         string
		named, facts bool
		evidence     int
	}{
		{name: "nothing"},
		{name: "the name", named: true},
		{name: "the facts", facts: true, evidence: 2},
		{name: "both", named: true, facts: true, evidence: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			award := with("fr", func(a *badges.Assertion) { a.ShowName, a.ShowFacts = tt.named, tt.facts })
			document, err := d.Assertion(award)
			if err != nil || len(document.Evidence) != tt.evidence {
				t.Errorf("%d pieces of evidence, %v; want %d", len(document.Evidence), err, tt.evidence)
			}
			text := string(marshal(t, document))
			if strings.Contains(text, "Zoë") || strings.Contains(text, "zoe@") || strings.Contains(text, "Quiz") != tt.facts {
				t.Errorf("the document says %s", text)
			}
			three, err := d.Credential(t.Context(), award)
			if text = string(three); err != nil || strings.Contains(text, "Zoë Ångström") != tt.named || strings.Contains(text, "zoe@") ||
				strings.Contains(text, "18,5 sur 20") != tt.facts || strings.Contains(text, `"value":"92.5"`) != tt.facts {
				t.Errorf("the credential says %s, %v", text, err)
			}
			revoked(&award.Assertion)
			if three, err = d.Credential(t.Context(), award); err != nil || strings.Contains(string(three), "18,5 sur 20") || strings.Contains(string(three), "92.5") {
				t.Errorf("the credential of the revoked award says %s, %v", three, err)
			}
			text = string(marshal(t, d.Revoked(award)))
			if strings.Contains(text, "Zoë") || strings.Contains(text, "zoe@") || strings.Contains(text, "Quiz") {
				t.Errorf("what remains says %s", text)
			}
		})
	}
}

// TestPictureIsReadBack verifies a baked picture as an outsider does, from the
// documents at their addresses.
func TestPictureIsReadBack(t *testing.T) {
	d := documents(t)
	claimed := with("fr", func(a *badges.Assertion) { shown(a); a.ExpiresAt = day.AddDate(1, 0, 0) })
	baked, err := d.PNG(t.Context(), claimed, dot(t))
	if err != nil {
		t.Fatal(err)
	}
	payload, err := openbadges.UnbakePNG(baked)
	if err != nil {
		t.Fatal(err)
	}
	var inside openbadges.Assertion
	if err := json.Unmarshal(payload.OB2, &inside); err != nil {
		t.Fatal(err)
	}
	document, err := d.Assertion(claimed)
	if diff := cmp.Diff(document, inside); err != nil || diff != "" {
		t.Errorf("%v; the picture carries another document (-want +got):\n%s", err, diff)
	}
	for _, tt := range []struct {
		name   string
		change func(*badges.Assertion)
		now    time.Time
		want   openbadges.Status
	}{
		{"valid", func(*badges.Assertion) {}, day, openbadges.Valid},
		{"expired", func(*badges.Assertion) {}, day.AddDate(1, 0, 0), openbadges.Expired},
		{"revoked since", revoked, day, openbadges.Revoked},
		{"replaced since", replaced(badges.Claimed), day, openbadges.Revoked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			award := claimed
			tt.change(&award.Assertion)
			report, err := openbadges.Verify(t.Context(), baked, hosting(t, d, award), tt.now)
			if err != nil || report.Status != tt.want {
				t.Errorf("%+v, %v; want %s", report, err, tt.want)
			}
		})
	}
}

// hosting returns the documents of an installation that issued one award, by
// address.
func hosting(t *testing.T, d credential.Documents, award credential.Award) openbadges.Fetch {
	t.Helper()
	hosted := map[string]any{}
	add := func(address string, document any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		hosted[address] = document
	}
	document, err := d.Assertion(award)
	if fault.Is(err, fault.Gone) {
		add(d.Links.Page(award.Assertion.ID), d.Revoked(award), nil)
	} else {
		add(d.Links.Page(award.Assertion.ID), document, err)
	}
	class, err := d.BadgeClass(award.Version, award.Issuer, award.Version.Language, d.Links)
	add(d.Links.Version(award.Version.ID), class, err)
	issuer, err := d.Issuer(t.Context(), award.Issuer, d.Links)
	add(d.Links.Issuer(award.Issuer.ID), issuer, err)
	return func(_ context.Context, address string) ([]byte, error) {
		document, err := found(hosted, address)
		if err != nil {
			return nil, err
		}
		return json.Marshal(document)
	}
}
