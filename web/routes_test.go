package web_test

import (
	"crypto/rand"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/internal/secret"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web"
)

// TestRouteTable compares the table of doc.go with the routes that are mounted.
func TestRouteTable(t *testing.T) {
	key, err := secret.New([]byte(strings.Repeat("k", secret.MinLength)), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := web.New(web.Config{
		BaseURL: "https://badges.example", Secret: key, Templates: set, Now: time.Now, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	routes, err := s.Routes()
	if err != nil {
		t.Fatal(err)
	}
	pattern := regexp.MustCompile(`\{(\w+):(?:[^{}]|\{\d+\})+\}`) // {badge:[0-9a-f-]{36}}
	var mounted []string
	for _, r := range routes {
		if r.Method != "HEAD" {
			mounted = append(mounted, r.Method+" "+pattern.ReplaceAllString(r.Path, "{$1}"))
		}
	}
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range regexp.MustCompile(`(?m)^//\t((?:GET|POST| )+) (/\S*) +(anybody|embedded|member|teacher|admin) +\S`).FindAllStringSubmatch(string(source), -1) {
		for _, method := range strings.Fields(row[1]) {
			listed = append(listed, method+" "+row[2])
		}
	}
	slices.Sort(mounted)
	slices.Sort(listed)
	if diff := cmp.Diff(listed, mounted); diff != "" {
		t.Errorf("routes in doc.go (-) and mounted (+):\n%s", diff)
	}
}
