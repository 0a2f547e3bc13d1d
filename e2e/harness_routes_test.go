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

// filled returns a route's path with values for its variables. The test fails if a
// variable has no value, so that a new variable gets one.
func filled(t *testing.T, path string, values map[string]string) string {
	t.Helper()
	return pathVariable.ReplaceAllStringFunc(path, func(variable string) string {
		name := pathVariable.FindStringSubmatch(variable)[1]
		value, ok := values[name]
		if !ok {
			t.Fatalf("add a value for {%s} of %s", name, path)
		}
		return url.PathEscape(value)
	})
}
