package lti

import (
	"strings"

	"golang.org/x/text/language"
)

// normalLanguage makes BCP 47 of what platforms send: "pt_br" is pt-BR. Of
// locales that are a platform's own, such as Moodle's "de_du" and "en_us_k12",
// the language remains. It is empty when there is none.
func normalLanguage(locale string) string {
	locale = strings.ReplaceAll(locale, "_", "-")
	base, _, _ := strings.Cut(locale, "-")
	for _, s := range []string{locale, base} {
		if tag, err := language.Parse(s); err == nil && tag != language.Und {
			return tag.String()
		}
	}
	return ""
}
