package badges_test

import (
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

func TestContentValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*badges.Content)
		key    string
	}{
		{"fine", func(*badges.Content) {}, ""},
		{"no name", func(c *badges.Content) { c.Name = "  " }, "badge.name_missing"},
		{"long name", func(c *badges.Content) { c.Name = strings.Repeat("é", badges.MaxName+1) }, "badge.name_too_long"},
		{"name of exactly the limit", func(c *badges.Content) { c.Name = strings.Repeat("é", badges.MaxName) }, ""},
		{"no description", func(c *badges.Content) { c.Description = "" }, "badge.description_missing"},
		{"bell in the description", func(c *badges.Content) { c.Description = "ding\a" }, "badge.description_unreadable"},
		{"broken UTF-8", func(c *badges.Content) { c.Criteria = "\xff" }, "badge.criteria_unreadable"},
		{"no picture", func(c *badges.Content) { c.Picture = "" }, "badge.picture_missing"},
		{"no issuer", func(c *badges.Content) { c.Issuer = "" }, "badge.issuer_missing"},
		{"no rule", func(c *badges.Content) { c.Rule = badges.Rule{} }, "rule.kind_unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := badges.Content{
				Name: " Data explorer ", Description: "Explores data.", Picture: "p", Issuer: "i",
				Rule: badges.Rule{Kind: badges.CourseCompleted},
			}
			tt.change(&c)
			wantKey(t, c.Validate(), tt.key)
		})
	}
}

func TestIssuerValidate(t *testing.T) {
	tests := []struct {
		name             string
		title, url, mail string
		key              string
	}{
		{"fine", "Université Neuve", "https://example.org", "badges@example.org", ""},
		{"no name", "", "https://example.org", "badges@example.org", "issuer.name_missing"},
		{"script address", "U", "javascript:alert(1)", "badges@example.org", "issuer.url_invalid"},
		{"no host", "U", "https://", "badges@example.org", "issuer.url_invalid"},
		{"mail with a name", "U", "https://example.org", "U <badges@example.org>", "issuer.email_invalid"},
		{"mail with a line break", "U", "https://example.org", "a@example.org\r\nBcc: b@example.org", "issuer.email_invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := badges.Issuer{Name: tt.title, URL: tt.url, Email: tt.mail}
			wantKey(t, i.Validate(), tt.key)
		})
	}
}
