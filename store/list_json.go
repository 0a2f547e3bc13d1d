package store

import (
	"encoding/json"
	"fmt"
)

// mapped converts each element of a list. A nil list stays nil: its JSON
// differs from that of an empty one.
func mapped[From, To any](list []From, convert func(From) To) []To {
	if list == nil {
		return nil
	}
	converted := make([]To, len(list))
	for i, v := range list {
		converted[i] = convert(v)
	}
	return converted
}

// encodeList returns a list of ids as JSON; an empty list as an empty text.
func encodeList[T ~string](list []T) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("encode list: %w", err)
	}
	return string(text), nil
}

func decodeList[T ~string](text string) ([]T, error) {
	if text == "" {
		return nil, nil
	}
	var list []T
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	return list, nil
}
