package store

import (
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

// encodeFacts writes the facts of an assertion as they are stored.
func encodeFacts(facts []badges.Fact) (string, error) {
	text, err := json.Marshal(facts)
	if err != nil {
		return "", fmt.Errorf("write facts: %w", err)
	}
	return string(text), nil
}

func decodeFacts(text string) ([]badges.Fact, error) {
	var facts []badges.Fact
	if err := json.Unmarshal([]byte(text), &facts); err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	return facts, nil
}
