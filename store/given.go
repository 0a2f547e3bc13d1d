package store

import (
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

// encodeGiven writes what a teacher gave as evidence as it is stored.
func encodeGiven(given badges.GivenEvidence) (string, error) {
	text, err := json.Marshal(given)
	if err != nil {
		return "", fmt.Errorf("write evidence: %w", err)
	}
	return string(text), nil
}

func decodeGiven(text string) (badges.GivenEvidence, error) {
	var given badges.GivenEvidence
	if err := json.Unmarshal([]byte(text), &given); err != nil {
		return badges.GivenEvidence{}, fmt.Errorf("read evidence: %w", err)
	}
	return given, nil
}
