package e2e_test

import (
	"html"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
)

var tags = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]*>`)

// said returns the text of a page.
func said(w *httptest.ResponseRecorder) string { return textOf(w.Body.String()) }

// textOf returns the text of a part of a page.
func textOf(body string) string {
	return plain(html.UnescapeString(tags.ReplaceAllString(body, " ")))
}

// plain returns text in the form in which said returns it, with French spaces as normal
// spaces.
func plain(text string) string { return strings.Join(strings.Fields(text), " ") }

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// hidden returns the hidden fields of a page.
func hidden(w *httptest.ResponseRecorder) url.Values {
	form := url.Values{}
	for _, m := range hiddenInput.FindAllStringSubmatch(w.Body.String(), -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	form.Del("csrf")
	return form
}

var hiddenField = regexp.MustCompile(`<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"`)

// carried returns the fields of a form on a page of the campus.
func carried(page string) url.Values {
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	return form
}
