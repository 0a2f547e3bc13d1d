package templates

import (
	"errors"
	"html/template"
)

// funcs returns the functions that every template of a language can call.
func (s *Set) funcs(locale Locale) template.FuncMap {
	return template.FuncMap{
		"t":         func(key any, pairs ...any) (string, error) { return translate(locale, key, pairs) },
		"date":      locale.Date,
		"datetime":  locale.DateTime,
		"lang":      locale.Lang,
		"languages": func() []languageLink { return languageLinks(locale) },
		"asset":     s.static.path,
		// Pictures in a mail have addresses that start with cid:, which html/template
		// would replace.
		"cid": func(src string) template.URL { return template.URL(src) }, //nolint:gosec // package notify sets it, never a person
	}
}

// translate returns the sentence of key. pairs are the names and values of its
// arguments, in turn.
func translate(locale Locale, key any, pairs []any) (string, error) {
	if len(pairs)%2 != 0 {
		return "", errors.New("t: an argument has a name but no value")
	}
	args := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return "", errors.New("t: the name of an argument is not a string")
		}
		args[name] = pairs[i+1]
	}
	name, ok := key.(string)
	if !ok {
		return "", errors.New("t: the key is not a string")
	}
	return locale.T(name, args), nil
}

// languageLink is one choice in the language selector.
type languageLink struct {
	Code, Name string
	Current    bool
}

func languageLinks(current Locale) []languageLink {
	links := make([]languageLink, len(languages))
	for i, l := range languages {
		links[i] = languageLink{Code: l.code, Name: l.name, Current: i == current.index}
	}
	return links
}
