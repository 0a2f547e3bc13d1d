package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// ruleRow is the stored JSON form of a rule. Rule files have a format of their
// own, described by badges.RuleSchema.
type ruleRow struct {
	Kind  badges.RuleKind `json:"kind"`
	Of    []ruleRow       `json:"of,omitempty"`
	Count int             `json:"count,omitempty"`

	Course     badges.ContextID  `json:"course,omitempty"`
	CourseName string            `json:"course_name,omitempty"`
	Activity   badges.ActivityID `json:"activity,omitempty"`
	LineItem   badges.LineItemID `json:"line_item,omitempty"`
	Group      badges.GroupID    `json:"group,omitempty"`
	Badge      badges.BadgeID    `json:"badge,omitempty"`
	Name       string            `json:"name,omitempty"`

	Percent float64   `json:"percent,omitempty"`
	From    time.Time `json:"from,omitzero"`
	Until   time.Time `json:"until,omitzero"`
}

func newRuleRow(r badges.Rule) ruleRow {
	return ruleRow{
		Kind: r.Kind, Of: mapped(r.Of, newRuleRow), Count: r.Count,
		Course: r.Course, CourseName: r.CourseName, Activity: r.Activity, LineItem: r.LineItem, Group: r.Group, Badge: r.Badge, Name: r.Name,
		Percent: r.Percent, From: r.From, Until: r.Until,
	}
}

func (r ruleRow) rule() badges.Rule {
	return badges.Rule{
		Kind: r.Kind, Of: mapped(r.Of, ruleRow.rule), Count: r.Count,
		Course: r.Course, CourseName: r.CourseName, Activity: r.Activity, LineItem: r.LineItem, Group: r.Group, Badge: r.Badge, Name: r.Name,
		Percent: r.Percent, From: r.From, Until: r.Until,
	}
}

func encodeRule(rule badges.Rule) (string, error) {
	text, err := json.Marshal(newRuleRow(rule))
	if err != nil {
		return "", fmt.Errorf("write rule: %w", err)
	}
	return string(text), nil
}

func decodeRule(text string) (badges.Rule, error) {
	var row ruleRow
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		return badges.Rule{}, fmt.Errorf("read rule: %w", err)
	}
	return row.rule(), nil
}
