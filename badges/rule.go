package badges

import (
	"bytes"
	_ "embed" // rule.schema.json
	"encoding/json"
	"io"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
)

// RuleKind is the kind of a rule: a group of rules, or a condition.
type RuleKind string

// The kinds of groups.
const (
	All     RuleKind = "all"      // all of its rules
	Any     RuleKind = "any"      // at least one of them
	AtLeast RuleKind = "at_least" // at least Count of them
)

// Limits of a rule: people can read it, and it is cheap to evaluate.
const (
	MaxRuleDepth = 4
	MaxRuleNodes = 60
)

// Rule is the machine-checked form of a badge's criteria: a tree of groups and
// conditions. Its JSON form follows RuleSchema.
type Rule struct {
	Kind  RuleKind `json:"kind"`
	Of    []Rule   `json:"of,omitempty"`
	Count int      `json:"count,omitempty"`

	// The object of a condition. At most one id is set, depending on the kind.
	Course     ContextID  `json:"course,omitempty"` // another course of the platform; empty: the badge's own
	CourseName string     `json:"course_name,omitempty"`
	Activity   ActivityID `json:"activity,omitempty"`
	LineItem   LineItemID `json:"line_item,omitempty"`
	Group      GroupID    `json:"group,omitempty"`
	Badge      BadgeID    `json:"badge,omitempty"`
	Name       string     `json:"name,omitempty"` // of what the id names, as it was called when picked; what people are shown

	Percent float64   `json:"percent,omitempty"` // of a grade's range: above 0, at most 100
	From    time.Time `json:"from,omitzero"`     // only what happens from this time on counts
	Until   time.Time `json:"until,omitzero"`    // only what happens before this time counts
}

//go:embed rule.schema.json
var ruleSchema []byte

// RuleSchema returns the JSON Schema of rules. It cannot express all that
// Validate checks: depth, size, and a window that ends before it begins.
func RuleSchema() []byte { return ruleSchema }

// IsGroup reports whether r combines other rules.
func (r *Rule) IsGroup() bool {
	return r.Kind == All || r.Kind == Any || r.Kind == AtLeast
}

// IsByHand reports whether only a teacher can award the badge.
func (r *Rule) IsByHand() bool { return r.Kind == ByHand }

// ParseRule reads a rule from JSON and validates it. It fails with
// fault.Invalid, also for unknown fields.
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

// Validate returns fault.Invalid for the first thing that is wrong with r.
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

// Conditions returns the conditions of r, from left to right.
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

// Subjects returns what has to be observed for r, each subject once.
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
