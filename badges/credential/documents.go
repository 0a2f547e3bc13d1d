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
	return openbadges.NewBadgeClass(openbadges.Badge{
		Address: d.Links.Version(v.ID), Organisation: openbadges.Organisation{Address: d.Links.Issuer(v.Issuer)},
		Name: v.Name, Description: v.Description, Criteria: narrative, Language: v.Language,
		Image: openbadges.Image{Address: d.Links.Picture(v.Picture)},
	})
}

// Issuer returns the Open Badges 2.0 profile of an issuer.
func (d Documents) Issuer(i badges.Issuer) (openbadges.Issuer, error) {
	return openbadges.NewIssuer(openbadges.Organisation{
		Address: d.Links.Issuer(i.ID), Name: i.Name, URL: i.URL, Email: i.Email, Description: i.Description,
	})
}
