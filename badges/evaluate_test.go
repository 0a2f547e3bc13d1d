package badges_test

import (
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

func done(ids ...badges.ActivityID) badges.Evidence {
	e := badges.Evidence{}
	for _, id := range ids {
		e[subject(completed(id))] = badges.Observation{Read: true, Done: true}
	}
	return e
}

func withGrade(id badges.ActivityID, g *badges.Grade) badges.Evidence {
	return badges.Evidence{subject(graded(id, 1)): {Read: true, Grade: g}}
}

func TestEvaluate(t *testing.T) {
	undone := badges.Evidence{subject(completed("1")): {Read: true}}
	passed := badges.Rule{Kind: badges.ActivityPassed, Activity: "1"}
	total := badges.Rule{Kind: badges.CourseGrade, Percent: 60}
	within := badges.Rule{Kind: badges.CourseCompleted, From: begin, Until: end}
	during := func(at time.Time) badges.Evidence {
		return badges.Evidence{subject(within): {Read: true, Done: true, At: at}}
	}
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
		{"passed", passed, badges.Evidence{subject(passed): {Read: true, Done: true, Passed: true}}, badges.Met},
		{"completed, not passed", passed, badges.Evidence{subject(passed): {Read: true, Done: true}}, badges.Unmet},
		{"course total", total, badges.Evidence{subject(total): {Read: true, Grade: &badges.Grade{Raw: 60, Max: 100}}}, badges.Met},
		{"in time", within, during(noon), badges.Met},
		{"at the first moment", within, during(begin), badges.Met},
		{"at the end", within, during(end), badges.Unmet},
		{"too early", within, during(begin.Add(-time.Second)), badges.Unmet},
		{"nobody knows when", within, during(time.Time{}), badges.Unknown},
		{"by hand", badges.Rule{Kind: badges.ByHand}, nil, badges.Unmet},
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
			x := explained(tt.rule, tt.evidence)
			if x.Verdict != tt.want {
				t.Errorf("verdict = %v, want %v", x.Verdict, tt.want)
			}
			if (x.Progress() == 1) != (tt.want == badges.Met) {
				t.Errorf("progress = %v with verdict %v", x.Progress(), x.Verdict)
			}
		})
	}
}

// TestLost distinguishes learners who can no longer earn a badge from those who
// have not earned it yet.
func TestLost(t *testing.T) {
	late := badges.Rule{Kind: badges.CourseCompleted, Until: noon}
	not := badges.Evidence{subject(late): {Read: true}, subject(completed("1")): {Read: true}}
	for name, tt := range map[string]struct {
		rule badges.Rule
		now  time.Time
		want bool
	}{
		"before the end":             {late, noon.Add(-time.Second), false},
		"at the end":                 {late, noon, true},
		"one of all is lost":         {group(badges.All, completed("1"), late), noon, true},
		"another is still possible":  {group(badges.Any, completed("1"), late), noon, false},
		"two of three are possible":  {badges.Rule{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{completed("1"), completed("1"), late}}, noon, false},
		"two of three are too many":  {badges.Rule{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{completed("1"), late, late}}, noon, true},
		"without an end it is never": {completed("1"), noon.AddDate(100, 0, 0), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := explained(tt.rule, not).TooLate(tt.now); got != tt.want {
				t.Errorf("Lost = %v, want %v", got, tt.want)
			}
		})
	}
	if explained(late, nil).TooLate(noon) {
		t.Error("what is unknown is lost")
	}
	learner := badges.Member{User: "6", Email: "zoe@example.org", Active: true}
	if d := outlook(late, learner, not); d.Standing != badges.Cannot || d.Why != badges.WhyTooLate {
		t.Errorf("Outlook = %s %q", d.Standing, d.Why)
	}
}

// outlook returns the outlook of a learner who was never awarded the badge.
func outlook(rule badges.Rule, m badges.Member, e badges.Evidence) badges.Outlook {
	return badges.Case{Badge: badgeOf(rule), Member: m, Evidence: e}.Outlook(noon)
}

func badgeOf(rule badges.Rule) *badges.Badge {
	return &badges.Badge{ID: "b", State: badges.On, Current: badges.Version{Content: badges.Content{Rule: rule}}}
}

func TestOutlookByEvidence(t *testing.T) {
	rule := group(badges.All, completed("1"), graded("2", 80))
	learner := badges.Member{User: "6", Email: "zoe@example.org", Active: true}
	evidence := func(percent float64) badges.Evidence {
		e := done("1")
		e[subject(graded("2", 80))] = badges.Observation{Read: true, Grade: &badges.Grade{Raw: percent, Max: 100}}
		return e
	}
	teacher, suspended, nameless := learner, learner, learner
	teacher.Teaches, suspended.Active, nameless.Email = true, false, ""
	tests := []struct {
		name     string
		member   badges.Member
		evidence badges.Evidence
		want     badges.Standing
		why      badges.Reason
	}{
		{"earns", learner, evidence(80), badges.Earns, ""},
		{"close", learner, evidence(70), badges.Close, ""},
		{"one known failure decides, whatever the unread grade is", learner, badges.Evidence{subject(completed("1")): {Read: true}}, badges.NotYet, ""},
		{"nothing done", learner, badges.Evidence{subject(completed("1")): {Read: true}, subject(graded("2", 1)): {Read: true}}, badges.NotYet, ""},
		{"unread", learner, nil, badges.Undecided, ""},
		{"teacher with everything done", teacher, evidence(100), badges.Cannot, badges.WhyTeaches},
		{"suspended with everything done", suspended, evidence(100), badges.Cannot, badges.WhySuspended},
		{"no address", nameless, evidence(100), badges.Earns, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := outlook(rule, tt.member, tt.evidence)
			if d.Standing != tt.want || d.Why != tt.why {
				t.Errorf("Outlook() = %s %q, want %s %q", d.Standing, d.Why, tt.want, tt.why)
			}
		})
	}
}
