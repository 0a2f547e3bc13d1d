package badges_test

import (
	"math/rand/v2"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

func done(ids ...badges.ActivityID) badges.Evidence {
	e := badges.Evidence{}
	for _, id := range ids {
		e[completed(id).Subject()] = badges.Observation{Known: true, Done: true}
	}
	return e
}

func withGrade(id badges.ActivityID, g *badges.Grade) badges.Evidence {
	return badges.Evidence{graded(id, 1).Subject(): {Known: true, Grade: g}}
}

func TestEvaluate(t *testing.T) {
	undone := badges.Evidence{completed("1").Subject(): {Known: true}}
	tests := []struct {
		name     string
		rule     badges.Rule
		evidence badges.Evidence
		want     badges.Verdict
	}{
		{"completed", completed("1"), done("1"), badges.Met},
		{"not completed", completed("1"), undone, badges.Unmet},
		{"not read", completed("1"), nil, badges.Unknown},
		{"grade reached exactly", graded("1", 80), withGrade("1", &badges.Grade{Raw: 16, Max: 20}), badges.Met},
		{"a hair below", graded("1", 80), withGrade("1", &badges.Grade{Raw: 15.99999, Max: 20}), badges.Unmet},
		{"range not starting at zero", graded("1", 50), withGrade("1", &badges.Grade{Raw: 3, Min: 1, Max: 5}), badges.Met},
		{"a third of the way, stored rounded", graded("1", 33.33), withGrade("1", &badges.Grade{Raw: 33.33, Max: 100}), badges.Met},
		{"no grade yet", graded("1", 1), withGrade("1", nil), badges.Unmet},
		{"grade without range", graded("1", 1), withGrade("1", &badges.Grade{Raw: 5}), badges.Unknown},
		{"all, one unknown", group(badges.All, completed("1"), completed("2")), done("1"), badges.Unknown},
		{"all, one unmet decides over unknown", group(badges.All, completed("1"), completed("2")), undone, badges.Unmet},
		{"any, one met decides over unknown", group(badges.Any, completed("1"), completed("2")), done("1"), badges.Met},
		{"any, unmet and unknown", group(badges.Any, completed("1"), completed("2")), undone, badges.Unknown},
		{
			"at least two of three",
			badges.Rule{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{completed("1"), completed("2"), completed("3")}},
			done("1", "3"), badges.Met,
		},
		{
			"at least two of three, can still go either way",
			badges.Rule{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{completed("1"), completed("2"), completed("3")}},
			done("1"), badges.Unknown,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := tt.rule.Evaluate(tt.evidence)
			if x.Verdict != tt.want {
				t.Errorf("verdict = %v, want %v", x.Verdict, tt.want)
			}
			if (x.Progress() == 1) != (tt.want == badges.Met) {
				t.Errorf("progress = %v with verdict %v", x.Progress(), x.Verdict)
			}
		})
	}
}

// Learning one more fact must never turn a decided verdict into another one,
// and completing one more thing must never lose a badge.
func TestEvaluateProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		rule := randomRule(r, 3)
		evidence := badges.Evidence{}
		truth := r.Uint64() // one bit an activity
		last := rule.Evaluate(evidence).Verdict
		for _, leaf := range rule.Conditions() {
			evidence[leaf.Subject()] = badges.Observation{Known: true, Done: truth>>(leaf.Activity[0]-'a')&1 == 1}
			now := rule.Evaluate(evidence).Verdict
			if last != badges.Unknown && now != last {
				t.Fatalf("verdict of %+v went from %v to %v when %v became known", rule, last, now, leaf.Subject())
			}
			last = now
		}
		if last == badges.Unknown {
			t.Fatalf("verdict of %+v is unknown with everything known", rule)
		}
		for _, leaf := range rule.Conditions() {
			evidence[leaf.Subject()] = badges.Observation{Known: true, Done: true}
			now := rule.Evaluate(evidence).Verdict
			if last == badges.Met && now != badges.Met {
				t.Fatalf("%+v was met and %v became done, now %v", rule, leaf.Subject(), now)
			}
			last = now
		}
		if last != badges.Met {
			t.Fatalf("%+v is %v with everything done", rule, last)
		}
	}
}

func randomRule(r *rand.Rand, depth int) badges.Rule {
	if depth == 0 || r.IntN(3) == 0 {
		return completed(badges.ActivityID(rune('a' + r.IntN(6))))
	}
	g := badges.Rule{Kind: []badges.RuleKind{badges.All, badges.Any, badges.AtLeast}[r.IntN(3)]}
	for range 1 + r.IntN(4) {
		g.Of = append(g.Of, randomRule(r, depth-1))
	}
	if g.Kind == badges.AtLeast {
		g.Count = 1 + r.IntN(len(g.Of))
	}
	return g
}

func TestDecide(t *testing.T) {
	rule := group(badges.All, completed("1"), graded("2", 80))
	learner := badges.Member{User: "6", Email: "zoe@example.org", Active: true}
	evidence := func(percent float64) badges.Evidence {
		e := done("1")
		e[graded("2", 80).Subject()] = badges.Observation{Known: true, Grade: &badges.Grade{Raw: percent, Max: 100}}
		return e
	}
	teacher, suspended, nameless := learner, learner, learner
	teacher.Teaches, suspended.Active, nameless.Email = true, false, ""
	tests := []struct {
		name     string
		member   badges.Member
		evidence badges.Evidence
		want     badges.Standing
		why      string
	}{
		{"earns", learner, evidence(80), badges.Earns, ""},
		{"close", learner, evidence(70), badges.Close, ""},
		{"one known failure decides, whatever the unread grade is", learner, badges.Evidence{completed("1").Subject(): {Known: true}}, badges.NotYet, ""},
		{"nothing done", learner, badges.Evidence{completed("1").Subject(): {Known: true}, graded("2", 1).Subject(): {Known: true}}, badges.NotYet, ""},
		{"unread", learner, nil, badges.Undecided, ""},
		{"teacher with everything done", teacher, evidence(100), badges.Cannot, "cannot.teaches"},
		{"suspended with everything done", suspended, evidence(100), badges.Cannot, "cannot.suspended"},
		{"no address", nameless, evidence(100), badges.Cannot, "cannot.no_email"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := badges.Decide(rule, tt.member, tt.evidence)
			if d.Standing != tt.want || d.Why != tt.why {
				t.Errorf("Decide() = %s %q, want %s %q", d.Standing, d.Why, tt.want, tt.why)
			}
		})
	}
}
