package badges

import (
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
)

// MaxTranslations is the most languages that a badge may have beside its main one.
const MaxTranslations = 12

// Translation has the texts of a badge in one language.
type Translation struct {
	Language    string // a code of Languages
	Name        string
	Description string
	Criteria    string // empty if and only if the badge's criteria are
}

// Edition returns the texts of c in a language of Languages; false if c has none.
func (c *Content) Edition(language string) (Translation, bool) {
	for _, t := range c.Editions() {
		if t.Language == language {
			return t, true
		}
	}
	return Translation{}, false
}

// Editions returns the texts of c in all of its languages, the main one first.
func (c *Content) Editions() []Translation {
	main := Translation{Language: c.Language, Name: c.Name, Description: c.Description, Criteria: c.Criteria}
	return append([]Translation{main}, c.Translations...)
}

// In returns the texts of c for a reader of languages, BCP 47, the preferred first. It
// is the only place that chooses an edition. A reader of fr-CA gets the texts in fr. If
// c has none of languages, it returns the main texts.
func (c *Content) In(languages ...string) Translation {
	editions := c.Editions()
	for _, language := range languages {
		for _, t := range editions {
			if sameLanguage(t.Language, language) {
				return t
			}
		}
	}
	return editions[0]
}

// validateTranslations checks the languages of c and the texts in them. Every edition is
// whole, so that no reader gets texts of two languages. The number of a translation,
// from 1, is in the error's Position.
func (c *Content) validateTranslations() error {
	if err := checkLanguage(c.Language); err != nil {
		return err
	}
	if len(c.Translations) > MaxTranslations {
		return fault.New(fault.Invalid, "badge.translation_too_many").With("Most", MaxTranslations)
	}
	written := map[string]bool{c.Language: true}
	for i := range c.Translations {
		t := &c.Translations[i]
		if err := t.validate(c.Criteria != ""); err != nil {
			return err.With("Position", i+1).With("Language", LanguageName(t.Language))
		}
		if written[t.Language] {
			return fault.New(fault.Invalid, "badge.translation_twice").With("Position", i+1).With("Language", LanguageName(t.Language))
		}
		written[t.Language] = true
	}
	if len(c.Translations) == 0 {
		c.Translations = nil
	}
	return nil
}

func (t *Translation) validate(criteria bool) *fault.Error {
	t.Name, t.Description, t.Criteria = strings.TrimSpace(t.Name), strings.TrimSpace(t.Description), strings.TrimSpace(t.Criteria)
	if checkLanguage(t.Language) != nil {
		return fault.New(fault.Invalid, "badge.translation_language_missing")
	}
	for _, text := range []text{
		{key: "badge.translation_name_", value: t.Name, most: MaxName, required: true, line: true},
		{key: "badge.translation_description_", value: t.Description, most: MaxDescription, required: true},
		{key: "badge.translation_criteria_", value: t.Criteria, most: MaxCriteria, required: criteria},
	} {
		if err := text.check(); err != nil {
			return err
		}
	}
	if !criteria && t.Criteria != "" {
		return fault.New(fault.Invalid, "badge.translation_criteria_alone")
	}
	return nil
}
