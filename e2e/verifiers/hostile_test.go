package verifiers_test

import (
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// TestHostileNames lets the judges look at a badge whose learner, activities and evidence
// have names that break documents. All of them are shown, and every judge accepts it.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	folder(t)
	s := newService(t)
	a := s.claimedByHostile(t)
	got := files{valid: s.documents(t, a)}
	j := newJudges(t, s)
	for _, o := range opinions() {
		if reason, ok := o.says[valid]; ok {
			t.Run(o.judge+" on "+o.format, func(t *testing.T) { o.check(t, j, o.document(t, got, valid), reason) })
		}
	}
	t.Run("structure", func(t *testing.T) { checkStructure(t, got[valid]) })
	if document := string(got[valid]["/credential"]); !strings.Contains(document, "🇫🇷") || !strings.Contains(document, "مهارات") {
		t.Errorf("the credential does not show what was shared: %s", document)
	}
}

// claimedByHostile awards the badge to a learner of an LMS that gives such names, for a
// grade and by hand. The learner shares all of it.
func (s *service) claimedByHostile(t *testing.T) badges.Assertion {
	t.Helper()
	const hostile = "\x00\a\u202e\ufffe]]><script>alert(\"1\")</script>&amp;'\\ 👩‍👩‍👧‍👦🇫🇷 می\u200cخواهم Z\u0301\u0327\u0336 مهارات שלום ไทย 北京 _:b0 <urn:x>"
	m := badges.Member{User: "hostile", Name: hostile, Email: recipient, Language: "fr"}.Carried()
	given := badges.GivenEvidence{Text: strings.Map(typed, hostile), Links: []string{"https://université.example/é-ü?q=\u200d#]]", "https://example.org/%3Cscript%3E?a='b'&c=%zz"}}
	must(t, given.Validate())
	a := s.world.Assertion(m.User)
	a.Badge, a.Version, a.Recipient = s.world.Badge.ID, s.world.Badge.Current.ID, m.Recipient()
	a.Facts = []badges.Fact{
		{Kind: badges.ActivityGrade, Activity: "3", Name: badges.CarriedName(hostile), Threshold: 1, Percent: 1e-7, Grade: &badges.Grade{Raw: 1e-7, Max: 100}, At: time.Unix(5680281600, 0).UTC(), Source: badges.SourceGrades},
		{Kind: badges.ActivityGrade, Activity: "4", Name: "Bonus", Threshold: 1, Percent: 1e12, Grade: &badges.Grade{Raw: 1e12, Max: 100}, At: time.Unix(0, 0).UTC(), Source: badges.SourceGrades},
		{Kind: badges.ByHand, By: "3", Source: badges.SourceTeacher, Given: &given},
	}
	s.awardAndClaim(t, a)
	return a
}

// typed leaves out what the form of a teacher refuses.
func typed(r rune) rune {
	switch r {
	case 0, '\a', '\u202e', '\ufffe':
		return -1
	}
	return r
}
