package web

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/templates"
)

// factLine is one reason for an award, in the reader's language.
type factLine struct {
	Condition string // what was asked for
	Found     string // what was observed, when, and where it was read
}

// why says what earned an award. The facts are frozen: what the course, the
// rule and the grade are now makes no difference.
func why(facts []badges.Fact, locale templates.Locale) []factLine {
	var lines []factLine
	for _, f := range facts {
		condition := f.Condition()
		lines = append(lines, factLine{Condition: condition.Describe(locale), Found: f.Found(locale)})
	}
	return lines
}

// evidenceDocuments are the facts that the learner agreed to show, in the
// language of the badge.
func evidenceDocuments(a badges.Assertion, locale templates.Locale) []openbadges.Evidence {
	var list []openbadges.Evidence
	for _, line := range why(a.PublicFacts(), locale) {
		list = append(list, openbadges.NewEvidence(line.Condition, line.Found))
	}
	given := a.PublicGiven()
	if given.Text != "" {
		list = append(list, openbadges.NewEvidence("", given.Text))
	}
	for _, address := range given.Links {
		list = append(list, openbadges.NewLinkedEvidence(address))
	}
	return list
}
