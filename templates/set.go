package templates

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	texttemplate "text/template"
	"text/template/parse"

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

// fragments are answers to htmx, put into a page that is there already.
var fragments = map[string]bool{"teacher_preview": true, "teacher_preview_page": true, "teacher_condition": true, "teacher_recipients": true, "teacher_recipients_page": true, "mentor_learners_page": true, "learner_list": true, "admin_arrival": true}

func layoutOf(page string) string {
	prefix, _, _ := strings.Cut(page, "_")
	switch {
	case fragments[page]:
		return "fragment"
	case page == "admin_sign_in":
		return "public"
	case page == "frame_tab":
		return "tab"
	case prefix == "teacher" || prefix == "learner" || prefix == "mentor" || prefix == "lti" || page == "problem_frame":
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
		name := strings.TrimSuffix(path.Base(file), ".html")
		if pages[name], err = template.New("").Funcs(s.funcs(locale)).ParseFS(files, file); err != nil {
			return nil, err
		}
		if err := complete(pages[name], base, layoutOf(name)); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// complete adds to a page the template of a name and what that calls, as far as
// the page does not define it itself. A clone of all layouts and partials for
// each page would take ten times the memory.
func complete(page, base *template.Template, name string) error {
	done := map[string]bool{}
	var add func(name string) error
	add = func(name string) error {
		if done[name] {
			return nil
		}
		done[name] = true
		t := page.Lookup(name)
		if t == nil {
			part := base.Lookup(name)
			if part == nil {
				return fmt.Errorf("no template %q", name)
			}
			var err error
			if t, err = page.AddParseTree(name, part.Tree.Copy()); err != nil {
				return err
			}
		}
		for _, called := range calledBy(t.Tree.Root) {
			if err := add(called); err != nil {
				return err
			}
		}
		return nil
	}
	return add(name)
}

// calledBy lists the templates that a part of a template calls.
func calledBy(node parse.Node) []string {
	switch n := node.(type) {
	case *parse.TemplateNode:
		return []string{n.Name}
	case *parse.IfNode:
		return append(calledBy(n.List), calledBy(n.ElseList)...)
	case *parse.RangeNode:
		return append(calledBy(n.List), calledBy(n.ElseList)...)
	case *parse.WithNode:
		return append(calledBy(n.List), calledBy(n.ElseList)...)
	case *parse.ListNode:
		if n == nil { // no else
			return nil
		}
		var names []string
		for _, child := range n.Nodes {
			names = append(names, calledBy(child)...)
		}
		return names
	}
	return nil
}

// Render writes a page.
func (s *Set) Render(w io.Writer, locale Locale, name string, page Page) error {
	t, ok := s.pages[locale.index][name]
	if !ok {
		return fmt.Errorf("no page %q", name)
	}
	return t.ExecuteTemplate(w, layoutOf(name), page)
}
