package credential_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
)

// TestReasons compares the texts of every kind of fact in both languages.
func TestReasons(t *testing.T) {
	words := sentences(t)
	en, fr := words.Locale("en"), words.Locale("fr")
	const nbsp, thin = "\u00a0", "\u202f"
	for _, tt := range []struct {
		fact   badges.Fact
		en, fr credential.Reason
	}{
		{
			badges.Fact{Kind: badges.ActivityGrade, Name: "Quiz", Threshold: 80, Percent: 92.5, Grade: &badges.Grade{Raw: 18.5, Max: 20}, At: day, Source: "moodle:gradereport_user_get_grade_items"},
			credential.Reason{Condition: "reach at least 80% in “Quiz”", Found: "92.5% (18.5 out of 20) on 1 March 2026, as read in Moodle’s gradebook"},
			credential.Reason{Condition: "obtenir au moins 80" + thin + "% à «" + nbsp + "Quiz" + nbsp + "»", Found: "92,5" + thin + "% (18,5 sur 20) le 1er mars 2026, d’après le carnet de notes de Moodle"},
		},
		{
			badges.Fact{Kind: badges.LineItemGrade, Name: "Jury", Threshold: 50, Percent: 75, Grade: &badges.Grade{Raw: 2, Min: -1, Max: 3}, Source: "lti:results"},
			credential.Reason{Condition: "be given at least 50% in the gradebook column “Jury”", Found: "75% (2 on a scale from -1 to 3), as read in the platform’s gradebook"},
			credential.Reason{Condition: "obtenir au moins 50" + thin + "% dans la colonne «" + nbsp + "Jury" + nbsp + "» du carnet de notes", Found: "75" + thin + "% (2 sur une échelle de -1 à 3), d’après le carnet de notes de la plateforme"},
		},
		{
			badges.Fact{Kind: badges.CourseCompleted, Course: "9", CourseName: "Maths", At: day, Source: "moodle:core_completion_get_course_completion_status"},
			credential.Reason{Condition: "complete the course “Maths”", Found: "Completion recorded on 1 March 2026, as read in Moodle’s course completion"},
			credential.Reason{Condition: "achever le cours «" + nbsp + "Maths" + nbsp + "»", Found: "Achèvement enregistré le 1er mars 2026, d’après l’achèvement du cours dans Moodle"},
		},
		{
			badges.Fact{Kind: badges.BadgeHeld, Name: "First", At: day, Source: "insigne"},
			credential.Reason{Condition: "hold the badge “First”", Found: "Badge earned on 1 March 2026, as read in Insigne’s own records"},
			credential.Reason{Condition: "détenir le badge «" + nbsp + "First" + nbsp + "»", Found: "Badge obtenu le 1er mars 2026, d’après les données d’Insigne"},
		},
		{
			badges.Fact{Kind: badges.ByHand, Source: "of a later version"},
			credential.Reason{Condition: "be chosen by a teacher", Found: "Decided by a teacher"},
			credential.Reason{Condition: "être désigné par l’équipe enseignante", Found: "Décision de l’équipe enseignante"},
		},
	} {
		if diff := cmp.Diff([]credential.Reason{tt.en}, credential.Reasons([]badges.Fact{tt.fact}, en)); diff != "" {
			t.Errorf("%s in English (-want +got):\n%s", tt.fact.Kind, diff)
		}
		if diff := cmp.Diff([]credential.Reason{tt.fr}, credential.Reasons([]badges.Fact{tt.fact}, fr)); diff != "" {
			t.Errorf("%s in French (-want +got):\n%s", tt.fact.Kind, diff)
		}
	}
}
