package lti

import (
	"strings"

	"golang.org/x/text/language"
)

// normalLanguage converts a platform's locale to BCP 47: "pt_br" becomes pt-BR. Of a
// platform's own locales, for example Moodle's "de_du" and "en_us_k12", it keeps the
// language. It returns empty text if there is no language.
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
