package web

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/templates"
)

// gallery writes every page with its sample to a folder, to be looked at:
//
//	go test ./web -run TestPages -gallery /tmp/gallery
//
// and any file server on that folder.
var gallery = flag.String("gallery", "", "folder to write every page to")

// This test is inside the package because pages are filled from unexported
// types: a field that a page needs and a handler no longer gives fails here.
func TestPages(t *testing.T) {
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
		locale := set.Locale(language)
		pages := samples(set, library, locale)
		checkComplete(t, set, pages)
		for name, page := range pages {
			t.Run(language+"/"+name, func(t *testing.T) {
				var body bytes.Buffer
				if err := set.Render(&body, locale, templateOf(name), page); err != nil {
					t.Fatal(err)
				}
				checkPage(t, body.Bytes())
				write(t, name+"."+language+".html", body.Bytes())
			})
		}
	}
}

// templateOf returns the page of a sample, such as claim of claim.declined.
func templateOf(sample string) string {
	name, _, _ := strings.Cut(sample, ".")
	return name
}

// checkComplete wants a sample of every page.
func checkComplete(t *testing.T, set *templates.Set, pages map[string]templates.Page) {
	t.Helper()
	for _, audience := range []string{"admin", "launch", "learner", "public", "shared", "teacher"} {
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
}

var (
	rawKey  = regexp.MustCompile(`\b(admin|assertion_state|badge|badge_state|byhand|cannot|cannot_you|channel|claim|common|cookies|counts|expiry|fact|history|issuer|learner|notice|picture|preview|problem|progress|public|recipient|register|review|rule|source|standing|teacher|unknown|verdict)\.[a-z][a-z_]+\b`)
	spilled = regexp.MustCompile(`<no value>|%!|\{\{|ZgotmplZ`)
)

// checkPage walks through a page: nothing the content security policy forbids,
// a text beside every picture, no id twice, no key and no gap left in the text.
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
		t.Errorf("id %q stands twice", id)
	}
	ids[has["id"]] = true
}

// show writes what the pages of the gallery refer to.
func show(t *testing.T, set *templates.Set, library *picture.Library) {
	t.Helper()
	for _, p := range library.All() {
		write(t, "pictures/"+p.Picture.Hash+".png", p.Picture.PNG)
	}
	root := os.DirFS("../templates/static")
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

// write adds a file to the gallery, if there is one.
func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if *gallery == "" {
		return
	}
	path := filepath.Join(*gallery, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
