package credential

import (
	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/templates"
)

// Documents makes the documents of one installation. Their texts are in the
// language of the badge.
type Documents struct {
	Links Addresses
	Words *templates.Set
}

// words returns a translator for the language of a badge version.
func (d Documents) words(v badges.Version) badges.Translator { return d.Words.Locale(v.Language) }

// BadgeClass returns the Open Badges 2.0 document of a badge version.
func (d Documents) BadgeClass(v badges.Version) (openbadges.BadgeClass, error) {
	narrative := v.Rule.Describe(d.words(v))
	if v.Criteria != "" {
		narrative += "\n\n" + v.Criteria
	}
	return openbadges.NewBadgeClass(openbadges.BadgeClass{
		ID: d.Links.Version(v.ID), Name: v.Name, Description: v.Description, Image: d.Links.Picture(v.Picture),
		Criteria: openbadges.Criteria{Narrative: narrative}, Issuer: d.Links.Issuer(v.Issuer), Language: v.Language,
	})
}

// Issuer returns the Open Badges 2.0 profile of an issuer.
func (d Documents) Issuer(i badges.Issuer) (openbadges.Issuer, error) {
	return openbadges.NewIssuer(openbadges.Issuer{
		ID: d.Links.Issuer(i.ID), Name: i.Name, URL: i.URL, Email: i.Email, Description: i.Description,
	})
}
