package badges

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/insigne-badges/insigne/fault"
)

// RuleKind names what a node of a rule asks for.
type RuleKind string

// Groups ask about the rules they hold; conditions ask about a learner.
const (
	All     RuleKind = "all"      // every rule it holds
	Any     RuleKind = "any"      // at least one of them
	AtLeast RuleKind = "at_least" // at least Count of them

	CourseCompleted   RuleKind = "course_completed"
	ActivityCompleted RuleKind = "activity_completed"
	ActivityGrade     RuleKind = "activity_grade" // at least Percent of its range
)

// Limits keep a rule readable and its evaluation cheap.
const (
	MaxRuleDepth = 4
	MaxRuleNodes = 60
)

// Rule is the machine-checked form of a badge's criteria: a tree of groups and
// conditions. It is stored and exchanged as JSON.
type Rule struct {
	Kind  RuleKind `json:"kind"`
	Of    []Rule   `json:"of,omitempty"`
	Count int      `json:"count,omitempty"`

	Activity     ActivityID `json:"activity,omitempty"`
	ActivityName string     `json:"activity_name,omitempty"` // as it was called when picked; what people are shown
	Percent      float64    `json:"percent,omitempty"`       // above 0, at most 100
}

// IsGroup reports whether r asks about other rules rather than about a learner.
func (r Rule) IsGroup() bool {
	return r.Kind == All || r.Kind == Any || r.Kind == AtLeast
}

// ParseRule reads a rule from JSON and validates it. Unknown fields are
// refused. The error is fault.Invalid.
func ParseRule(data []byte) (Rule, error) {
	var r Rule
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return Rule{}, fault.Wrap(err, fault.Invalid, "rule.unreadable")
	}
	if _, err := d.Token(); err != io.EOF {
		return Rule{}, fault.New(fault.Invalid, "rule.unreadable")
	}
	if err := r.Validate(); err != nil {
		return Rule{}, err
	}
	return r, nil
}

// Validate reports the first thing wrong with r, as fault.Invalid.
func (r Rule) Validate() error {
	nodes := 0
	return r.validate(1, &nodes)
}

func (r Rule) validate(depth int, nodes *int) error {
	*nodes++
	if depth > MaxRuleDepth || *nodes > MaxRuleNodes {
		return fault.New(fault.Invalid, "rule.too_large")
	}
	if r.IsGroup() {
		return r.validateGroup(depth, nodes)
	}
	return r.validateCondition()
}

func (r Rule) validateGroup(depth int, nodes *int) error {
	if len(r.Of) == 0 {
		return fault.New(fault.Invalid, "rule.empty")
	}
	if r.Kind == AtLeast && (r.Count < 1 || r.Count > len(r.Of)) {
		return fault.New(fault.Invalid, "rule.count_out_of_range")
	}
	for _, child := range r.Of {
		if err := child.validate(depth+1, nodes); err != nil {
			return err
		}
	}
	return nil
}

func (r Rule) validateCondition() error {
	if len(r.Of) > 0 {
		return fault.New(fault.Invalid, "rule.unreadable")
	}
	switch r.Kind {
	case CourseCompleted:
		return nil
	case ActivityCompleted, ActivityGrade:
		if r.Activity == "" {
			return fault.New(fault.Invalid, "rule.activity_missing")
		}
		if r.Kind == ActivityGrade && !(r.Percent > 0 && r.Percent <= 100) {
			return fault.New(fault.Invalid, "rule.percent_out_of_range")
		}
		return nil
	default:
		return fault.New(fault.Invalid, "rule.kind_unknown").With("Kind", string(r.Kind))
	}
}

// Conditions returns the leaves of r, left to right.
func (r Rule) Conditions() []Rule {
	if !r.IsGroup() {
		return []Rule{r}
	}
	var leaves []Rule
	for _, child := range r.Of {
		leaves = append(leaves, child.Conditions()...)
	}
	return leaves
}

// Subject returns what a condition asks to observe.
func (r Rule) Subject() Subject { return Subject{Kind: r.Kind, Activity: r.Activity} }

// CheckAgainst reports the first condition of r that the course's activities
// can never satisfy: the activity is gone, is not graded or its completion is
// not tracked. The error is fault.Invalid and names the activity.
func (r Rule) CheckAgainst(activities []Activity) error {
	known := make(map[ActivityID]Activity, len(activities))
	for _, a := range activities {
		known[a.ID] = a
	}
	for _, c := range r.Conditions() {
		if key := c.impossible(known); key != "" {
			return fault.New(fault.Invalid, key).With("Activity", c.ActivityName)
		}
	}
	return nil
}

func (r Rule) impossible(known map[ActivityID]Activity) string {
	if r.Kind == CourseCompleted {
		return ""
	}
	a, ok := known[r.Activity]
	switch {
	case !ok:
		return "rule.activity_gone"
	case r.Kind == ActivityCompleted && !a.Completion:
		return "rule.completion_off"
	case r.Kind == ActivityGrade && !a.Graded:
		return "rule.not_graded"
	}
	return ""
}

// MovedTo returns the rule for a copy of its course, where activities have
// other ids: each condition asks about the activity of the same name, if there
// is exactly one. What is not found stays as it was, for CheckAgainst to tell.
func (r Rule) MovedTo(activities []Activity) Rule {
	if r.IsGroup() {
		of := make([]Rule, len(r.Of))
		for i, child := range r.Of {
			of[i] = child.MovedTo(activities)
		}
		r.Of = of
		return r
	}
	var same []Activity
	for _, a := range activities {
		if a.Name == r.ActivityName && r.Activity != "" {
			same = append(same, a)
		}
	}
	if len(same) == 1 {
		r.Activity = same[0].ID
	}
	return r
}

// Translator turns a catalogue key and its arguments into a sentence. Numbers
// with fractions are written the language's way.
type Translator interface {
	T(key string, args map[string]any) string
}

// Describe says in one sentence what r asks for, in t's language.
func (r Rule) Describe(t Translator) string {
	if !r.IsGroup() {
		return t.T("rule."+string(r.Kind), map[string]any{"Activity": r.ActivityName, "Percent": r.Percent})
	}
	if len(r.Of) == 1 {
		return r.Of[0].Describe(t)
	}
	parts := make([]string, len(r.Of))
	for i, child := range r.Of {
		parts[i] = child.Describe(t)
		if child.IsGroup() && len(child.Of) > 1 {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	if r.Kind == AtLeast {
		list := strings.Join(parts, t.T("rule.list_separator", nil))
		return t.T("rule.at_least", map[string]any{"Count": r.Count, "Total": len(r.Of), "List": list})
	}
	return strings.Join(parts, " "+t.T("rule.joined_by_"+string(r.Kind), nil)+" ")
}
