package webtest

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/templates"
)

// GalleryVariable names the environment variable for a folder. If it is set, TestPages
// of every audience writes its pages there, so that people can look at them:
//
//	INSIGNE_GALLERY=/tmp/gallery go test -count=1 -run TestPages ./web/...
//	python3 -m http.server -d /tmp/gallery
const GalleryVariable = "INSIGNE_GALLERY"

// CheckPages renders the sample pages of an audience in every language and checks them.
// samples returns pages by name; a name such as teacher/badge.draft is a variant of a
// page. Every page of the audience needs a sample. A page must have nothing that the
// content security policy forbids, no picture without an alternative text, no id twice,
// and no catalogue key or unfilled gap in its text.
func CheckPages(t *testing.T, audience string, samples func(Sample) map[string]templates.Page) {
	t.Helper()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	library, err := picture.LoadLibrary()
	if err != nil {
		t.Fatal(err)
	}
	show(t, set, library)
	for _, language := range []string{"en", "fr"} {
		s := Sample{
			Locale: set.Locale(language), Templates: set, Library: library, Pictures: library.All(),
			Links: credential.NewAddresses(BaseURL, credential.ClaimLinks{}),
		}
		pages := samples(s)
		checkComplete(t, set, audience, pages)
		for name, content := range pages {
			if content.Path == "" {
				content.Path = "/sample"
			}
			t.Run(language+"/"+name, func(t *testing.T) {
				var body bytes.Buffer
				if err := set.Render(&body, s.Locale, templateOf(name), content); err != nil {
					t.Fatal(err)
				}
				checkPage(t, body.Bytes())
				write(t, name+"."+language+".html", bytes.ReplaceAll(body.Bytes(), []byte(BaseURL+"/pictures/"), []byte("/pictures/")))
			})
		}
	}
}

// templateOf returns the page that a sample is of, such as teacher/badge for
// teacher/badge.draft.
func templateOf(sample string) string {
	name, _, _ := strings.Cut(sample, ".")
	return name
}

// checkComplete checks that every page has a sample.
func checkComplete(t *testing.T, set *templates.Set, audience string, pages map[string]templates.Page) {
	t.Helper()
	names := set.Pages(audience)
	if len(names) == 0 {
		t.Fatalf("no pages of %s found", audience)
	}
	for _, name := range names {
		if _, ok := pages[name]; !ok {
			t.Errorf("page %s has no sample", name)
		}
	}
}

var (
	rawKey  = regexp.MustCompile(`\b(admin|assertion_state|badge|badge_state|byhand|cannot|cannot_you|channel|claim|common|cookies|counts|expiry|fact|history|issuer|learner|notice|picture|preview|problem|progress|public|recipient|register|review|rule|source|standing|teacher|unknown|verdict)\.[a-z][a-z_]+\b`)
	spilled = regexp.MustCompile(`<no value>|%!|\{\{|ZgotmplZ`)
)

// checkPage checks one page as CheckPages says.
func checkPage(t *testing.T, page []byte) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for n := range root.Descendants() {
		switch n.Type {
		case html.TextNode:
			if rawKey.MatchString(n.Data) && n.Parent.Data != "code" || spilled.MatchString(n.Data) {
				t.Errorf("not translated: %q", strings.TrimSpace(n.Data))
			}
		case html.ElementNode:
			checkElement(t, n, ids)
		default:
		}
	}
}

func checkElement(t *testing.T, n *html.Node, ids map[string]bool) {
	t.Helper()
	has := map[string]string{}
	for _, a := range n.Attr {
		has[a.Key] = a.Val
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Val, "javascript:") || spilled.MatchString(a.Val) {
			t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
	}
	_, src := has["src"]
	_, alt := has["alt"]
	switch {
	case n.Data == "style", n.Data == "script" && !src:
		t.Errorf("inline <%s>", n.Data)
	case n.Data == "img" && !alt:
		t.Errorf("<img src=%q> has no alt", has["src"])
	case n.Data == "form" && strings.EqualFold(has["method"], "get"):
		t.Errorf("form %q by GET", has["action"])
	}
	if id := has["id"]; id != "" && ids[id] {
		t.Errorf("id %q is there twice", id)
	}
	ids[has["id"]] = true
}

// show writes the pictures and static files that the pages need to the gallery.
func show(t *testing.T, set *templates.Set, library *picture.Library) {
	t.Helper()
	if os.Getenv(GalleryVariable) == "" {
		return // nothing is written, and drawing takes long
	}
	for _, ready := range library.All() {
		p, err := ready.Picture()
		if err != nil {
			t.Fatal(err)
		}
		write(t, "pictures/"+p.Hash+".png", p.PNG)
	}
	root := os.DirFS("../../templates/static")
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, file)
		write(t, set.Asset(file), content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// write adds a file to the gallery, if GalleryVariable is set.
func write(t *testing.T, name string, content []byte) {
	t.Helper()
	folder := os.Getenv(GalleryVariable)
	if folder == "" {
		return
	}
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
