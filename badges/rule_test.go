package badges_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

func completed(id badges.ActivityID) badges.Rule {
	return badges.Rule{Kind: badges.ActivityCompleted, Activity: id, Name: "activity " + string(id)}
}

func graded(id badges.ActivityID, percent float64) badges.Rule {
	return badges.Rule{Kind: badges.ActivityGrade, Activity: id, Name: "activity " + string(id), Percent: percent}
}

func group(kind badges.RuleKind, of ...badges.Rule) badges.Rule {
	return badges.Rule{Kind: kind, Of: of}
}

func subject(r badges.Rule) badges.Subject { return r.Subject() }

func explained(r badges.Rule, e badges.Evidence) *badges.Explanation {
	x := r.Evaluate(e)
	return &x
}

// parsing is a rule in JSON and the key of the error; an empty key: it is
// accepted.
type parsing struct{ name, json, key string }

func parsed() []parsing {
	deep := strings.Repeat(`{"kind":"all","of":[`, 6) + `{"kind":"course_completed"}` + strings.Repeat(`]}`, 6)
	wide := `{"kind":"all","of":[` + strings.Repeat(`{"kind":"course_completed"},`, 80) + `{"kind":"course_completed"}]}`
	return []parsing{
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
		{"course total of another course", `{"kind":"course_grade","course":"9","course_name":"Other","percent":60}`, ""},
		{"passed", `{"kind":"activity_passed","activity":"3","until":"2026-12-31T23:59:59+01:00"}`, ""},
		{"line item", `{"kind":"line_item_grade","line_item":"https://lms.example/items/1","name":"Jury","percent":50}`, ""},
		{"group", `{"kind":"group_member","group":"4","name":"A"}`, ""},
		{"badge", `{"kind":"badge_held","badge":"b","from":"2026-01-01T00:00:00Z","until":"2026-02-01T00:00:00Z"}`, ""},
		{"by hand", `{"kind":"by_hand"}`, ""},
		{"by hand beside another", `{"kind":"any","of":[{"kind":"by_hand"},{"kind":"course_completed"}]}`, "rule.by_hand_alone"},
		{"no line item", `{"kind":"line_item_grade","percent":50}`, "rule.line_item_missing"},
		{"no group", `{"kind":"group_member"}`, "rule.group_missing"},
		{"no badge", `{"kind":"badge_held"}`, "rule.badge_missing"},
		{"two ids", `{"kind":"group_member","group":"4","badge":"b"}`, "rule.unreadable"},
		{"an id too many", `{"kind":"course_completed","activity":"3"}`, "rule.unreadable"},
		{"percent of a completion", `{"kind":"activity_completed","activity":"3","percent":50}`, "rule.percent_out_of_range"},
		{"group of another course", `{"kind":"group_member","group":"4","course":"9"}`, "rule.course_not_askable"},
		{"window of a group", `{"kind":"group_member","group":"4","until":"2026-02-01T00:00:00Z"}`, "rule.window_not_askable"},
		{"window turned around", `{"kind":"course_completed","from":"2026-02-01T00:00:00Z","until":"2026-01-01T00:00:00Z"}`, "rule.window_empty"},
		{"group with a percentage", `{"kind":"all","percent":5,"of":[{"kind":"course_completed"}]}`, "rule.unreadable"},
		{"too deep", deep, "rule.too_large"},
		{"too wide", wide, "rule.too_large"},
	}
}

func TestParseRule(t *testing.T) {
	for _, tt := range parsed() {
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

// TestRuleSchema compares the published schema with ParseRule, except for rules
// that a schema cannot express.
func TestRuleSchema(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(badges.RuleSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("rule.json", document); err != nil {
		t.Fatal(err)
	}
	schema := compiler.MustCompile("rule.json")
	unsayable := map[string]bool{"rule.too_large": true, "rule.count_out_of_range": true, "rule.window_empty": true}
	for _, tt := range parsed() {
		t.Run(tt.name, func(t *testing.T) {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(tt.json))
			if err != nil {
				return // not JSON
			}
			if err := schema.Validate(value); (err == nil) != (tt.key == "") && !unsayable[tt.key] {
				t.Errorf("the schema says %v; ParseRule says %q", err, tt.key)
			}
		})
	}
}

func TestRuleCheckAgainst(t *testing.T) {
	outline := &badges.Outline{Activities: []badges.Activity{
		{ID: "1", Name: "Quiz", Completion: true, Graded: true},
		{ID: "2", Name: "Page", Completion: true},
		{ID: "3", Name: "Label"},
	}, Groups: []badges.Group{{ID: "7", Name: "A"}}, LineItems: []badges.LineItem{{ID: "https://lms.example/1"}}, Badges: []badges.NamedBadge{{ID: "x"}}}
	outline.Others = map[badges.ContextID]*badges.Outline{"9": {Activities: []badges.Activity{{ID: "90", Completion: true}}}}
	elsewhere := func(r badges.Rule) badges.Rule { r.Course = "9"; return r }
	tests := []struct {
		name string
		rule badges.Rule
		key  string
	}{
		{"group", badges.Rule{Kind: badges.GroupMember, Group: "7"}, ""},
		{"deleted group", badges.Rule{Kind: badges.GroupMember, Group: "8"}, "rule.group_gone"},
		{"line item", badges.Rule{Kind: badges.LineItemGrade, LineItem: "https://lms.example/1"}, ""},
		{"deleted line item", badges.Rule{Kind: badges.LineItemGrade, LineItem: "https://lms.example/2"}, "rule.line_item_gone"},
		{"badge", badges.Rule{Kind: badges.BadgeHeld, Badge: "x"}, ""},
		{"deleted badge", badges.Rule{Kind: badges.BadgeHeld, Badge: "y"}, "rule.badge_gone"},
		{"no passing grade", badges.Rule{Kind: badges.ActivityPassed, Activity: "2"}, "rule.not_passable"},
		{"another course", elsewhere(completed("90")), ""},
		{"an activity of ours in another course", elsewhere(completed("2")), "rule.activity_gone"},
		{"a course that may not be asked", badges.Rule{Kind: badges.CourseCompleted, Course: "10"}, "rule.course_gone"},
		{"by hand", badges.Rule{Kind: badges.ByHand}, ""},
		{"fine", group(badges.All, graded("1", 80), completed("2")), ""},
		{"course only", badges.Rule{Kind: badges.CourseCompleted}, ""},
		{"deleted activity", group(badges.All, completed("2"), graded("9", 80)), "rule.activity_gone"},
		{"not graded", graded("2", 50), "rule.not_graded"},
		{"completion off", completed("3"), "rule.completion_off"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantKey(t, tt.rule.CheckAgainst(outline), tt.key)
		})
	}
}

// echo is a translator that returns the keys.
type echo struct{}

func (echo) T(key string, args map[string]any) string {
	switch key {
	case "rule.activity_grade":
		return fmt.Sprintf("%v%% of %v", args["Percent"], args["Name"])
	case "rule.course_completed_elsewhere":
		return fmt.Sprintf("completed %v", args["Course"])
	case "rule.group_member":
		return fmt.Sprintf("in %v", args["Name"])
	case "rule.until":
		return fmt.Sprintf("%v until %v", args["Rule"], args["Until"].(time.Time).Format(time.DateOnly))
	case "rule.between":
		return fmt.Sprintf("%v from %v to %v", args["Rule"], args["From"].(time.Time).Format(time.DateOnly), args["Until"].(time.Time).Format(time.DateOnly))
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
		{"another course", badges.Rule{Kind: badges.CourseCompleted, Course: "9", CourseName: "Other"}, "completed Other"},
		{"group of the course", badges.Rule{Kind: badges.GroupMember, Group: "7", Name: "A"}, "in A"},
		{
			"the last day counts",
			badges.Rule{Kind: badges.CourseCompleted, Until: time.Date(2027, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600))},
			"rule.course_completed until 2026-12-31",
		},
		{
			"between",
			badges.Rule{Kind: badges.CourseCompleted, From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)},
			"rule.course_completed from 2026-01-01 to 2026-01-31",
		},
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
	if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), key) {
		t.Fatalf("error = %v, want Invalid %s", err, key)
	}
}

func TestMovedTo(t *testing.T) {
	quiz := badges.Rule{Kind: badges.ActivityGrade, Activity: "3", Name: "Quiz", Percent: 80}
	gone := badges.Rule{Kind: badges.ActivityCompleted, Activity: "4", Name: "Essay"}
	twice := badges.Rule{Kind: badges.ActivityCompleted, Activity: "5", Name: "Forum"}
	rule := badges.Rule{Kind: badges.All, Of: []badges.Rule{{Kind: badges.CourseCompleted}, {Kind: badges.Any, Of: []badges.Rule{quiz, gone, twice}}}}
	copied := &badges.Outline{Activities: []badges.Activity{{ID: "103", Name: "Quiz"}, {ID: "105", Name: "Forum"}, {ID: "106", Name: "Forum"}, {ID: "107", Name: ""}}}
	moved := rule.MovedTo(copied)
	got := moved.Conditions()
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
