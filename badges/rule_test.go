package badges_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

func completed(id badges.ActivityID) badges.Rule {
	return badges.Rule{Kind: badges.ActivityCompleted, Activity: id, ActivityName: "activity " + string(id)}
}

func graded(id badges.ActivityID, percent float64) badges.Rule {
	return badges.Rule{Kind: badges.ActivityGrade, Activity: id, ActivityName: "activity " + string(id), Percent: percent}
}

func group(kind badges.RuleKind, of ...badges.Rule) badges.Rule {
	return badges.Rule{Kind: kind, Of: of}
}

func TestParseRule(t *testing.T) {
	deep := strings.Repeat(`{"kind":"all","of":[`, 6) + `{"kind":"course_completed"}` + strings.Repeat(`]}`, 6)
	wide := `{"kind":"all","of":[` + strings.Repeat(`{"kind":"course_completed"},`, 80) + `{"kind":"course_completed"}]}`
	tests := []struct {
		name, json, key string // key empty: accepted
	}{
		{"course completed", `{"kind":"course_completed"}`, ""},
		{"nested", `{"kind":"any","of":[{"kind":"course_completed"},{"kind":"activity_grade","activity":"3","percent":80}]}`, ""},
		{"at least", `{"kind":"at_least","count":1,"of":[{"kind":"course_completed"}]}`, ""},
		{"not JSON", `all`, "rule.unreadable"},
		{"unknown field", `{"kind":"course_completed","sql":"x"}`, "rule.unreadable"},
		{"two documents", `{"kind":"course_completed"}{}`, "rule.unreadable"},
		{"unknown kind", `{"kind":"moon_phase"}`, "rule.kind_unknown"},
		{"empty group", `{"kind":"all","of":[]}`, "rule.empty"},
		{"count above members", `{"kind":"at_least","count":2,"of":[{"kind":"course_completed"}]}`, "rule.count_out_of_range"},
		{"no activity", `{"kind":"activity_completed"}`, "rule.activity_missing"},
		{"zero percent", `{"kind":"activity_grade","activity":"3"}`, "rule.percent_out_of_range"},
		{"above 100 percent", `{"kind":"activity_grade","activity":"3","percent":101}`, "rule.percent_out_of_range"},
		{"condition with members", `{"kind":"course_completed","of":[{"kind":"course_completed"}]}`, "rule.unreadable"},
		{"too deep", deep, "rule.too_large"},
		{"too wide", wide, "rule.too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := badges.ParseRule([]byte(tt.json))
			wantKey(t, err, tt.key)
			if tt.key != "" {
				return
			}
			again, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			back, err := badges.ParseRule(again)
			if err != nil {
				t.Fatalf("ParseRule of its own JSON: %v", err)
			}
			if diff := cmp.Diff(r, back); diff != "" {
				t.Errorf("rule changed by a round trip (-was +is):\n%s", diff)
			}
		})
	}
}

func TestRuleCheckAgainst(t *testing.T) {
	activities := []badges.Activity{
		{ID: "1", Name: "Quiz", Completion: true, Graded: true},
		{ID: "2", Name: "Page", Completion: true},
		{ID: "3", Name: "Label"},
	}
	tests := []struct {
		name string
		rule badges.Rule
		key  string
	}{
		{"fine", group(badges.All, graded("1", 80), completed("2")), ""},
		{"course only", badges.Rule{Kind: badges.CourseCompleted}, ""},
		{"deleted activity", group(badges.All, completed("2"), graded("9", 80)), "rule.activity_gone"},
		{"not graded", graded("2", 50), "rule.not_graded"},
		{"completion off", completed("3"), "rule.completion_off"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantKey(t, tt.rule.CheckAgainst(activities), tt.key)
		})
	}
}

// echo shows keys instead of sentences.
type echo struct{}

func (echo) T(key string, args map[string]any) string {
	switch key {
	case "rule.activity_grade":
		return fmt.Sprintf("%v%% of %v", args["Percent"], args["Activity"])
	case "rule.joined_by_all":
		return "and"
	case "rule.joined_by_any":
		return "or"
	}
	return key
}

func TestRuleDescribe(t *testing.T) {
	course := badges.Rule{Kind: badges.CourseCompleted}
	tests := []struct {
		name string
		rule badges.Rule
		want string
	}{
		{"condition", graded("3", 79.5), "79.5% of activity 3"},
		{"group of one", group(badges.All, graded("3", 80)), "80% of activity 3"},
		{"all", group(badges.All, graded("3", 80), course), "80% of activity 3 and rule.course_completed"},
		{
			"nested", group(badges.Any, course, group(badges.All, graded("3", 80), graded("4", 60))),
			"rule.course_completed or (80% of activity 3 and 60% of activity 4)",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.rule.Describe(echo{}); got != tt.want {
				t.Errorf("Describe() = %q, want %q", got, tt.want)
			}
		})
	}
}

// wantKey fails unless err is fault.Invalid with this key, or nil for "".
func wantKey(t *testing.T, err error, key string) {
	t.Helper()
	if key == "" {
		if err != nil {
			t.Fatalf("error = %v, want none", err)
		}
		return
	}
	if fault.KindOf(err) != fault.Invalid || !strings.HasPrefix(err.Error(), key) {
		t.Fatalf("error = %v, want Invalid %s", err, key)
	}
}

func TestMovedTo(t *testing.T) {
	quiz := badges.Rule{Kind: badges.ActivityGrade, Activity: "3", ActivityName: "Quiz", Percent: 80}
	gone := badges.Rule{Kind: badges.ActivityCompleted, Activity: "4", ActivityName: "Essay"}
	twice := badges.Rule{Kind: badges.ActivityCompleted, Activity: "5", ActivityName: "Forum"}
	rule := badges.Rule{Kind: badges.All, Of: []badges.Rule{{Kind: badges.CourseCompleted}, {Kind: badges.Any, Of: []badges.Rule{quiz, gone, twice}}}}
	copied := []badges.Activity{{ID: "103", Name: "Quiz"}, {ID: "105", Name: "Forum"}, {ID: "106", Name: "Forum"}, {ID: "107", Name: ""}}
	got := rule.MovedTo(copied).Conditions()
	want := []badges.ActivityID{"", "103", "4", "5"}
	for i, c := range got {
		if c.Activity != want[i] {
			t.Errorf("condition %d asks about %q, want %q", i, c.Activity, want[i])
		}
	}
	if rule.Of[1].Of[0].Activity != "3" {
		t.Error("the rule itself was changed")
	}
}
