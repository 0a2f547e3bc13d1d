package campus_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/campus"
)

// gradeItem returns a learner's item of one activity in the grade report.
func (s *site) gradeItem(t *testing.T, user, cmid int64) map[string]any {
	t.Helper()
	got := s.call(t, "gradereport_user_get_grade_items", "courseid", "2", "userid", number(user))
	items := got.(map[string]any)["usergrades"].([]any)[0].(map[string]any)["gradeitems"].([]any)
	for _, item := range items {
		if item := item.(map[string]any); item["cmid"] == float64(cmid) {
			return item
		}
	}
	t.Fatalf("no item of activity %d", cmid)
	return nil
}

// Moodle puts an icon in front of a grade that passes or fails, as in
// ws-grade-items-all.
func TestGradeVerdicts(t *testing.T) {
	recordedGrades := map[any]bool{}
	for _, report := range recorded(t, "ws-grade-items-all").Response.JSON.(map[string]any)["usergrades"].([]any) {
		recordedGrades[report.(map[string]any)["gradeitems"].([]any)[1].(map[string]any)["gradeformatted"]] = true
	}
	s := newSite(t)
	for percent, verdict := range map[float64]string{25: "Fail", 50: "Pass"} { // 5.00 and 10.00 of 20
		if err := s.SetGrade(6, campus.QuizCMID, &percent); err != nil {
			t.Fatal(err)
		}
		if got := s.gradeItem(t, 6, campus.QuizCMID)["gradeformatted"].(string); !strings.Contains(got, verdict) || !recordedGrades[got] {
			t.Errorf("Moodle never said %v", got)
		}
	}
}

// No recording has a grade that is hidden, overridden or on a scale. The members are
// the recorded ones, and their values are those of Moodle's user report
// (grade/report/user/lib.php).
func TestSpecialGrades(t *testing.T) {
	half := 50.0
	for _, tt := range []struct {
		name   string
		faults campus.Faults
		change func(s *site) error
		want   map[string]any
	}{
		{"plain", campus.Faults{}, func(*site) error { return nil }, map[string]any{"graderaw": 18.5, "gradeishidden": false, "gradeisoverridden": false, "scaleid": nil}},
		{"hidden", campus.Faults{}, func(s *site) error { return s.HideGrade(6, campus.QuizCMID, true) }, map[string]any{"graderaw": 18.5, "gradeishidden": true}},
		{
			"hidden from the service user",
			campus.Faults{WithoutCapability: []string{"moodle/grade:viewhidden"}},
			func(s *site) error { return s.HideGrade(6, campus.QuizCMID, true) },
			map[string]any{"graderaw": nil, "gradeformatted": "-", "gradeishidden": true},
		},
		{
			"overridden", campus.Faults{}, func(s *site) error {
				full := 100.0
				if err := s.OverrideGrade(6, campus.QuizCMID, &half); err != nil {
					return err
				}
				return s.SetGrade(6, campus.QuizCMID, &full)
			}, map[string]any{"graderaw": 10.0, "gradeisoverridden": true},
		},
		{"override lifted", campus.Faults{}, func(s *site) error {
			if err := s.OverrideGrade(6, campus.QuizCMID, &half); err != nil {
				return err
			}
			return s.OverrideGrade(6, campus.QuizCMID, nil)
		}, map[string]any{"graderaw": nil, "gradeisoverridden": false}},
		{
			"on a scale", campus.Faults{}, func(s *site) error {
				if err := s.UseScale(campus.QuizCMID, "Non acquis", "En cours", "Acquis"); err != nil {
					return err
				}
				return s.SetGrade(6, campus.QuizCMID, &half)
			}, map[string]any{
				"graderaw": 2.0, "grademin": 1.0, "grademax": 3.0, "scaleid": 3.0, "rangeformatted": "Non acquis&ndash;Acquis", "percentageformatted": "50.00 %",
				"gradeformatted": `<i class="icon fa fa-check text-success fa-fw inline"  title="Pass" role="img" aria-label="Pass"></i>En cours`,
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			s.SetFaults(tt.faults)
			if err := tt.change(s); err != nil {
				t.Fatal(err)
			}
			got := s.gradeItem(t, 6, campus.QuizCMID)
			maps.DeleteFunc(got, func(name string, _ any) bool { _, asked := tt.want[name]; return !asked })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("item (-want +got):\n%s", diff)
			}
		})
	}
}

// A teacher completes the essay of a learner without a grade, as in
// ws-activities-completion-overridden.
func TestTeacherCompletes(t *testing.T) {
	s := newSite(t)
	if err := s.SetGrade(17, campus.EssayCMID, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.SetActivityCompleted(17, campus.EssayCMID, true); err != nil {
		t.Fatal(err)
	}
	got := s.replay(t, "ws-activities-completion-overridden", nil)
	want := recorded(t, "ws-activities-completion-overridden").Response.JSON
	essay := func(answer any) map[string]any {
		m := answer.(map[string]any)["statuses"].([]any)[1].(map[string]any)
		delete(m, "timecompleted")
		delete(m, "overrideby") // the teacher here, the administrator in the recording
		return m
	}
	if diff := cmp.Diff(essay(want), essay(got)); diff != "" {
		t.Errorf("the essay's completion (-Moodle +campus):\n%s", diff)
	}
}
