package page_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/web/page"
)

// message returns the catalogue key of err; empty if it has none.
func message(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Key()
	}
	return ""
}

func multipartForm(t *testing.T, name, value string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField(name, value); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// encoded returns a form with a body that is already encoded.
func encoded(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// bounded limits the size of the body, as the server does for every request.
func bounded(r *http.Request, most int64) *http.Request {
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, most)
	return r
}

// TestParseForm parses forms of people and of attackers.
func TestParseForm(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    *http.Request
		want string // catalogue key of the error; empty: the form is accepted
	}{
		{"a form", encoded("name=Zo%C3%AB"), ""},
		{"a form with files", multipartForm(t, "name", "Zoë"), ""},
		{"a query", get("/?name=Zo%C3%AB"), ""},
		{"nothing", encoded(""), ""},
		{"text that is not UTF-8", encoded("name=%FF"), "problem.form_unreadable"},
		{"text that is not UTF-8, with files", multipartForm(t, "name", "\xff"), "problem.form_unreadable"},
		{"a NUL", encoded("name=a%00b"), "problem.form_unreadable"},
		{"a NUL in a second value", encoded("name=a&name=%00"), "problem.form_unreadable"},
		{"a NUL in the query", get("/?name=%00"), "problem.form_unreadable"},
		{"a broken escape", encoded("name=%zz"), "problem.form_unreadable"},
		{"too large", bounded(encoded("name="+strings.Repeat("x", 100)), 50), "problem.too_large"},
		{"too large, with files", bounded(multipartForm(t, "name", strings.Repeat("x", 1000)), 500), "problem.too_large"},
		{"too large for a form without a bound", encoded("name=" + strings.Repeat("x", 11<<20)), "problem.too_large"},
		{"too large a text among files", multipartForm(t, "name", strings.Repeat("x", 15<<20)), "problem.too_large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := page.ParseForm(tt.r)
			if message(err) != tt.want || (tt.want == "") != (err == nil) {
				t.Fatalf("%v, want %q", err, tt.want)
			}
			if tt.want != "" && !fault.Is(err, fault.Invalid) {
				t.Errorf("%v is of the kind %v, want Invalid", err, fault.KindOf(err))
			}
			if tt.want == "" && tt.name != "nothing" && tt.r.FormValue("name") != "Zoë" {
				t.Errorf("read %q", tt.r.FormValue("name"))
			}
		})
	}
}

// TestCheckCSRF checks that a token is needed for every request that can change
// something.
func TestCheckCSRF(t *testing.T) {
	withHeader := func(r *http.Request, token string) *http.Request {
		r.Header.Set("X-CSRF-Token", token)
		return r
	}
	method := func(method string) *http.Request { return httptest.NewRequest(method, "/", nil) }
	for _, tt := range []struct {
		name string
		r    *http.Request
		want string // token of the session
		key  string
	}{
		{"reading", get("/"), "token", ""},
		{"asking for the headers", method(http.MethodHead), "token", ""},
		{"a form with the token", post("/", url.Values{"csrf": {"token"}}), "token", ""},
		{"a form with files and the token", multipartForm(t, "csrf", "token"), "token", ""},
		{"the header of htmx", withHeader(method(http.MethodPost), "token"), "token", ""},
		{"a wrong header beside the right field", withHeader(post("/", url.Values{"csrf": {"token"}}), "x"), "token", "problem.form_stale"},
		{"no token", post("/", nil), "token", "problem.form_stale"},
		{"another token", post("/", url.Values{"csrf": {"other"}}), "token", "problem.form_stale"},
		{"the beginning of the token", post("/", url.Values{"csrf": {"tok"}}), "token", "problem.form_stale"},
		{"the token in the address", post("/?csrf=token", nil), "token", "problem.form_stale"},
		{"a session without a token", post("/", url.Values{"csrf": {""}}), "", "problem.form_stale"},
		{"PUT", method(http.MethodPut), "token", "problem.form_stale"},
		{"PATCH", method(http.MethodPatch), "token", "problem.form_stale"},
		{"DELETE", method(http.MethodDelete), "token", "problem.form_stale"},
		{"a form that cannot be read", encoded("csrf=token&name=%zz"), "token", "problem.form_unreadable"},
	} {
		if err := page.CheckCSRF(tt.r, tt.want); message(err) != tt.key || (tt.key == "") != (err == nil) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.key)
		}
	}
}
