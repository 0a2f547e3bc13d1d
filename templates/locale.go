package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales
var catalogues embed.FS

// languageInfo is a language that Insigne has, with its way to write dates and numbers.
type languageInfo struct {
	code, name string
	firstDay   string // the first day of a month
	at         string // between day and time
	decimal    string // decimal separator
	months     [12]string
}

// languages lists all languages. The first is used if no other fits.
var languages = []languageInfo{
	{
		code: "en", name: "English", firstDay: "1", at: ", ", decimal: ".",
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	},
	{
		code: "fr", name: "Français", firstDay: "1er", at: " à ", decimal: ",",
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	},
}

// Speaks reports whether Insigne has sentences in the language with a code.
func Speaks(code string) bool {
	return slices.ContainsFunc(languages, func(l languageInfo) bool { return l.code == code })
}

// Locale writes sentences, numbers and dates in one language. Set.Locale returns one;
// the zero value cannot be used.
type Locale struct {
	index     int // index in languages
	localizer *i18n.Localizer
	reads     []string // languages that the reader asked for
}

// Lang returns the language code, such as "fr".
func (l Locale) Lang() string { return languages[l.index].code }

// Reads returns the languages in which the reader reads texts that others wrote, BCP 47,
// the preferred first: those that they asked for, even if Insigne has no sentences in
// them, then the language of l.
func (l Locale) Reads() []string { return append(slices.Clone(l.reads), l.Lang()) }

// T returns the sentence of key with the values of args. The argument Count chooses the
// plural form. A float64 is written as Number does, a time.Time as Date does. If there
// is no such key, T returns key.
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
		config.PluralCount = nil // the sentence has no plural forms
	}
	text, err := l.localizer.Localize(config)
	if err != nil {
		return key
	}
	return text
}

// Number returns n with at most two decimals and without trailing zeros. Adding 0 turns
// -0 into 0.
func (l Locale) Number(n float64) string {
	text := strconv.FormatFloat(math.Round(n*100)/100+0, 'f', -1, 64)
	return strings.Replace(text, ".", languages[l.index].decimal, 1)
}

// Date returns the day of t in words, in UTC; empty for the zero time.
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

// DateTime returns the day and time of t in UTC, followed by "UTC"; empty for the zero
// time.
func (l Locale) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return l.Date(t) + languages[l.index].at + t.UTC().Format("15:04") + "\u00a0UTC"
}

// loadLocales reads all catalogues.
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
			// The bundle finds the language in the name of the file.
			if _, err := bundle.ParseMessageFileBytes(text, path.Base(file)+"."+lang.code+".toml"); err != nil {
				return nil, nil, fmt.Errorf("read catalogue %s: %w", file, err)
			}
		}
		locales = append(locales, Locale{index: i, localizer: i18n.NewLocalizer(bundle, lang.code)})
		tags = append(tags, language.Make(lang.code))
	}
	return locales, language.NewMatcher(tags), nil
}

// Locale returns the first of preferences that Insigne has. A preference is a language
// code of a browser or an LMS, or a whole Accept-Language value. If Insigne has none of
// them, it is English.
func (s *Set) Locale(preferences ...string) Locale {
	if len(preferences) > 0 {
		for i := range languages { // the usual preference, which needs no parsing
			if code := languages[i].code; preferences[0] == code {
				return s.locales[i].readBy([]string{code})
			}
		}
	}
	var reads []string
	for _, p := range preferences {
		wanted := parsePreference(p)
		if len(wanted) == 0 {
			continue
		}
		for _, tag := range wanted {
			reads = append(reads, tag.String())
		}
		if _, index, confidence := s.matcher.Match(wanted...); confidence != language.No {
			return s.locales[index].readBy(reads)
		}
	}
	return s.locales[0].readBy(reads)
}

func (l Locale) readBy(reads []string) Locale {
	l.reads = reads
	return l
}

// parsePreference returns the language tags in p. Moodle sends names of language packs,
// such as fr_ca and en_us_k12; the second is not a language tag.
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
