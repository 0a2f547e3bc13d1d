package teacher_test

import (
	"bytes"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/insigne-badges/insigne/web/webtest"
)

// expect checks the status and the text of an answer.
func expect(t *testing.T, got webtest.Answer, status int, texts ...string) {
	t.Helper()
	if got.Status != status {
		t.Errorf("status %d, want %d: %s", got.Status, status, got.Text())
	}
	for _, text := range texts {
		if !got.Shows(text) {
			t.Errorf("%q is missing in: %s", text, got.Text())
		}
	}
}

// expectNot checks that the answer does not have some texts.
func expectNot(t *testing.T, got webtest.Answer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if got.Shows(text) {
			t.Errorf("%q is in: %s", text, got.Text())
		}
	}
}

// expectGoes checks that an answer redirects to path.
func expectGoes(t *testing.T, got webtest.Answer, path string) {
	t.Helper()
	if to := got.Header.Get("Location"); got.Status != http.StatusSeeOther || to != path {
		t.Errorf("status %d to %q, want %d to %q: %s", got.Status, to, http.StatusSeeOther, path, got.Text())
	}
}

// sent returns what a browser would send of the form with an id: all fields with the
// values on the page, and no button.
func sent(t *testing.T, from webtest.Answer, id string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(from.Body))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	found := false
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" && attribute(n, "id") == id {
			found = true
			for field := range n.Descendants() {
				addField(form, field)
			}
		}
	}
	if !found {
		t.Fatalf("there is no form %q in: %s", id, from.Text())
	}
	return form
}

func addField(form url.Values, n *html.Node) {
	name := attribute(n, "name")
	if n.Type != html.ElementNode || name == "" || hasAttribute(n, "disabled") {
		return
	}
	switch n.Data {
	case "textarea":
		form.Add(name, strings.TrimPrefix(textOf(n), "\n"))
	case "select":
		form.Add(name, chosen(n))
	case "input":
		switch attribute(n, "type") {
		case "file":
		case "radio", "checkbox":
			if hasAttribute(n, "checked") {
				form.Add(name, attribute(n, "value"))
			}
		default:
			form.Add(name, attribute(n, "value"))
		}
	}
}

// chosen returns the value of the selected option of a list, or of the first.
func chosen(list *html.Node) (value string) {
	first := true
	for n := range list.Descendants() {
		if n.Data == "option" && (first || hasAttribute(n, "selected")) {
			value, first = attribute(n, "value"), false
		}
	}
	return value
}

func textOf(n *html.Node) string {
	var text strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text.WriteString(d.Data)
		}
	}
	return text.String()
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// expectLabels checks labels that are not part of the text: labels of the groups of a
// list, and of pictures.
func expectLabels(t *testing.T, got webtest.Answer, labels ...string) {
	t.Helper()
	for _, label := range labels {
		if !labelled(got, label) {
			t.Errorf("nothing is labelled %q", label)
		}
	}
}

func labelled(got webtest.Answer, label string) bool {
	return strings.Contains(got.Body, `label="`+label+`"`) || strings.Contains(got.Body, `alt="`+label+`"`)
}

// file is a file that a form sends.
type file struct {
	field string
	data  []byte
}

// upload sends a form with files, and the token of the session.
func upload(t *testing.T, b *webtest.Browser, path string, form url.Values, files ...file) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	field := func(name string, values ...string) {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	field("csrf", b.CSRF)
	for name, values := range form {
		if name != "csrf" {
			field(name, values...)
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.field, "any name")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.Do(r)
}

// with returns a copy of a form with other values of some fields; nil removes one.
func with(form url.Values, other url.Values) url.Values {
	changed := maps.Clone(form)
	for name, values := range other {
		if values == nil {
			delete(changed, name)
		} else {
			changed[name] = values
		}
	}
	return changed
}
