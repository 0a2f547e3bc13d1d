package view_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/view"
)

// locale returns the locale of a language.
func locale(t *testing.T, language string) templates.Locale {
	t.Helper()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	return set.Locale(language)
}

// TestCriteriaKeepTheirShape checks groups inside groups.
func TestCriteriaKeepTheirShape(t *testing.T) {
	en := locale(t, "en")
	leaf := func(id string) badges.Rule {
		return badges.Rule{Kind: badges.ActivityCompleted, Activity: badges.ActivityID(id), Name: id}
	}
	group := func(kind badges.RuleKind, count int, of ...badges.Rule) badges.Rule {
		return badges.Rule{Kind: kind, Count: count, Of: of}
	}
	line := func(id, verdict string) view.Criterion {
		return view.Criterion{Text: "complete “" + id + "”", Verdict: verdict}
	}
	known := badges.Evidence{}
	for id, done := range map[string]bool{"a": true, "b": false, "c": false, "d": true} {
		known[badges.Subject{Kind: badges.ActivityCompleted, ID: id}] = badges.Observation{Read: true, Done: done}
	}
	a, b, c, d := leaf("a"), leaf("b"), leaf("c"), leaf("d")
	for name, tt := range map[string]struct {
		rule badges.Rule
		want []view.Criterion
	}{
		"by hand":           {badges.Rule{Kind: badges.ByHand}, nil},
		"one condition":     {a, []view.Criterion{line("a", "met")}},
		"all":               {group(badges.All, 0, a, b), []view.Criterion{line("a", "met"), line("b", "unmet")}},
		"all inside all":    {group(badges.All, 0, a, group(badges.All, 0, b, c)), []view.Criterion{line("a", "met"), line("b", "unmet"), line("c", "unmet")}},
		"a group of one":    {group(badges.Any, 0, group(badges.AtLeast, 1, b)), []view.Criterion{line("b", "unmet")}},
		"at least one":      {group(badges.AtLeast, 1, b, c), []view.Criterion{{"One of these is enough:", "unmet", "", []view.Criterion{line("b", "unmet"), line("c", "unmet")}}}},
		"what is spare":     {group(badges.Any, 0, a, b), []view.Criterion{{"One of these is enough:", "met", "", []view.Criterion{line("a", "met"), line("b", "spare")}}}},
		"at least two":      {group(badges.AtLeast, 2, a, b, c), []view.Criterion{{"At least 2 of these:", "unmet", "", []view.Criterion{line("a", "met"), line("b", "unmet"), line("c", "unmet")}}}},
		"all, inside any":   {group(badges.Any, 0, b, group(badges.All, 0, a, c)), []view.Criterion{{"One of these is enough:", "unmet", "", []view.Criterion{line("b", "unmet"), {"All of these:", "unmet", "", []view.Criterion{line("a", "met"), line("c", "unmet")}}}}}},
		"spare all the way": {group(badges.Any, 0, d, group(badges.All, 0, a, c)), []view.Criterion{{"One of these is enough:", "met", "", []view.Criterion{line("d", "met"), {"All of these:", "spare", "", []view.Criterion{line("a", "met"), line("c", "spare")}}}}}},
	} {
		x := tt.rule.Evaluate(known)
		if diff := cmp.Diff(tt.want, view.Criteria(&x, en)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestCriteriaSayWhy checks the detail of a condition: the grade so far, or why it is
// unknown.
func TestCriteriaSayWhy(t *testing.T) {
	grade := badges.Rule{Kind: badges.ActivityGrade, Activity: "7", Name: "Quiz", Percent: 80}
	report := badges.Rule{Kind: badges.ActivityCompleted, Activity: "8", Name: "Report"}
	enough := func(r badges.Rule) badges.Rule {
		return badges.Rule{Kind: badges.Any, Of: []badges.Rule{{Kind: badges.GroupMember, Group: "4", Name: "A"}, r}}
	}
	in := badges.Observation{Read: true, Done: true}
	for name, tt := range map[string]struct {
		rule     badges.Rule
		found    badges.Observation
		language string
		verdict  string
		detail   string
	}{
		"too low":             {grade, badges.Observation{Read: true, Grade: &badges.Grade{Raw: 12, Max: 20}}, "en", "unmet", "so far 60%"},
		"high enough":         {grade, badges.Observation{Read: true, Grade: &badges.Grade{Raw: 18.5, Max: 20}}, "en", "met", "so far 92.5%"},
		"in French":           {grade, badges.Observation{Read: true, Grade: &badges.Grade{Raw: 18.5, Max: 20}}, "fr", "met", "92,5"},
		"no grade":            {grade, badges.Observation{Read: true}, "en", "unmet", "no grade yet"},
		"hidden grade":        {grade, badges.Observation{Why: "unknown.grade_unreadable"}, "en", "unknown", "Moodle does not show this grade"},
		"not done":            {report, badges.Observation{Read: true}, "en", "unmet", ""},
		"hidden":              {report, badges.Observation{Why: "unknown.activity_hidden"}, "en", "unknown", "Moodle does not show this activity’s completion"},
		"not needed any more": {enough(grade), badges.Observation{Read: true, Grade: &badges.Grade{Raw: 12, Max: 20}}, "en", "spare", ""},
		"not needed, hidden":  {enough(report), badges.Observation{Why: "unknown.activity_hidden"}, "en", "spare", ""},
	} {
		rule := tt.rule
		x := rule.Evaluate(badges.Evidence{
			{Kind: badges.ActivityGrade, ID: "7"}: tt.found, {Kind: badges.ActivityCompleted, ID: "8"}: tt.found, {Kind: badges.GroupMember, ID: "4"}: in,
		})
		list := view.Criteria(&x, locale(t, tt.language))
		for len(list) == 1 && len(list[0].Of) > 0 {
			list = list[0].Of[1:]
		}
		if len(list) != 1 || list[0].Verdict != tt.verdict || tt.detail == "" && list[0].Detail != "" || !strings.Contains(list[0].Detail, tt.detail) {
			t.Errorf("%s: %+v, want %s, %q", name, list, tt.verdict, tt.detail)
		}
	}
}

// TestOpenCriteria checks that criteria are shown if something is left to do, and none
// if the rule decides nothing.
func TestOpenCriteria(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	badge := badges.Badge{State: badges.On, Current: badges.Version{Content: badges.Content{Rule: badges.Rule{Kind: badges.ActivityCompleted, Activity: "8", Name: "Report"}}}}
	active := badges.Member{User: "6", Email: "x@example.org", Active: true}
	evidence := func(done bool) badges.Evidence {
		return badges.Evidence{{Kind: badges.ActivityCompleted, ID: "8"}: {Read: true, Done: done, At: day.AddDate(0, 0, -1)}}
	}
	has := badges.Holding{Assertion: "a", State: badges.Claimed, AwardedAt: day.AddDate(-1, 0, 0)}
	ending := has
	ending.ExpiresAt = day.AddDate(0, 0, 1)
	suspended := active
	suspended.Active = false
	declined := has
	declined.State = badges.Declined
	for name, tt := range map[string]struct {
		c    badges.Case
		want int // number of criteria
	}{
		"somebody who can earn it":       {badges.Case{Member: active, Evidence: evidence(false)}, 1},
		"somebody who earns it":          {badges.Case{Member: active, Evidence: evidence(true)}, 1},
		"somebody who is suspended":      {badges.Case{Member: suspended, Evidence: evidence(false)}, 1},
		"somebody who has it":            {badges.Case{Member: active, Evidence: evidence(true), Last: has}, 0},
		"somebody who declined it":       {badges.Case{Member: active, Evidence: evidence(true), Last: declined}, 0},
		"a holder who can earn it again": {badges.Case{Member: active, Evidence: evidence(false), Last: ending}, 1},
		"a holder who earns it again":    {badges.Case{Member: active, Evidence: evidence(true), Last: ending}, 1},
	} {
		tt.c.Badge = &badge
		o := tt.c.Outlook(day)
		if got := view.OpenCriteria(&o, locale(t, "en")); len(got) != tt.want {
			t.Errorf("%s (%s, %q): %+v, want %d", name, o.Standing, o.Why, got, tt.want)
		}
	}
}
