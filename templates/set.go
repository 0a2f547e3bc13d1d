package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	texttemplate "text/template"

	"golang.org/x/text/language"
)

//go:embed pages partials layouts mails
var files embed.FS

// Page is what a layout shows around a page's data.
type Page struct {
	Title   string
	Path    string // of this page, for the links to its other languages
	Session string // path prefix of the session, inside the LMS frame
	CSRF    string // token of the session's forms
	Data    any    // the page's own typed struct
}

// Set holds every template in every language. It is safe for concurrent use.
type Set struct {
	locales []Locale
	matcher language.Matcher
	pages   []map[string]*template.Template // by language, by name
	mails   []map[string]*template.Template
	texts   []map[string]*texttemplate.Template
	static  *staticFiles
}

// Load parses everything.
func Load() (*Set, error) {
	locales, matcher, err := loadLocales()
	if err != nil {
		return nil, err
	}
	static, err := loadStatic()
	if err != nil {
		return nil, err
	}
	s := &Set{locales: locales, matcher: matcher, static: static}
	for _, locale := range locales {
		pages, err := s.parsePages(locale)
		if err != nil {
			return nil, err
		}
		mails, texts, err := s.parseMails(locale)
		if err != nil {
			return nil, err
		}
		s.pages, s.mails, s.texts = append(s.pages, pages), append(s.mails, mails), append(s.texts, texts)
	}
	return s, nil
}

// Locale picks the language by preference: codes as browsers and LMSs write
// them, or whole Accept-Language values; English when none is spoken here.
func (s *Set) Locale(preferences ...string) Locale {
	for _, p := range preferences {
		wanted, _, err := language.ParseAcceptLanguage(strings.ReplaceAll(p, "_", "-"))
		if err != nil || len(wanted) == 0 {
			continue
		}
		if _, index, confidence := s.matcher.Match(wanted...); confidence != language.No {
			return s.locales[index]
		}
	}
	return s.locales[0]
}

// fragments are answers to htmx, put into a page that is there already.
var fragments = map[string]bool{"teacher_preview": true, "teacher_condition": true, "learner_list": true}

func layoutOf(page string) string {
	prefix, _, _ := strings.Cut(page, "_")
	switch {
	case fragments[page]:
		return "fragment"
	case page == "admin_sign_in":
		return "public"
	case prefix == "teacher" || prefix == "learner" || prefix == "lti" || page == "problem_frame":
		return "frame"
	case prefix == "admin":
		return "admin"
	default:
		return "public"
	}
}

func (s *Set) parsePages(locale Locale) (map[string]*template.Template, error) {
	base, err := template.New("").Funcs(s.funcs(locale)).ParseFS(files, "layouts/*.html", "partials/*.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, file := range names {
		page, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if page, err = page.ParseFS(files, file); err != nil {
			return nil, err
		}
		pages[strings.TrimSuffix(path.Base(file), ".html")] = page
	}
	return pages, nil
}

// Render writes a page.
func (s *Set) Render(w io.Writer, locale Locale, name string, page Page) error {
	t, ok := s.pages[locale.index][name]
	if !ok {
		return fmt.Errorf("no page %q", name)
	}
	return t.ExecuteTemplate(w, layoutOf(name), page)
}

func (s *Set) parseMails(locale Locale) (map[string]*template.Template, map[string]*texttemplate.Template, error) {
	names, err := fs.Glob(files, "mails/*")
	if err != nil {
		return nil, nil, err
	}
	mails, texts := map[string]*template.Template{}, map[string]*texttemplate.Template{}
	for _, file := range names {
		name, kind, _ := strings.Cut(path.Base(file), ".")
		if kind == "txt" {
			texts[name], err = texttemplate.New(path.Base(file)).Funcs(texttemplate.FuncMap(s.funcs(locale))).ParseFS(files, file)
		} else {
			mails[name], err = template.New(path.Base(file)).Funcs(s.funcs(locale)).ParseFS(files, file)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return mails, texts, nil
}

// Mail renders both parts of a mail.
func (s *Set) Mail(locale Locale, name string, data Mail) (html, text string, err error) {
	var h, t bytes.Buffer
	if err := s.mails[locale.index][name].Execute(&h, data); err != nil {
		return "", "", fmt.Errorf("render mail %s: %w", name, err)
	}
	if err := s.texts[locale.index][name].Execute(&t, data); err != nil {
		return "", "", fmt.Errorf("render mail %s: %w", name, err)
	}
	return h.String(), t.String(), nil
}

// Message renders a message to be sent inside the LMS.
func (s *Set) Message(locale Locale, data Mail) (string, error) {
	var h bytes.Buffer
	if err := s.mails[locale.index]["message"].Execute(&h, data); err != nil {
		return "", fmt.Errorf("render message: %w", err)
	}
	return h.String(), nil
}

// Mail is what mails and messages show.
type Mail struct {
	Name        string // of the learner
	Badge       string
	Description string
	Criteria    string // the teacher's words, may be empty
	Rule        string // the rule in one sentence
	Course      string
	Issuer      string
	IssuerURL   string
	URL         string // what the button opens
	Picture     string // source of the picture: a cid: or an address
	Host        string // of this installation
}
