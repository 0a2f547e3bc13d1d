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
		{"a name of two lines", func(c *badges.Content) { c.Name = "Data\nexplorer" }, "badge.name_unreadable"},
		{"a name that nobody sees", func(c *badges.Content) { c.Name = "\u200b\u200d" }, "badge.name_missing"},
		{"a language that we do not offer", func(c *badges.Content) { c.Language = "tlh" }, "badge.language_unknown"},
		{"no language", func(c *badges.Content) { c.Language = "" }, "badge.language_unknown"},
		{"a caption", func(c *badges.Content) { c.Caption = strings.Repeat("é", badges.MaxCaption) }, ""},
		{"a long caption", func(c *badges.Content) { c.Caption = strings.Repeat("é", badges.MaxCaption+1) }, "badge.caption_too_long"},
		{"a caption of two lines", func(c *badges.Content) { c.Caption = "A star\u2028above" }, "badge.caption_unreadable"},
		{"no rule", func(c *badges.Content) { c.Rule = badges.Rule{} }, "rule.kind_unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := badges.Content{
				Name: " Data explorer ", Description: "Explores data.", Language: "en", Picture: "p", Issuer: "i",
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
		{"name reversed", "\u202eU", "https://example.org", "badges@example.org", "issuer.name_unreadable"},
		{"name and password in the address", "U", "https://u:p@example.org", "badges@example.org", "issuer.url_invalid"},
		{"long address", "U", "https://example.org/" + strings.Repeat("x", badges.MaxWebAddress), "badges@example.org", "issuer.url_invalid"},
		{"long mail address", "U", "https://example.org", strings.Repeat("x", badges.MaxEmailAddress) + "@example.org", "issuer.email_invalid"},
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
