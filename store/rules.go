package store

import (
	"encoding/json"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
)

// encodeRule writes a rule as it is stored.
func encodeRule(rule badges.Rule) (string, error) {
	text, err := json.Marshal(rule)
	if err != nil {
		return "", fmt.Errorf("write rule: %w", err)
	}
	return string(text), nil
}

func decodeRule(text string) (badges.Rule, error) {
	var rule badges.Rule
	if err := json.Unmarshal([]byte(text), &rule); err != nil {
		return badges.Rule{}, fmt.Errorf("read rule: %w", err)
	}
	return rule, nil
}
