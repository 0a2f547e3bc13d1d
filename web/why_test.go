package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
)

func locales(t *testing.T) (en, fr templates.Locale) {
	t.Helper()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	return set.Locale("en"), set.Locale("fr")
}

// TestWhy reads every kind of fact in both languages, as a person would.
func TestWhy(t *testing.T) {
	en, fr := locales(t)
	const nbsp, thin = "\u00a0", "\u202f"
	for _, tt := range []struct {
		fact   badges.Fact
		en, fr factLine
	}{
		{
			badges.Fact{Kind: badges.ActivityGrade, Name: "Quiz", Threshold: 80, Percent: 92.5, Grade: &badges.Grade{Raw: 18.5, Max: 20}, At: sampleDay, Source: "moodle:gradereport_user_get_grade_items"},
			factLine{"reach at least 80% in “Quiz”", "92.5% (18.5 out of 20) on 1 March 2026, as read in Moodle’s gradebook"},
			factLine{"obtenir au moins 80" + thin + "% à «" + nbsp + "Quiz" + nbsp + "»", "92,5" + thin + "% (18,5 sur 20) le 1er mars 2026, d’après le carnet de notes de Moodle"},
		},
		{
			badges.Fact{Kind: badges.LineItemGrade, Name: "Jury", Threshold: 50, Percent: 75, Grade: &badges.Grade{Raw: 2, Min: -1, Max: 3}, Source: "lti:results"},
			factLine{"be given at least 50% in the gradebook column “Jury”", "75% (2 on a scale from -1 to 3), as read in the platform’s gradebook"},
			factLine{"obtenir au moins 50" + thin + "% dans la colonne «" + nbsp + "Jury" + nbsp + "» du carnet de notes", "75" + thin + "% (2 sur une échelle de -1 à 3), d’après le carnet de notes de la plateforme"},
		},
		{
			badges.Fact{Kind: badges.CourseCompleted, Course: "9", CourseName: "Maths", At: sampleDay, Source: "moodle:core_completion_get_course_completion_status"},
			factLine{"complete the course “Maths”", "Completion recorded on 1 March 2026, as read in Moodle’s course completion"},
			factLine{"achever le cours «" + nbsp + "Maths" + nbsp + "»", "Achèvement enregistré le 1er mars 2026, d’après l’achèvement du cours dans Moodle"},
		},
		{
			badges.Fact{Kind: badges.BadgeHeld, Name: "First", At: sampleDay, Source: "insigne"},
			factLine{"hold the badge “First”", "Badge earned on 1 March 2026, as read in Insigne’s own records"},
			factLine{"détenir le badge «" + nbsp + "First" + nbsp + "»", "Badge obtenu le 1er mars 2026, d’après les données d’Insigne"},
		},
		{
			badges.Fact{Kind: badges.ByHand, Source: "of a later version"},
			factLine{"be chosen by a teacher", "Decided by a teacher"},
			factLine{"être désigné par l’équipe enseignante", "Décision de l’équipe enseignante"},
		},
	} {
		if diff := cmp.Diff([]factLine{tt.en}, why([]badges.Fact{tt.fact}, en)); diff != "" {
			t.Errorf("%s in English (-want +got):\n%s", tt.fact.Kind, diff)
		}
		if diff := cmp.Diff([]factLine{tt.fr}, why([]badges.Fact{tt.fact}, fr)); diff != "" {
			t.Errorf("%s in French (-want +got):\n%s", tt.fact.Kind, diff)
		}
	}
}

// TestCriteriaKeepTheirShape explains groups inside groups.
func TestCriteriaKeepTheirShape(t *testing.T) {
	en, _ := locales(t)
	leaf := func(id string) badges.Rule {
		return badges.Rule{Kind: badges.ActivityCompleted, Activity: badges.ActivityID(id), Name: id}
	}
	group := func(kind badges.RuleKind, count int, of ...badges.Rule) badges.Rule {
		return badges.Rule{Kind: kind, Count: count, Of: of}
	}
	line := func(id, verdict string) criterion {
		return criterion{Text: "complete “" + id + "”", Verdict: verdict}
	}
	known := badges.Evidence{}
	for id, done := range map[string]bool{"a": true, "b": false, "c": false, "d": true} {
		known[badges.Subject{Kind: badges.ActivityCompleted, ID: id}] = badges.Observation{Known: true, Done: done}
	}
	a, b, c, d := leaf("a"), leaf("b"), leaf("c"), leaf("d")
	for name, tt := range map[string]struct {
		rule badges.Rule
		want []criterion
	}{
		"by hand":           {badges.Rule{Kind: badges.ByHand}, nil},
		"one condition":     {a, []criterion{line("a", "met")}},
		"all":               {group(badges.All, 0, a, b), []criterion{line("a", "met"), line("b", "unmet")}},
		"all inside all":    {group(badges.All, 0, a, group(badges.All, 0, b, c)), []criterion{line("a", "met"), line("b", "unmet"), line("c", "unmet")}},
		"a group of one":    {group(badges.Any, 0, group(badges.AtLeast, 1, b)), []criterion{line("b", "unmet")}},
		"at least one":      {group(badges.AtLeast, 1, b, c), []criterion{{"One of these is enough:", "unmet", "", []criterion{line("b", "unmet"), line("c", "unmet")}}}},
		"what is spare":     {group(badges.Any, 0, a, b), []criterion{{"One of these is enough:", "met", "", []criterion{line("a", "met"), line("b", "spare")}}}},
		"at least two":      {group(badges.AtLeast, 2, a, b, c), []criterion{{"At least 2 of these:", "unmet", "", []criterion{line("a", "met"), line("b", "unmet"), line("c", "unmet")}}}},
		"all, inside any":   {group(badges.Any, 0, b, group(badges.All, 0, a, c)), []criterion{{"One of these is enough:", "unmet", "", []criterion{line("b", "unmet"), {"All of these:", "unmet", "", []criterion{line("a", "met"), line("c", "unmet")}}}}}},
		"spare all the way": {group(badges.Any, 0, d, group(badges.All, 0, a, c)), []criterion{{"One of these is enough:", "met", "", []criterion{line("d", "met"), {"All of these:", "spare", "", []criterion{line("a", "met"), line("c", "spare")}}}}}},
	} {
		x := tt.rule.Evaluate(known)
		if diff := cmp.Diff(tt.want, criteria(&x, en)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
