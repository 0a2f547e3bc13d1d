package templates_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestStaticFiles(t *testing.T) {
	set := load(t)
	server := httptest.NewServer(set.Static())
	t.Cleanup(server.Close)
	for name, test := range map[string]struct {
		path   string
		status int
		kind   string
	}{
		"style":         {set.Asset("app.css"), http.StatusOK, "text/css; charset=utf-8"},
		"script":        {set.Asset("app.js"), http.StatusOK, "text/javascript; charset=utf-8"},
		"picture":       {set.Asset("icon.svg"), http.StatusOK, "image/svg+xml"},
		"vendored":      {set.Asset("vendor/htmx.min.js"), http.StatusOK, "text/javascript; charset=utf-8"},
		"no such file":  {set.Asset("nothing.css"), http.StatusNotFound, ""},
		"another hash":  {"/static/0000000000000000/app.css", http.StatusNotFound, ""},
		"listing":       {set.Asset(""), http.StatusNotFound, ""},
		"folder":        {set.Asset("vendor/"), http.StatusNotFound, ""},
		"folder, plain": {set.Asset("vendor"), http.StatusNotFound, ""},
		"climbing out":  {set.Asset("../locales/en/mail.toml"), http.StatusNotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := server.Client().Get(server.URL + test.path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = answer.Body.Close() }()
			if _, err := io.Copy(io.Discard, answer.Body); err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != test.status {
				t.Errorf("status %d, want %d", answer.StatusCode, test.status)
			}
			kept := strings.Contains(answer.Header.Get("Cache-Control"), "immutable")
			if kept != (test.status == http.StatusOK) {
				t.Errorf("status %d with Cache-Control %q", answer.StatusCode, answer.Header.Get("Cache-Control"))
			}
			if test.kind != "" && answer.Header.Get("Content-Type") != test.kind {
				t.Errorf("type %q, want %q", answer.Header.Get("Content-Type"), test.kind)
			}
		})
	}
}
