package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

// conditionChoice is one row of the rule: what was picked, and the percentage
// if it is a grade.
type conditionChoice struct {
	Value   string // kind, or kind:activity
	Percent string
	Options conditionOptions
}

// conditionOptions is what a row offers: only what this course can answer.
type conditionOptions struct {
	Completed, Graded []badges.Activity
	Gone              []badges.Rule // conditions of the edited rule whose activity is no longer offered
}

// conditionValue is how a condition stands in the form.
func conditionValue(r badges.Rule) string {
	if r.Kind == badges.CourseCompleted {
		return string(r.Kind)
	}
	return string(r.Kind) + ":" + string(r.Activity)
}

// Value lets a template offer a condition that is gone.
func (o conditionOptions) Value(r badges.Rule) string { return conditionValue(r) }

func offer(activities []badges.Activity, rule badges.Rule) conditionOptions {
	var o conditionOptions
	offered := map[string]bool{}
	for _, a := range activities {
		if a.Completion {
			o.Completed = append(o.Completed, a)
			offered[string(badges.ActivityCompleted)+":"+string(a.ID)] = true
		}
		if a.Graded {
			o.Graded = append(o.Graded, a)
			offered[string(badges.ActivityGrade)+":"+string(a.ID)] = true
		}
	}
	for _, c := range rule.Conditions() {
		if c.Kind != badges.CourseCompleted && c.Activity != "" && !offered[conditionValue(c)] {
			o.Gone = append(o.Gone, c)
		}
	}
	return o
}

// conditionRow is the empty row that the "add a condition" button asks for.
func (s *Server) conditionRow(w http.ResponseWriter, r *http.Request, who Session) error {
	activities, err := s.Store.Activities(r.Context(), who.Course)
	if err != nil {
		return err
	}
	locale := s.locale(r, &who)
	row := conditionChoice{Options: offer(activities, badges.Rule{})}
	return s.render(w, r, locale, "teacher_condition", who.page("", row))
}

// conditionChoices lays a rule out as the form's flat list.
func conditionChoices(rule badges.Rule, options conditionOptions) (badges.RuleKind, []conditionChoice) {
	match := badges.All
	if rule.Kind == badges.Any {
		match = badges.Any
	}
	var rows []conditionChoice
	for _, c := range rule.Conditions() {
		if c.IsGroup() {
			continue // an empty group: a form not filled in yet
		}
		row := conditionChoice{Value: conditionValue(c), Options: options}
		if c.Percent != 0 {
			row.Percent = strconv.FormatFloat(c.Percent, 'f', -1, 64)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		rows = []conditionChoice{{Options: options}}
	}
	return match, rows
}

// readRule reads the form's list of conditions.
func readRule(r *http.Request, activities []badges.Activity) (badges.Rule, error) {
	names := map[badges.ActivityID]string{}
	for _, a := range activities {
		names[a.ID] = a.Name
	}
	rule := badges.Rule{Kind: badges.All}
	if r.PostFormValue("match") == string(badges.Any) {
		rule.Kind = badges.Any
	}
	percents, labels := r.PostForm["percent"], r.PostForm["activity_name"]
	for i, value := range r.PostForm["condition"] {
		if value == "" {
			continue
		}
		c := badges.Rule{}
		kind, activity, _ := strings.Cut(value, ":")
		c.Kind, c.Activity = badges.RuleKind(kind), badges.ActivityID(activity)
		c.ActivityName = names[c.Activity]
		if c.ActivityName == "" && i < len(labels) {
			c.ActivityName = labels[i]
		}
		if c.Kind == badges.ActivityGrade && i < len(percents) {
			percent, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(percents[i]), ",", ".", 1), 64)
			if err != nil {
				return rule, fault.New(fault.Invalid, "rule.percent_out_of_range")
			}
			c.Percent = percent
		}
		rule.Of = append(rule.Of, c)
	}
	return rule, rule.Validate()
}
