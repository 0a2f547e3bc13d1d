package badges_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

func TestGivenEvidenceValidate(t *testing.T) {
	links := func(links ...string) badges.GivenEvidence { return badges.GivenEvidence{Links: links} }
	words := func(text string) badges.GivenEvidence { return badges.GivenEvidence{Text: text} }
	const site = "https://portfolio.example/zoe"
	for name, tt := range map[string]struct {
		given badges.GivenEvidence
		key   string
	}{
		"nothing":                 {words(""), ""},
		"text of the limit":       {words(strings.Repeat("é", badges.MaxEvidenceText)), ""},
		"text too long":           {words(strings.Repeat("é", badges.MaxEvidenceText+1)), "byhand.text_too_long"},
		"lines and tabs":          {words("Soutenance :\n\t18/20"), ""},
		"bell":                    {words("ding\a"), "byhand.text_unreadable"},
		"NUL":                     {words("a\x00b"), "byhand.text_unreadable"},
		"broken UTF-8":            {words("\xff"), "byhand.text_unreadable"},
		"links":                   {links(site, "http://localhost:8080/?a=1#b", "https://élan.example/é"), ""},
		"five links":              {links(site, site, site, site, site), ""},
		"six links":               {links(site, site, site, site, site, site), "byhand.links_too_many"},
		"five and an empty one":   {links(site, site, site, site, site, " "), ""},
		"script":                  {links("javascript:alert(1)"), "byhand.link_invalid"},
		"data":                    {links("data:text/html,x"), "byhand.link_invalid"},
		"relative":                {links("/portfolio"), "byhand.link_invalid"},
		"without a scheme":        {links("//evil.example"), "byhand.link_invalid"},
		"without a host":          {links("https:///x"), "byhand.link_invalid"},
		"a port alone":            {links("https://:80/"), "byhand.link_invalid"},
		"credentials":             {links("https://zoe:secret@portfolio.example"), "byhand.link_invalid"},
		"a name":                  {links("https://portfolio.example@evil.example"), "byhand.link_invalid"},
		"two in one line":         {links("https://a.example https://b.example"), "byhand.link_invalid"},
		"markup":                  {links(`https://a.example/"><script>`), "byhand.link_invalid"},
		"longer than any address": {links("https://a.example/" + strings.Repeat("x", badges.MaxEvidenceLink)), "byhand.link_invalid"},
	} {
		t.Run(name, func(t *testing.T) { wantKey(t, tt.given.Validate(), tt.key) })
	}
	given := badges.GivenEvidence{Text: " Well done \n", Links: []string{" " + site + " ", ""}}
	wantKey(t, given.Validate(), "")
	if diff := cmp.Diff(badges.GivenEvidence{Text: "Well done", Links: []string{site}}, given); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestWhoAwarded(t *testing.T) {
	p := badges.Proposal{User: "6", ProposedBy: "3", ProposedAt: noon, Given: badges.GivenEvidence{Text: "Well done"}}
	for name, tt := range map[string]struct {
		facts []badges.Fact
		want  string
	}{
		"a rule":           {[]badges.Fact{{Kind: badges.CourseCompleted}}, "rule"},
		"a teacher":        {[]badges.Fact{p.Fact("")}, "3"},
		"a second teacher": {[]badges.Fact{p.Fact("4")}, "4"},
	} {
		if got := (badges.Assertion{Facts: tt.facts}).AwardedBy(); got != tt.want {
			t.Errorf("%s: awarded by %q, want %q", name, got, tt.want)
		}
	}
	want := badges.Fact{Kind: badges.ByHand, By: "3", ConfirmedBy: "4", At: noon, Source: "teacher", Given: &badges.GivenEvidence{Text: "Well done"}}
	if diff := cmp.Diff(want, p.Fact("4")); diff != "" {
		t.Errorf("fact (-want +got):\n%s", diff)
	}
	if err := p.Decidable("3"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the teacher who proposed: %v, want Forbidden", err)
	}
	if err := p.Decidable("4"); err != nil {
		t.Errorf("another teacher: %v", err)
	}
}

func TestOpenByHand(t *testing.T) {
	for state, open := range map[badges.BadgeState]bool{badges.Draft: false, badges.On: true, badges.Off: false} {
		if err := (badges.Badge{State: state}).OpenByHand(); (err == nil) != open {
			t.Errorf("%s: %v", state, err)
		}
	}
}
