package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
)

// Outline returns what rules of a course can ask about, as of the last reading;
// an empty outline before the first.
func (r reads) Outline(ctx context.Context, key badges.CourseKey) (badges.Outline, error) {
	var text string
	err := notFound(r.q.QueryRowContext(ctx, `select outline from outlines where platform_id = $1 and context_id = $2`,
		key.Platform, key.Context).Scan(&text), "outline")
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return badges.Outline{}, nil
		}
		return badges.Outline{}, err
	}
	return decodeOutline(text)
}

// SaveOutline replaces what rules of a course can ask about.
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

// encodeOutline writes an outline as it is stored.
func encodeOutline(outline badges.Outline) (string, error) {
	text, err := json.Marshal(outline)
	if err != nil {
		return "", fmt.Errorf("write outline: %w", err)
	}
	return string(text), nil
}

func decodeOutline(text string) (badges.Outline, error) {
	var outline badges.Outline
	if err := json.Unmarshal([]byte(text), &outline); err != nil {
		return badges.Outline{}, fmt.Errorf("read outline: %w", err)
	}
	return outline, nil
}
