package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
)

// factRow is the JSON form of a fact of an assertion.
type factRow struct {
	Kind       badges.RuleKind   `json:"kind"`
	Course     badges.ContextID  `json:"course,omitempty"`
	CourseName string            `json:"course_name,omitempty"`
	Activity   badges.ActivityID `json:"activity,omitempty"`
	LineItem   badges.LineItemID `json:"line_item,omitempty"`
	Group      badges.GroupID    `json:"group,omitempty"`
	Badge      badges.BadgeID    `json:"badge,omitempty"`
	Name       string            `json:"name,omitempty"`
	Threshold  float64           `json:"threshold,omitempty"`
	From       time.Time         `json:"from,omitzero"`
	Until      time.Time         `json:"until,omitzero"`
	Percent    float64           `json:"percent,omitempty"`
	Grade      *gradeRow         `json:"grade,omitempty"`
	At         time.Time         `json:"at,omitzero"`
	Source     string            `json:"source"`

	By          badges.UserID `json:"by,omitempty"`
	ConfirmedBy badges.UserID `json:"confirmed_by,omitempty"`
	Given       *givenRow     `json:"given,omitempty"`
}

func newFactRow(f badges.Fact) factRow {
	return factRow{
		Kind: f.Kind, Course: f.Course, CourseName: f.CourseName, Activity: f.Activity, LineItem: f.LineItem, Group: f.Group, Badge: f.Badge,
		Name: f.Name, Threshold: f.Threshold, From: f.From, Until: f.Until, Percent: f.Percent, Grade: (*gradeRow)(f.Grade), At: f.At, Source: f.Source,
		By: f.By, ConfirmedBy: f.ConfirmedBy, Given: (*givenRow)(f.Given),
	}
}

func (r factRow) fact() badges.Fact {
	return badges.Fact{
		Kind: r.Kind, Course: r.Course, CourseName: r.CourseName, Activity: r.Activity, LineItem: r.LineItem, Group: r.Group, Badge: r.Badge,
		Name: r.Name, Threshold: r.Threshold, From: r.From, Until: r.Until, Percent: r.Percent, Grade: (*badges.Grade)(r.Grade), At: r.At, Source: r.Source,
		By: r.By, ConfirmedBy: r.ConfirmedBy, Given: (*badges.GivenEvidence)(r.Given),
	}
}

// gradeRow is the JSON form of a grade, in facts and in evidence.
type gradeRow struct {
	Raw float64 `json:"raw"`
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

func encodeFacts(facts []badges.Fact) (string, error) {
	text, err := json.Marshal(mapped(facts, newFactRow))
	if err != nil {
		return "", fmt.Errorf("write facts: %w", err)
	}
	return string(text), nil
}

func decodeFacts(text string) ([]badges.Fact, error) {
	var rows []factRow
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	return mapped(rows, factRow.fact), nil
}
