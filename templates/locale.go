package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales
var catalogues embed.FS

// languages lists what Insigne speaks, the fallback first.
var languages = []struct {
	code, name string
	date       string // layout of a date, with %s for the month
	datetime   string
	months     [12]string
}{
	{
		"en", "English", "2 %s 2006", "2 %s 2006, 15:04",
		[12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	},
	{
		"fr", "Français", "2 %s 2006", "2 %s 2006 à 15:04",
		[12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
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
// Count picks the plural. A key that is missing is returned itself.
func (l Locale) T(key string, args map[string]any) string {
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: args}
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

// Date writes a day in words, in UTC.
func (l Locale) Date(t time.Time) string { return l.format(languages[l.index].date, t) }

// DateTime writes a day and time, in UTC.
func (l Locale) DateTime(t time.Time) string { return l.format(languages[l.index].datetime, t) + " UTC" }

func (l Locale) format(layout string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	// Months of other languages may hold what time would take for a layout.
	day := t.Format("2")
	if day == "1" && l.Lang() == "fr" {
		day = "1er"
	}
	rest := t.Format(layout[len("2 %s"):])
	return fmt.Sprintf("%s %s%s", day, languages[l.index].months[t.Month()-1], rest)
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
