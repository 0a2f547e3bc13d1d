package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales
var catalogues embed.FS

// spoken is a language Insigne speaks.
type spoken struct {
	code, name string
	firstDay   string // the first of a month
	at         string // between day and time
	decimal    string // before a fraction
	months     [12]string
}

// languages lists them, the fallback first.
var languages = []spoken{
	{
		code: "en", name: "English", firstDay: "1", at: ", ", decimal: ".",
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	},
	{
		code: "fr", name: "Français", firstDay: "1er", at: " à ", decimal: ",",
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	},
}

// Locale speaks one language. The zero value is not usable: ask a Set.
type Locale struct {
	index     int // in languages
	localizer *i18n.Localizer
}

// Lang returns the language code, such as "fr".
func (l Locale) Lang() string { return languages[l.index].code }

// T returns the sentence of a key, its gaps filled from args. The argument
// Count picks the plural; a float64 is written as Number does, a time as Date does. A key that is
// missing is returned itself.
func (l Locale) T(key string, args map[string]any) string {
	filled := make(map[string]any, len(args))
	for name, value := range args {
		switch v := value.(type) {
		case float64:
			value = l.Number(v)
		case time.Time:
			value = l.Date(v)
		}
		filled[name] = value
	}
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: filled}
	if count, ok := args["Count"]; ok {
		config.PluralCount = count
		if text, err := l.localizer.Localize(config); err == nil {
			return text
		}
		config.PluralCount = nil // a sentence without plurals
	}
	text, err := l.localizer.Localize(config)
	if err != nil {
		return key
	}
	return text
}

// Number writes n with at most two decimals, no trailing zeros and no minus
// before nothing (which adding zero removes).
func (l Locale) Number(n float64) string {
	text := strconv.FormatFloat(math.Round(n*100)/100+0, 'f', -1, 64)
	return strings.Replace(text, ".", languages[l.index].decimal, 1)
}

// Date writes a day in words, in UTC; nothing for the zero time.
func (l Locale) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	language, day := languages[l.index], strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = language.firstDay
	}
	return fmt.Sprintf("%s %s %d", day, language.months[t.Month()-1], t.Year())
}

// DateTime writes a day and time, in UTC and saying so; nothing for the zero
// time.
func (l Locale) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return l.Date(t) + languages[l.index].at + t.UTC().Format("15:04") + "\u00a0UTC"
}

// loadLocales reads every catalogue.
func loadLocales() ([]Locale, language.Matcher, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	var locales []Locale
	var tags []language.Tag
	for i, lang := range languages {
		files, err := fs.Glob(catalogues, "locales/"+lang.code+"/*.toml")
		if err != nil {
			return nil, nil, err
		}
		for _, file := range files {
			text, err := catalogues.ReadFile(file)
			if err != nil {
				return nil, nil, err
			}
			// The bundle learns the language from the file's name.
			if _, err := bundle.ParseMessageFileBytes(text, path.Base(file)+"."+lang.code+".toml"); err != nil {
				return nil, nil, fmt.Errorf("read catalogue %s: %w", file, err)
			}
		}
		locales = append(locales, Locale{index: i, localizer: i18n.NewLocalizer(bundle, lang.code)})
		tags = append(tags, language.Make(lang.code))
	}
	return locales, language.NewMatcher(tags), nil
}

// Locale picks the language by preference: codes as browsers and LMSs write
// them, or whole Accept-Language values; English when none is spoken here.
func (s *Set) Locale(preferences ...string) Locale {
	for _, p := range preferences {
		wanted := parsePreference(p)
		if len(wanted) == 0 {
			continue
		}
		if _, index, confidence := s.matcher.Match(wanted...); confidence != language.No {
			return s.locales[index]
		}
	}
	return s.locales[0]
}

// parsePreference reads what LMSs send too: Moodle names its language packs
// fr_ca or en_us_k12, the last of which is no language tag.
func parsePreference(p string) []language.Tag {
	p = strings.ReplaceAll(p, "_", "-")
	if wanted, _, err := language.ParseAcceptLanguage(p); err == nil {
		return wanted
	}
	base, _, _ := strings.Cut(p, "-")
	wanted, err := language.Parse(base)
	if err != nil {
		return nil
	}
	return []language.Tag{wanted}
}
