package view

import (
	"context"
	"slices"
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
	Criteria          string            // the teacher's own words
	Rule              string            // the rule in one sentence, in the reader's language
	Language          string            // of the texts above
	Others            []badges.Language // in which the badge has texts too
	Picture           string            // URL
	ValidMonths       int               // 0: no end
	Issuer            badges.Issuer
	Logo              string // URL of the issuer's picture; empty: none

	Main       string // language of what follows
	Caption    string // what the picture shows; may be empty
	Alignments []badges.Alignment
	Tags       []string
	Credits    float64 // ECTS; 0: none
	Level      int     // European Qualifications Framework; 0: none
	Hours      int     // 0: none
}

// Foreign returns the other languages in which Insigne has no sentences.
func (b Badge) Foreign() []badges.Language {
	return slices.DeleteFunc(slices.Clone(b.Others), func(l badges.Language) bool { return templates.Speaks(l.Code) })
}

// Detailed reports whether b says more than it must: what the partial badge_details
// shows.
func (b Badge) Detailed() bool {
	return len(b.Alignments)+len(b.Tags)+b.Level+b.Hours > 0 || b.Credits > 0
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

// BadgeOf returns version, of issuer, for a reader of locale: with the texts in the first
// of their languages that the badge has.
func (v Builder) BadgeOf(version badges.Version, issuer badges.Issuer, locale templates.Locale) Badge {
	texts := version.In(locale.Reads()...)
	badge := Badge{
		Name: texts.Name, Description: texts.Description, Criteria: texts.Criteria, Rule: version.Rule.Describe(locale),
		Language: texts.Language, Picture: v.Links.Picture(version.Picture), Issuer: issuer, ValidMonths: version.ValidMonths,
		Main: version.Language, Caption: version.Caption, Alignments: version.Alignments, Tags: version.Tags,
		Credits: version.Credits, Level: version.Level, Hours: version.Hours,
	}
	if issuer.Logo != "" {
		badge.Logo = v.Links.Picture(issuer.Logo)
	}
	for _, edition := range version.Editions() {
		if edition.Language != texts.Language {
			badge.Others = append(badge.Others, badges.Language{Code: edition.Language, Name: badges.LanguageName(edition.Language)})
		}
	}
	return badge
}
