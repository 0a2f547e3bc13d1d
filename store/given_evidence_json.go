package store

import (
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

// givenRow is the JSON form of the evidence that a teacher gave, in a proposal
// and in a fact.
type givenRow struct {
	Text  string   `json:"text,omitempty"`
	Links []string `json:"links,omitempty"`
}

func encodeGiven(given badges.GivenEvidence) (string, error) {
	text, err := json.Marshal(givenRow(given))
	if err != nil {
		return "", fmt.Errorf("write evidence: %w", err)
	}
	return string(text), nil
}

func decodeGiven(text string) (badges.GivenEvidence, error) {
	var row givenRow
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		return badges.GivenEvidence{}, fmt.Errorf("read evidence: %w", err)
	}
	return badges.GivenEvidence(row), nil
}
