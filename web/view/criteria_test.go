package view_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/view"
)

// TestCriteriaKeepTheirShape explains groups inside groups.
func TestCriteriaKeepTheirShape(t *testing.T) {
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	en := set.Locale("en")
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
