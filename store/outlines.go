package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

// Outline returns what the rules of a course can ask about, as last read; empty
// before the first reading.
func (r reads) Outline(ctx context.Context, key badges.CourseKey) (badges.Outline, error) {
	var text string
	err := notFound(r.q.QueryRowContext(ctx, `select outline from outlines where platform_id = $1 and context_id = $2`,
		key.Platform, key.Context).Scan(&text), "outline")
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return badges.Outline{}, nil
		}
		return badges.Outline{}, err
	}
	return decodeOutline(text)
}

// SaveOutline replaces what the rules of a course can ask about.
func (tx *Tx) SaveOutline(ctx context.Context, key badges.CourseKey, outline badges.Outline) error {
	text, err := encodeOutline(outline)
	if err != nil {
		return err
	}
	_, err = tx.q.ExecContext(ctx, `
		insert into outlines (platform_id, context_id, outline) values ($1, $2, $3)
		on conflict (platform_id, context_id) do update set outline = excluded.outline`, key.Platform, key.Context, text)
	if err != nil {
		return fmt.Errorf("write outline: %w", err)
	}
	return nil
}

// outlineRow is the JSON form of an outline, without the parts of other
// courses.
type outlineRow struct {
	Activities []activityRow     `json:"activities,omitempty"`
	Groups     []groupRow        `json:"groups,omitempty"`
	LineItems  []lineItemRow     `json:"line_items,omitempty"`
	Unread     []badges.RuleKind `json:"unread,omitempty"`
}

type activityRow struct {
	ID         badges.ActivityID `json:"ID"`
	Name       string            `json:"Name"`
	Module     string            `json:"Module"`
	Section    string            `json:"Section"`
	Completion bool              `json:"Completion"`
	Graded     bool              `json:"Graded"`
}

type groupRow struct {
	ID   badges.GroupID `json:"ID"`
	Name string         `json:"Name"`
}

type lineItemRow struct {
	ID   badges.LineItemID `json:"ID"`
	Name string            `json:"Name"`
}

func newOutlineRow(o badges.Outline) outlineRow {
	return outlineRow{
		Activities: mapped(o.Activities, func(a badges.Activity) activityRow { return activityRow(a) }),
		Groups:     mapped(o.Groups, func(g badges.Group) groupRow { return groupRow(g) }),
		LineItems:  mapped(o.LineItems, func(i badges.LineItem) lineItemRow { return lineItemRow(i) }),
		Unread:     o.Unread,
	}
}

func (r outlineRow) outline() badges.Outline {
	return badges.Outline{
		Activities: mapped(r.Activities, func(a activityRow) badges.Activity { return badges.Activity(a) }),
		Groups:     mapped(r.Groups, func(g groupRow) badges.Group { return badges.Group(g) }),
		LineItems:  mapped(r.LineItems, func(i lineItemRow) badges.LineItem { return badges.LineItem(i) }),
		Unread:     r.Unread,
	}
}

func encodeOutline(outline badges.Outline) (string, error) {
	text, err := json.Marshal(newOutlineRow(outline))
	if err != nil {
		return "", fmt.Errorf("write outline: %w", err)
	}
	return string(text), nil
}

func decodeOutline(text string) (badges.Outline, error) {
	var row outlineRow
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		return badges.Outline{}, fmt.Errorf("read outline: %w", err)
	}
	return row.outline(), nil
}
