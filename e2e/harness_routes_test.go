package e2e_test

import (
	"net/url"
	"regexp"
	"testing"

	"github.com/insigne-badges/insigne/web"
)

func (d *demo) routes(t *testing.T) []web.Route {
	t.Helper()
	routes, err := d.App.Routes()
	if err != nil || len(routes) < 50 {
		t.Fatalf("%d routes, %v", len(routes), err)
	}
	return routes
}

var pathVariable = regexp.MustCompile(`\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}`)

// filled is a route's path with its variables replaced. A variable nobody
// thought of fails the test: it has to be given a value that matters.
func filled(t *testing.T, path string, values map[string]string) string {
	t.Helper()
	return pathVariable.ReplaceAllStringFunc(path, func(variable string) string {
		name := pathVariable.FindStringSubmatch(variable)[1]
		value, ok := values[name]
		if !ok {
			t.Fatalf("say what {%s} of %s stands for", name, path)
		}
		return url.PathEscape(value)
	})
}
