package store

import (
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

// alignmentRow is the stored JSON form of an alignment.
type alignmentRow struct {
	Name      string `json:"name"`
	Framework string `json:"framework,omitempty"`
	Code      string `json:"code,omitempty"`
	URL       string `json:"url"`
}

// translationRow is the stored JSON form of the texts in another language.
type translationRow struct {
	Language    string `json:"language"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Criteria    string `json:"criteria,omitempty"`
}

func encodeAlignments(list []badges.Alignment) (string, error) {
	return encodeRows(list, func(a badges.Alignment) alignmentRow { return alignmentRow(a) })
}

func decodeAlignments(text string) ([]badges.Alignment, error) {
	return decodeRows(text, func(r alignmentRow) badges.Alignment { return badges.Alignment(r) })
}

func encodeTranslations(list []badges.Translation) (string, error) {
	return encodeRows(list, func(t badges.Translation) translationRow { return translationRow(t) })
}

func decodeTranslations(text string) ([]badges.Translation, error) {
	return decodeRows(text, func(r translationRow) badges.Translation { return badges.Translation(r) })
}

// encodeRows returns a list as JSON; an empty list as an empty text.
func encodeRows[T, Row any](list []T, row func(T) Row) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, err := json.Marshal(mapped(list, row))
	if err != nil {
		return "", fmt.Errorf("encode list: %w", err)
	}
	return string(text), nil
}

func decodeRows[T, Row any](text string, value func(Row) T) ([]T, error) {
	if text == "" {
		return nil, nil
	}
	var rows []Row
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	return mapped(rows, value), nil
}
