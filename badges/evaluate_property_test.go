package badges_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/testlength"
)

// The subjects of random rules. Each can be observed completely.
var (
	begin = noon.AddDate(0, 0, -10)
	end   = noon.AddDate(0, 0, 10)
	asked = []badges.Rule{
		{Kind: badges.CourseCompleted},
		{Kind: badges.CourseCompleted, Course: "9", Until: end},
		{Kind: badges.CourseGrade, Percent: 60},
		{Kind: badges.ActivityCompleted, Activity: "a", From: begin},
		{Kind: badges.ActivityPassed, Activity: "a"},
		{Kind: badges.ActivityGrade, Activity: "b", Percent: 80, From: begin, Until: end},
		{Kind: badges.ActivityGrade, Activity: "b", Percent: 40},
		{Kind: badges.LineItemGrade, LineItem: "https://lms.example/1", Percent: 50},
		{Kind: badges.GroupMember, Group: "7"},
		{Kind: badges.BadgeHeld, Badge: "x"},
	}
)

func randomRule(r *rand.Rand, depth int) badges.Rule {
	if depth == 0 || r.IntN(3) == 0 {
		return asked[r.IntN(len(asked))]
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

// randomObservation returns something that an LMS may say, complete or not.
func randomObservation(r *rand.Rand) badges.Observation {
	o := badges.Observation{Read: true, Done: r.IntN(2) == 0, At: noon.AddDate(0, 0, r.IntN(31)-15)}
	o.Passed = o.Done && r.IntN(2) == 0
	if r.IntN(3) > 0 {
		o.Grade = &badges.Grade{Raw: float64(r.IntN(21)), Max: 20}
	}
	if r.IntN(8) == 0 {
		o.At = time.Time{}
	}
	return o
}

func randomEvidence(r *rand.Rand, rule badges.Rule, known float64) badges.Evidence {
	e := badges.Evidence{}
	for _, s := range rule.Subjects() {
		if r.Float64() < known {
			e[s] = randomObservation(r)
		}
	}
	return e
}

// eachRule checks a property on random rules, which are the same in every run.
func eachRule(t *testing.T, property func(t *testing.T, r *rand.Rand, rule badges.Rule)) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for range testlength.Choose(300, 3000, 300_000) {
		rule := randomRule(r, 3)
		if err := rule.Validate(); err != nil {
			t.Fatalf("%+v: %v", rule, err)
		}
		property(t, r, rule)
		if t.Failed() {
			t.Fatalf("with the rule %+v", rule)
		}
	}
}

// TestUnknownDecidesNothing replaces unknown observations in many ways: a
// verdict that was decided before must never change.
func TestUnknownDecidesNothing(t *testing.T) {
	eachRule(t, func(t *testing.T, r *rand.Rand, rule badges.Rule) {
		partial := randomEvidence(r, rule, 0.5)
		before := explained(rule, partial).Verdict
		if before == badges.Unknown {
			return
		}
		for range 20 {
			whole := randomEvidence(r, rule, 1)
			for s, o := range partial {
				whole[s] = o
			}
			if now := explained(rule, whole).Verdict; now != before {
				t.Errorf("%v became %v when more was known", before, now)
			}
		}
	})
}

// TestEverythingKnownDecides gives every observation, with its time: then no
// verdict may be unknown.
func TestEverythingKnownDecides(t *testing.T) {
	eachRule(t, func(t *testing.T, r *rand.Rand, rule badges.Rule) {
		e := randomEvidence(r, rule, 1)
		for s, o := range e {
			if o.At.IsZero() {
				o.At = noon
				e[s] = o
			}
		}
		if explained(rule, e).Verdict == badges.Unknown {
			t.Error("unknown with everything known")
		}
	})
}

// TestMoreNeverLoses improves one observation: a rule that was met stays met.
func TestMoreNeverLoses(t *testing.T) {
	eachRule(t, func(t *testing.T, r *rand.Rand, rule badges.Rule) {
		e := randomEvidence(r, rule, 0.9)
		before := explained(rule, e)
		for _, s := range rule.Subjects() {
			o := e[s]
			better := badges.Observation{Read: true, Done: true, Passed: true, Grade: &badges.Grade{Raw: 20, Max: 20}, At: noon}
			if o.Read && !o.At.IsZero() && (o.Done || o.Grade != nil) {
				better.At = o.At // the improvement does not change when it happened
			}
			e[s] = better
			now := explained(rule, e)
			if before.Verdict == badges.Met && now.Verdict != badges.Met {
				t.Errorf("%+v became done, and the verdict %v", s, now.Verdict)
			}
			before = now
		}
	})
}

// TestOrderDoesNotMatter reverses the order of every group.
func TestOrderDoesNotMatter(t *testing.T) {
	eachRule(t, func(t *testing.T, r *rand.Rand, rule badges.Rule) {
		e := randomEvidence(r, rule, 0.8)
		x, turned := explained(rule, e), explained(shuffled(r, rule), e)
		if x.Verdict != turned.Verdict || x.TooLate(end) != turned.TooLate(end) || (x.Progress()-turned.Progress() > 1e-9) || (turned.Progress()-x.Progress() > 1e-9) {
			t.Errorf("%v, %v of the way; in another order %v, %v", x.Verdict, x.Progress(), turned.Verdict, turned.Progress())
		}
	})
}

func shuffled(r *rand.Rand, rule badges.Rule) badges.Rule {
	rule.Of = slices.Clone(rule.Of)
	for i := range rule.Of {
		rule.Of[i] = shuffled(r, rule.Of[i])
	}
	r.Shuffle(len(rule.Of), func(i, j int) { rule.Of[i], rule.Of[j] = rule.Of[j], rule.Of[i] })
	return rule
}

// TestExplanationAgrees computes the verdict in another way, from the explained
// conditions only: it counts, and tries both answers for everything unknown.
func TestExplanationAgrees(t *testing.T) {
	eachRule(t, func(t *testing.T, r *rand.Rand, rule badges.Rule) {
		x := explained(rule, randomEvidence(r, rule, 0.7))
		least, most := bounds(x)
		want := badges.Unknown
		switch {
		case least:
			want = badges.Met
		case !most:
			want = badges.Unmet
		}
		if x.Verdict != want {
			t.Errorf("verdict %v; its conditions say %v", x.Verdict, want)
		}
		if (x.Verdict == badges.Met) != (x.Progress() == 1) || x.Progress() < 0 {
			t.Errorf("verdict %v with progress %v", x.Verdict, x.Progress())
		}
		if x.Verdict == badges.Met && rule.Kind != badges.AtLeast && len(x.Facts()) == 0 {
			t.Error("met without a fact")
		}
	})
}

// bounds reports whether an explanation is met if everything unknown is unmet,
// and if everything unknown is met.
func bounds(x *badges.Explanation) (least, most bool) {
	if !x.Rule.IsGroup() {
		return x.Verdict == badges.Met, x.Verdict != badges.Unmet
	}
	need := map[badges.RuleKind]int{badges.All: len(x.Of), badges.Any: 1, badges.AtLeast: x.Rule.Count}[x.Rule.Kind]
	atLeast, atMost := 0, 0
	for i := range x.Of {
		l, m := bounds(&x.Of[i])
		atLeast, atMost = atLeast+one(l), atMost+one(m)
	}
	return atLeast >= need, atMost >= need
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestLostStaysLost advances the clock: a learner who can no longer earn a
// badge never earns it, whatever happens later.
func TestLostStaysLost(t *testing.T) {
	eachRule(t, func(t *testing.T, r *rand.Rand, rule badges.Rule) {
		e := randomEvidence(r, rule, 1)
		now := end.AddDate(0, 0, 1)
		if !explained(rule, e).TooLate(now) {
			return
		}
		for s, o := range e {
			if !o.Done && o.Grade == nil {
				e[s] = badges.Observation{Read: true, Done: true, Passed: true, Grade: &badges.Grade{Raw: 20, Max: 20}, At: now}
			}
		}
		if v := explained(rule, e).Verdict; v == badges.Met {
			t.Error("met after it was lost")
		}
	})
}

// BenchmarkEvaluate100k decides a rule of five conditions for 100,000 learners.
func BenchmarkEvaluate100k(b *testing.B) {
	rule := group(badges.All, badges.Rule{Kind: badges.CourseCompleted}, graded("1", 80), completed("2"),
		group(badges.Any, graded("3", 50), badges.Rule{Kind: badges.GroupMember, Group: "7"}))
	r := rand.New(rand.NewPCG(3, 4))
	evidence := make([]badges.Evidence, 100_000)
	for i := range evidence {
		evidence[i] = randomEvidence(r, rule, 0.98)
	}
	learner := badges.Member{User: "1", Email: "a@example.org", Active: true}
	one := badges.Case{Badge: badgeOf(rule), Member: learner}
	b.ReportAllocs()
	for b.Loop() {
		for _, e := range evidence {
			one.Evidence = e
			one.Outlook(noon)
		}
	}
}
