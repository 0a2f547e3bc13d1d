package badges_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/insigne-badges/insigne/badges"
)

// TestCarriedName gives names as an LMS may send them.
func TestCarriedName(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"plain", "Zoë Ångström", "Zoë Ångström"},
		{"NUL", "Zo\x00e", "Zo\ufffde"},
		{"bell, backspace, form feed, vertical tab, delete", "\a\b\f\v\x7f", strings.Repeat("\ufffd", 5)},
		{"right-to-left override and isolates", "\u202eabc\u2066d\u2069", "\ufffdabc\ufffdd\ufffd"},
		{"noncharacters", "a\ufffe\uffffb", "a\ufffd\ufffdb"},
		{"lone surrogate", "a\xed\xa0\x80b", "a\ufffdb"},
		{"two lines, as in a forged header", "Zoë\r\nBcc: all@example.org\u2028x", "Zoë  Bcc: all@example.org x"},
		{"space around", "\t Zoë \n", "Zoë"},
		{"nothing but breaks", "\r\n", ""},
		{"emoji, flag and joiners", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇫🇷 می\u200cخواهم", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇫🇷 می\u200cخواهم"},
		{"markup", `]]><script>"\'`, `]]><script>"\'`},
		{"300 characters", strings.Repeat("é", 300), strings.Repeat("é", 300)},
		{"the most", strings.Repeat("字", badges.MaxLMSName), strings.Repeat("字", badges.MaxLMSName)},
		{"one more", strings.Repeat("字", badges.MaxLMSName+1), strings.Repeat("字", badges.MaxLMSName-1) + "…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := badges.CarriedName(tt.text); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzCarriedName checks that every name is short, is one line, and stays the same when
// it is carried again.
func FuzzCarriedName(f *testing.F) {
	for _, seed := range []string{"", "Zoë", "\x00\a", "a\xff\n", "\u202e\u2066\uffff", strings.Repeat("\u0301", 600)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := badges.CarriedName(s)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > badges.MaxLMSName || strings.ContainsAny(got, "\x00\r\n\u2028") || badges.CarriedName(got) != got {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

// TestCarriedMember gives all texts of a member that an LMS sends.
func TestCarriedMember(t *testing.T) {
	m := badges.Member{User: "6", Name: "Zo\x00ë", Username: "z\x07", Email: "zoe\x00@example.org", Language: strings.Repeat("x-", 30), Active: true}.Carried()
	if m.Name != "Zo\ufffdë" || m.Username != "z\ufffd" || m.Language != "" || !m.Active || m.User != "6" {
		t.Errorf("%+v", m)
	}
	if strings.ContainsRune(m.Email, 0) || m.Recipient().Email != "" {
		t.Errorf("the address %q is used as %q", m.Email, m.Recipient().Email)
	}
	for _, address := range []string{"Zoe+Badges@Example.ORG", "zoë@université.example", "o'neill@example.org"} {
		if r := (badges.Member{Email: address}.Carried()).Recipient(); r.Email != address {
			t.Errorf("%s becomes %q", address, r.Email)
		}
	}
}

// TestAddressWithNoncharacters refuses an address that no document can carry.
func TestAddressWithNoncharacters(t *testing.T) {
	for _, address := range []string{"zo\ufffee@example.org", "zoe@ex\uffffample.org", "zo\ufdd0e@example.org", "zo\U0001ffffe@example.org"} {
		if _, err := badges.ParseAddress(address); err == nil {
			t.Errorf("%q is accepted", address)
		} else {
			wantKey(t, err, "address.unreadable")
		}
	}
}

// TestGradesWithoutAPercentage gives grades whose percentage no document and no database
// can contain.
func TestGradesWithoutAPercentage(t *testing.T) {
	for _, g := range []badges.Grade{
		{Raw: math.MaxFloat64, Min: -math.MaxFloat64, Max: math.MaxFloat64},
		{Raw: math.MaxFloat64, Max: 1e-300},
		{Raw: math.NaN(), Max: 1},
		{Raw: 1, Max: math.NaN()},
		{Raw: 1, Max: math.Inf(1)},
		{Raw: math.Inf(1), Max: 1},
		{Raw: 1, Min: 2, Max: 2},
	} {
		if p, ok := g.Percent(); ok && (math.IsNaN(p) || math.IsInf(p, 0) || math.IsInf(g.Max, 0)) {
			t.Errorf("%+v: %v", g, p)
		}
	}
	r := badges.Rule{Kind: badges.ActivityGrade, Activity: "3", Percent: 50}
	e := badges.Evidence{r.Subject(): {Read: true, Grade: &badges.Grade{Raw: math.MaxFloat64, Max: 1e-300}}}
	if x := r.Evaluate(e); x.Verdict != badges.Unknown || x.Observed.Why != "unknown.grade_without_range" {
		t.Errorf("verdict %s, %s", x.Verdict, x.Observed.Why)
	}
}

// TestNamesOfARule gives a rule with names from a form that somebody changed, or from a
// file.
func TestNamesOfARule(t *testing.T) {
	r := badges.Rule{Kind: badges.All, Of: []badges.Rule{{Kind: badges.ActivityCompleted, Course: "2", Activity: "3", Name: "Quiz\a", CourseName: strings.Repeat("x", 9999)}}}
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	if c := r.Of[0]; c.Name != "Quiz\ufffd" || utf8.RuneCountInString(c.CourseName) != badges.MaxLMSName {
		t.Errorf("names %q and %.20q…", c.Name, c.CourseName)
	}
}
