package templates

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	texttemplate "text/template"
	"text/template/parse"

	"golang.org/x/text/language"
)

//go:embed pages partials layouts mails
var files embed.FS

// Page is what a layout needs: the data of a page, and what is around it.
type Page struct {
	Title   string
	Path    string // of this page, for the links to other languages
	Session string // path before all paths of the session; empty outside the LMS frame
	CSRF    string // token of the session's forms
	Data    any    // the page's own typed struct
}

// Set has all templates in all languages. It is safe for concurrent use.
type Set struct {
	locales []Locale
	matcher language.Matcher
	pages   []map[string]*template.Template // by index of the language, then by name
	mails   []map[string]*template.Template
	texts   []map[string]*texttemplate.Template
	static  *staticFiles
}

// Load returns the set of this process. The first call parses everything.
func Load() (*Set, error) { return load() }

var load = sync.OnceValues(func() (*Set, error) {
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
})

// layoutOf returns the layout of a page, which is the name of its folder: "teacher" for
// pages/teacher/…, "fragment" for pages/teacher/fragment/….
func layoutOf(page string) string { return path.Base(path.Dir(page)) }

// partialsDir is the name of folders that have parts of pages.
const partialsDir = "partials"

func (s *Set) parsePages(locale Locale) (map[string]*template.Template, error) {
	base, err := template.New("").Funcs(s.funcs(locale)).ParseFS(files, "layouts/*.html", "partials/*.html", "pages/*/partials/*.html")
	if err != nil {
		return nil, err
	}
	names, err := pageNames()
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, name := range names {
		if pages[name], err = template.New("").Funcs(s.funcs(locale)).ParseFS(files, "pages/"+name+".html"); err != nil {
			return nil, err
		}
		if err := complete(pages[name], base, layoutOf(name)); err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
	}
	return pages, nil
}

// pageNames returns the names of all pages: their paths below pages, such as
// teacher/badge.
func pageNames() ([]string, error) {
	var names []string
	err := fs.WalkDir(files, "pages", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Base(path.Dir(file)) == partialsDir {
			return err
		}
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html"))
		return nil
	})
	return names, err
}

// complete copies the template called name, and all templates that it calls, from base
// to page, unless page defines them. To clone all layouts and partials for each page
// would take ten times the memory.
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

// calledBy returns the names of the templates that node calls.
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
		if n == nil { // there is no else
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

// Pages returns the names of an audience's pages, such as teacher/badge.
func (s *Set) Pages(audience string) []string {
	var names []string
	for name := range s.pages[0] {
		if strings.HasPrefix(name, audience+"/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Render writes the page called name, such as teacher/badge.
func (s *Set) Render(w io.Writer, locale Locale, name string, page Page) error {
	t, ok := s.pages[locale.index][name]
	if !ok {
		return fmt.Errorf("no page %q", name)
	}
	return t.ExecuteTemplate(w, layoutOf(name), page)
}
