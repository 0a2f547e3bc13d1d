package credential

import (
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// BadgeClass returns the Open Badges 2.0 document of a badge version in a
// language, with addresses below links; fault.NotFound if the badge has no texts
// in that language.
func (d Documents) BadgeClass(v badges.Version, i badges.Issuer, language string, links Addresses) (openbadges.BadgeClass, error) {
	b, err := d.edition(v, i, language, links)
	if err != nil {
		return openbadges.BadgeClass{}, err
	}
	return openbadges.NewBadgeClass(b)
}

// Achievement returns the Open Badges 3.0 document of a badge version; errors
// are those of BadgeClass.
func (d Documents) Achievement(v badges.Version, i badges.Issuer, language string, links Addresses) ([]byte, error) {
	b, err := d.edition(v, i, language, links)
	if err != nil {
		return nil, err
	}
	return openbadges.Achievement(b)
}

// edition returns a badge version in a language as the documents describe it.
func (d Documents) edition(v badges.Version, i badges.Issuer, language string, links Addresses) (openbadges.Badge, error) {
	texts, ok := v.Edition(language)
	if !ok {
		return openbadges.Badge{}, fault.New(fault.NotFound, "problem.not_found")
	}
	o, err := d.organisation(i, links)
	if err != nil {
		return openbadges.Badge{}, err
	}
	b := openbadges.Badge{
		Address: links.Edition(v, language), Organisation: o, Language: language,
		Name: texts.Name, Description: texts.Description, Criteria: d.criteria(v, texts),
		Image: openbadges.Image{Address: links.Picture(v.Picture), Caption: v.Caption},
		Tags:  v.Tags, Credits: v.Credits, Level: v.Level,
	}
	if v.Level != 0 {
		b.LevelName = d.Words.Locale(language).T("badge.level", map[string]any{"Level": v.Level})
	}
	for _, a := range v.Alignments {
		b.Alignments = append(b.Alignments, openbadges.Alignment{Name: a.Name, Framework: a.Framework, Code: a.Code, URL: a.URL})
	}
	for _, other := range v.Editions() {
		if other.Language != language {
			b.Editions = append(b.Editions, openbadges.Edition{Language: other.Language, Address: links.Edition(v, other.Language)})
		}
	}
	return b, nil
}

// criteria returns the criteria of an edition as one text: the rule in words,
// then the teacher's words, then level, credits and workload, for which Open
// Badges 2.0 has no field.
func (d Documents) criteria(v badges.Version, texts badges.Translation) string {
	t := d.Words.Locale(texts.Language)
	parts := []string{v.Rule.Describe(t)}
	if texts.Criteria != "" {
		parts = append(parts, texts.Criteria)
	}
	if extent := extent(v, t); len(extent) > 0 {
		parts = append(parts, strings.Join(extent, " · "))
	}
	return strings.Join(parts, "\n\n")
}

// extent returns level, credits and workload of a badge in words; none of them if
// the badge says nothing about them.
func extent(v badges.Version, t badges.Translator) []string {
	var parts []string
	if v.Level != 0 {
		parts = append(parts, t.T("badge.level", map[string]any{"Level": v.Level}))
	}
	if v.Credits != 0 {
		parts = append(parts, t.T("badge.credits", map[string]any{"Credits": v.Credits}))
	}
	if v.Hours != 0 {
		parts = append(parts, t.T("badge.hours", map[string]any{"Count": v.Hours}))
	}
	return parts
}
