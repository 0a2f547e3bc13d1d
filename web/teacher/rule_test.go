package teacher_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/webtest"
)

// TestRuleForm sends the rows of a rule and checks the stored rule. Then it opens the
// form with that rule and sends it back: the rule stays the same.
func TestRuleForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.anotherCourse("66")
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	all := func(of ...badges.Rule) badges.Rule { return badges.Rule{Kind: badges.All, Of: of} }
	tests := []struct {
		name string
		form url.Values
		want badges.Rule
	}{
		{"a grade", url.Values{"node": {"condition:1"}, "condition": {"activity_grade:17"}, "percent": {"80"}}, all(quiz)},
		{
			"a percentage with a comma",
			url.Values{"node": {"condition:1"}, "condition": {"course_grade"}, "percent": {" 62,5 "}},
			all(badges.Rule{Kind: badges.CourseGrade, Percent: 62.5}),
		},
		{
			"everything that can be asked for",
			url.Values{
				"match": {"any"}, "node": {"condition:1", "condition:1", "condition:1", "condition:1", "condition:1", "condition:1"},
				"condition": {"course_completed", "activity_passed:17", "line_item_grade:https%3A%2F%2Flms.example.org%2Fitems%2F1", "group_member:24", "badge_held:" + string(w.World.Badge.ID), "course_completed::66"},
				"percent":   {"", "", "50", "", "", ""},
			},
			badges.Rule{Kind: badges.Any, Of: []badges.Rule{
				{Kind: badges.CourseCompleted},
				{Kind: badges.ActivityPassed, Activity: "17", Name: "Final quiz"},
				{Kind: badges.LineItemGrade, LineItem: "https://lms.example.org/items/1", Name: "Talk", Percent: 50},
				{Kind: badges.GroupMember, Group: "24", Name: "Group A"},
				{Kind: badges.BadgeHeld, Badge: w.World.Badge.ID, Name: "Badge"},
				{Kind: badges.CourseCompleted, Course: "66", CourseName: "Course 66"},
			}},
		},
		{
			"some of a list",
			url.Values{"match": {"at_least"}, "count": {"1"}, "node": {"condition:1", "condition:1"}, "condition": {"activity_completed:18", "activity_completed:17"}},
			badges.Rule{Kind: badges.AtLeast, Count: 1, Of: []badges.Rule{report, {Kind: badges.ActivityCompleted, Activity: "17", Name: "Final quiz"}}},
		},
		{
			"groups in groups",
			url.Values{
				"match": {"all", "any", "at_least"}, "count": {"", "", "2"},
				"node":      {"condition:1", "group:1", "condition:2", "group:2", "condition:3", "condition:3", "condition:1"},
				"condition": {"activity_completed:18", "course_completed", "activity_completed:17", "group_member:24", "activity_grade:17"},
				"percent":   {"", "", "", "", "80"},
			},
			all(report, badges.Rule{Kind: badges.Any, Of: []badges.Rule{
				{Kind: badges.CourseCompleted},
				{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{{Kind: badges.ActivityCompleted, Activity: "17", Name: "Final quiz"}, {Kind: badges.GroupMember, Group: "24", Name: "Group A"}}},
			}}, quiz),
		},
		{
			"days, of which the last counts",
			url.Values{"node": {"condition:1"}, "condition": {"activity_completed:18"}, "from": {"2026-02-01"}, "until": {"2026-02-28"}},
			all(badges.Rule{Kind: badges.ActivityCompleted, Activity: "18", Name: "Report", From: day("2026-02-01"), Until: day("2026-03-01")}),
		},
		{"rows without anything picked", url.Values{"node": {"condition:1", "group:1", "condition:2", "condition:1"}, "condition": {"", "", "activity_completed:18"}}, all(report)},
		{"rows that make no sense", url.Values{"node": {"condition:x", "", "condition:1"}, "condition": {"activity_completed:18"}}, all(report)},
		{
			"by hand, whatever else stands there", url.Values{"match": {"by_hand"}, "node": {"condition:1"}, "condition": {"activity_completed:18"}}, byHand,
		},
		{"a group by hand, which no form offers", url.Values{"match": {"any", "by_hand"}, "node": {"group:1", "condition:2"}, "condition": {"activity_completed:18"}}, badges.Rule{Kind: badges.Any, Of: []badges.Rule{all(report)}}},
		{"the label of something known is not taken from the form", url.Values{"node": {"condition:1"}, "condition": {"activity_completed:18"}, "label": {"Nothing at all"}}, all(report)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := with(w.typed(), url.Values{"match": {"all"}, "label": nil, "percent": nil})
			b := w.made(w.teacher.Post(w.teacher.Who.Path("/badges/new"), with(form, tt.form)))
			if diff := cmp.Diff(tt.want, b.Current.Rule); diff != "" {
				t.Errorf("another rule (-want +got):\n%s", diff)
			}
			path := at(w.teacher, b.ID, "/edit")
			expect(t, w.teacher.Post(path, sent(t, w.teacher.Get(path), "badge-form")), http.StatusSeeOther)
			if diff := cmp.Diff(tt.want, w.badge(b.ID).Current.Rule); diff != "" {
				t.Errorf("the form changes the rule (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRuleTooLarge refuses rules that are too large to be read.
func TestRuleTooLarge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	many := url.Values{"percent": nil, "node": nil, "condition": nil}
	for range badges.MaxRuleNodes {
		many["node"] = append(many["node"], "condition:1")
		many["condition"] = append(many["condition"], "activity_completed:18")
	}
	tests := []struct {
		name string
		form url.Values
	}{
		{"deep", url.Values{"match": {"all", "all", "all", "all"}, "node": {"group:1", "group:2", "group:3", "condition:4"}, "condition": {"activity_completed:18"}}},
		{"long", many},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := w.everything()
			got := w.teacher.Post(w.teacher.Who.Path("/badges/new"), with(w.typed(), tt.form))
			expect(t, got, http.StatusUnprocessableEntity, "The rule has too many conditions, or too many groups inside groups.")
			if diff := cmp.Diff(before, w.everything()); diff != "" {
				t.Errorf("something was stored (-before +after):\n%s", diff)
			}
		})
	}
}

// TestEmptyRows requests the rows that the buttons of the form add, at every possible
// depth and at others.
func TestEmptyRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(what, depth string) webtest.Answer {
		return w.teacher.Get(w.teacher.Who.Path("/badges/" + what + "?depth=" + depth))
	}
	for _, what := range []string{"condition", "group"} {
		for _, depth := range []string{"1", "2", "3"} {
			got := ask(what, depth)
			expect(t, got, http.StatusOK, "Choose…", "Final quiz: grade at least", "In the group “Group A”", "Holds the badge “Badge”")
			if add := got.Shows("Add a condition"); add != (what == "group") {
				t.Errorf("%s at depth %s: a condition can be added: %t", what, depth, add)
			}
			if nest := got.Shows("Add a group"); nest != (what == "group" && depth == "1") {
				t.Errorf("%s at depth %s: a group can be added: %t", what, depth, nest)
			}
		}
		for _, depth := range []string{"", "0", "-1", "4", "x", "99999999999999999999"} {
			expect(t, ask(what, depth), http.StatusUnprocessableEntity, "too many groups inside groups")
		}
	}
}

// TestConditionOptions checks that the form offers what a course can answer, and nothing else.
func TestConditionOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.anotherCourse("66")
	w.lms.outline = badges.Outline{
		Unread:     []badges.RuleKind{badges.CourseCompleted},
		Activities: []badges.Activity{{ID: "1", Name: "Untracked"}, {ID: "2", Name: "Tracked", Completion: true}},
	}
	got := w.teacher.Get(w.teacher.Who.Path("/badges/new"))
	expect(t, got, http.StatusOK, "Tracked: completed", "Course 66: completed", "Holds the badge “Badge”")
	expectNot(t, got, "Untracked", "Tracked: passed", "Tracked: grade", "Course completed")
	expectLabels(t, got, "Complete an activity", "Another course you teach", "Hold another badge")
	for _, label := range []string{"Pass an activity", "Be in a group", "Gradebook columns of Insigne’s links", "No longer in this course"} {
		if labelled(got, label) {
			t.Errorf("something is offered under %q", label)
		}
	}
	own := w.teacher.Get(at(w.teacher, w.World.Badge.ID, "/edit"))
	expect(t, own, http.StatusOK, "Course completed")
	expectLabels(t, own, "No longer in this course")
	expectNot(t, own, "Holds the badge “Badge”")
}
