package badges

import (
	"bytes"
	_ "embed" // the schema
	"encoding/json"
	"io"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// RuleKind names what a node of a rule asks for.
type RuleKind string

// Groups ask about the rules they hold.
const (
	All     RuleKind = "all"      // every rule it holds
	Any     RuleKind = "any"      // at least one of them
	AtLeast RuleKind = "at_least" // at least Count of them
)

// Limits keep a rule readable and its evaluation cheap.
const (
	MaxRuleDepth = 4
	MaxRuleNodes = 60
)

// Rule is the machine-checked form of a badge's criteria: a tree of groups and
// conditions. It is exchanged as JSON, by the schema RuleSchema.
type Rule struct {
	Kind  RuleKind `json:"kind"`
	Of    []Rule   `json:"of,omitempty"`
	Count int      `json:"count,omitempty"`

	// What a condition asks about. One id at most is set, as the kind wants it.
	Course     ContextID  `json:"course,omitempty"` // another course of the platform; empty: the badge's own
	CourseName string     `json:"course_name,omitempty"`
	Activity   ActivityID `json:"activity,omitempty"`
	LineItem   LineItemID `json:"line_item,omitempty"`
	Group      GroupID    `json:"group,omitempty"`
	Badge      BadgeID    `json:"badge,omitempty"`
	Name       string     `json:"name,omitempty"` // of what the id names, as it was called when picked; what people are shown

	Percent float64   `json:"percent,omitempty"` // of a grade's range: above 0, at most 100
	From    time.Time `json:"from,omitzero"`     // what happened earlier does not count
	Until   time.Time `json:"until,omitzero"`    // nor what happened then or later
}

//go:embed rule.schema.json
var ruleSchema []byte

// RuleSchema returns the JSON Schema of rules. What else makes a rule invalid is
// told by Validate: its depth and size, a window that ends before it begins.
func RuleSchema() []byte { return ruleSchema }

// IsGroup reports whether r asks about other rules rather than about a learner.
func (r *Rule) IsGroup() bool {
	return r.Kind == All || r.Kind == Any || r.Kind == AtLeast
}

// IsByHand reports whether only a teacher awards by r.
func (r *Rule) IsByHand() bool { return r.Kind == ByHand }

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
func (r *Rule) Validate() error {
	nodes := 0
	if r.IsByHand() {
		return r.validateCondition()
	}
	return r.validate(1, &nodes)
}

func (r *Rule) validate(depth int, nodes *int) error {
	*nodes++
	switch {
	case depth > MaxRuleDepth || *nodes > MaxRuleNodes:
		return fault.New(fault.Invalid, "rule.too_large")
	case r.IsByHand():
		return fault.New(fault.Invalid, "rule.by_hand_alone")
	case r.IsGroup():
		return r.validateGroup(depth, nodes)
	}
	return r.validateCondition()
}

func (r *Rule) validateGroup(depth int, nodes *int) error {
	if len(r.Of) == 0 {
		return fault.New(fault.Invalid, "rule.empty")
	}
	if r.ids() > 0 || r.Course != "" || r.Percent != 0 || !r.From.IsZero() || !r.Until.IsZero() {
		return fault.New(fault.Invalid, "rule.unreadable")
	}
	if r.Kind == AtLeast && (r.Count < 1 || r.Count > len(r.Of)) {
		return fault.New(fault.Invalid, "rule.count_out_of_range")
	}
	for i := range r.Of {
		if err := r.Of[i].validate(depth+1, nodes); err != nil {
			return err
		}
	}
	return nil
}

// Conditions returns the leaves of r, left to right.
func (r *Rule) Conditions() []Rule {
	if !r.IsGroup() {
		return []Rule{*r}
	}
	var leaves []Rule
	for i := range r.Of {
		leaves = append(leaves, r.Of[i].Conditions()...)
	}
	return leaves
}

// Subjects returns what r asks to observe, each once.
func (r *Rule) Subjects() []Subject {
	var subjects []Subject
	seen := map[Subject]bool{}
	for _, c := range r.Conditions() {
		if s := c.Subject(); !c.IsByHand() && !seen[s] {
			seen[s] = true
			subjects = append(subjects, s)
		}
	}
	return subjects
}
