package view

import (
	"context"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/templates"
)

// Builder makes the parts of pages that several audiences see. Every field is required.
type Builder struct {
	Read  credential.Reader
	Links credential.Addresses
	Now   func() time.Time
}

// Badge is what every page shows of a badge.
type Badge struct {
	Name, Description string
	Criteria          string // the teacher's own words
	Rule              string // the rule in one sentence, in the reader's language
	Language          string // of the texts
	Picture           string // URL
	ValidMonths       int    // 0: no end
	Issuer            badges.Issuer
}

// Badge returns a badge version by its id, for a reader of locale.
func (v Builder) Badge(ctx context.Context, id badges.VersionID, locale templates.Locale) (Badge, error) {
	version, err := v.Read.Version(ctx, id)
	if err != nil {
		return Badge{}, err
	}
	return v.BadgeVersion(ctx, version, locale)
}

// BadgeVersion returns version for a reader of locale.
func (v Builder) BadgeVersion(ctx context.Context, version badges.Version, locale templates.Locale) (Badge, error) {
	issuer, err := v.Read.Issuer(ctx, version.Issuer)
	if err != nil {
		return Badge{}, err
	}
	return v.BadgeOf(version, issuer, locale), nil
}

// BadgeOf returns version, of issuer, for a reader of locale.
func (v Builder) BadgeOf(version badges.Version, issuer badges.Issuer, locale templates.Locale) Badge {
	return Badge{
		Name: version.Name, Description: version.Description, Criteria: version.Criteria, Rule: version.Rule.Describe(locale),
		Language: version.Language, Picture: v.Links.Picture(version.Picture), Issuer: issuer, ValidMonths: version.ValidMonths,
	}
}
