package templates

import (
	"errors"
	"html/template"
)

// funcs are the functions of every template, bound to one language.
func (s *Set) funcs(locale Locale) template.FuncMap {
	return template.FuncMap{
		"t":         func(key any, pairs ...any) (string, error) { return translate(locale, key, pairs) },
		"date":      locale.Date,
		"datetime":  locale.DateTime,
		"lang":      locale.Lang,
		"languages": func() []languageLink { return languageLinks(locale) },
		"asset":     s.static.path,
		// A picture inside a mail is named by cid:, which html/template would
		// not let through as an address.
		"cid": func(src string) template.URL { return template.URL(src) }, //nolint:gosec // set by package notify, never by a person
	}
}

// translate takes the sentence's arguments as names and values in turn.
func translate(locale Locale, key any, pairs []any) (string, error) {
	if len(pairs)%2 != 0 {
		return "", errors.New("t: a name without a value")
	}
	args := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return "", errors.New("t: a name that is no string")
		}
		args[name] = pairs[i+1]
	}
	name, ok := key.(string)
	if !ok {
		return "", errors.New("t: the key is no string")
	}
	return locale.T(name, args), nil
}

// languageLink is one choice of the language selector.
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
