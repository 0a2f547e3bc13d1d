package badges

import (
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Language is a language in which a badge can be written.
type Language struct {
	Code string // BCP 47
	Name string // in the language itself
}

// Languages lists all languages in which a badge can be written: first those that
// Insigne speaks, then the others by their names.
func Languages() []Language {
	return []Language{
		{"fr", "Français"},
		{"en", "English"},
		{"br", "Brezhoneg"},
		{"ca", "Català"},
		{"cs", "Čeština"},
		{"co", "Corsu"},
		{"da", "Dansk"},
		{"de", "Deutsch"},
		{"es", "Español"},
		{"eu", "Euskara"},
		{"ga", "Gaeilge"},
		{"hr", "Hrvatski"},
		{"it", "Italiano"},
		{"lv", "Latviešu"},
		{"lb", "Lëtzebuergesch"},
		{"lt", "Lietuvių"},
		{"hu", "Magyar"},
		{"nl", "Nederlands"},
		{"nb", "Norsk bokmål"},
		{"oc", "Occitan"},
		{"pl", "Polski"},
		{"pt", "Português"},
		{"ro", "Română"},
		{"sk", "Slovenčina"},
		{"sl", "Slovenščina"},
		{"fi", "Suomi"},
		{"sv", "Svenska"},
		{"vi", "Tiếng Việt"},
		{"tr", "Türkçe"},
		{"el", "Ελληνικά"},
		{"bg", "Български"},
		{"ru", "Русский"},
		{"uk", "Українська"},
		{"he", "עברית"},
		{"ar", "العربية"},
		{"fa", "فارسی"},
		{"zh", "中文"},
		{"ja", "日本語"},
		{"ko", "한국어"},
	}
}

// LanguageName returns the name of a language in the language itself; its code if it is
// none of Languages.
func LanguageName(code string) string {
	for _, l := range Languages() {
		if l.Code == code {
			return l.Name
		}
	}
	return code
}

// RightToLeft reports whether a language of Languages is written from right to left.
func RightToLeft(code string) bool { return code == "ar" || code == "fa" || code == "he" }

func checkLanguage(code string) error {
	for _, l := range Languages() {
		if l.Code == code {
			return nil
		}
	}
	return fault.New(fault.Invalid, "badge.language_unknown")
}

// sameLanguage reports whether a reader of one tag reads the other: fr and fr-CA.
func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return a != "" && strings.EqualFold(a, b)
}
