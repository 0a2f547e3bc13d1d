package badges_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// TestTexts tries characters that documents cannot carry, that deceive people, and that
// languages need. A refusal says which character it is.
func TestTexts(t *testing.T) {
	for _, tt := range []struct {
		name, text, character string // empty: the text is carried
	}{
		{"bell", "ding\a", "U+0007"},
		{"vertical tab", "a\vb", "U+000B"},
		{"delete", "a\x7fb", "U+007F"},
		{"C1 control", "a\u0085b", "U+0085"},
		{"noncharacter", "a\uffffb", "U+FFFF"},
		{"noncharacter of another plane", "a\U0001fffeb", "U+1FFFE"},
		{"noncharacter of Arabic presentation forms", "a\ufdd0b", "U+FDD0"},
		{"surrogate", "a\xed\xa0\x80b", "U+FFFD"},
		{"broken UTF-8", "a\xffb", "U+FFFD"},
		{"right-to-left override", "invoice\u202egpj.exe", "U+202E"},
		{"embedding", "\u202aabc\u202c", "U+202A"},
		{"isolate", "\u2066abc\u2069", "U+2066"},
		{name: "Persian with a zero-width non-joiner", text: "می\u200cخواهم"},
		{name: "emoji with zero-width joiners", text: "Équipe 👩🏽‍🔬👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿"},
		{name: "Hebrew with a direction mark", text: "C++\u200f בסיסי"},
		{name: "combining marks", text: "e\u0301cole, Việt"},
		{name: "beyond the first plane", text: "𝒟ata 𠮷"},
		{name: "replacement character", text: "a\ufffdb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for field, set := range map[string]func(*badges.Content){
				"badge.name":                    func(c *badges.Content) { c.Name = tt.text },
				"badge.description":             func(c *badges.Content) { c.Description = tt.text },
				"badge.criteria":                func(c *badges.Content) { c.Criteria, c.Translations[0].Criteria = tt.text, "Kriterien" },
				"badge.caption":                 func(c *badges.Content) { c.Caption = tt.text },
				"badge.tags":                    func(c *badges.Content) { c.Tags = []string{tt.text} },
				"badge.alignment_name":          func(c *badges.Content) { c.Alignments[0].Name = tt.text },
				"badge.alignment_framework":     func(c *badges.Content) { c.Alignments[0].Framework = tt.text },
				"badge.alignment_code":          func(c *badges.Content) { c.Alignments[0].Code = tt.text },
				"badge.translation_name":        func(c *badges.Content) { c.Translations[0].Name = tt.text },
				"badge.translation_description": func(c *badges.Content) { c.Translations[0].Description = tt.text },
				"badge.translation_criteria":    func(c *badges.Content) { c.Criteria, c.Translations[0].Criteria = "Criteria", tt.text },
			} {
				c := whole()
				set(&c)
				checkCharacter(t, c.Validate(), field, tt.character)
			}
			i := badges.Issuer{Name: tt.text, URL: "https://example.org", Email: "badges@example.org"}
			checkCharacter(t, i.Validate(), "issuer.name", tt.character)
		})
	}
}

// checkCharacter checks that err names character and is about field; nil if it is empty.
func checkCharacter(t *testing.T, err error, field, character string) {
	t.Helper()
	if character == "" {
		wantKey(t, err, "")
		return
	}
	refused, ok := errors.AsType[*fault.Error](err)
	if !ok || refused.Kind != fault.Invalid || refused.Key() != field+"_unreadable" || refused.Args["Character"] != character {
		t.Errorf("%v, want %s_unreadable of %s", err, field, character)
	}
}

// TestLongTitle refuses the title of 300 characters that an LMS may have suggested.
func TestLongTitle(t *testing.T) {
	c := whole()
	c.Name = strings.Repeat("abc", 100)
	wantKey(t, c.Validate(), "badge.name_too_long")
}

// TestCarried replaces what no text may have in names that an LMS gives, also where a
// rule is described.
func TestCarried(t *testing.T) {
	for s, want := range map[string]string{
		"":                  "",
		"Quiz d’évaluation": "Quiz d’évaluation",
		"a\nb\tc":           "a\nb\tc",
		"می\u200cخواهم 👩🏽\u200d🔬": "می\u200cخواهم 👩🏽\u200d🔬",
		"Quiz\a":         "Quiz\ufffd",
		"a\u202eb\uffff": "a\ufffdb\ufffd",
		"\xff":           "\ufffd",
	} {
		if got := badges.Carried(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
		r := badges.Rule{Kind: badges.ActivityCompleted, Activity: "1", Name: s}
		if got, line := r.Describe(named{}), strings.NewReplacer("\n", " ", "\t", " ").Replace(want); got != line {
			t.Errorf("rule about %q: %q, want %q", s, got, line)
		}
	}
}

// named is a language in which the sentence of a condition is its name.
type named struct{}

func (named) T(_ string, args map[string]any) string { return fmt.Sprint(args["Name"]) }
