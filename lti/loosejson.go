package lti

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Platforms differ in the JSON types of their answers. Signed content is read strictly;
// an answer to one of our requests need not be.

// looseText is a text, or a number as text. Every other value is read as empty, also
// text with a NUL, which databases refuse.
type looseText string

func (t *looseText) UnmarshalJSON(raw []byte) error {
	var s string
	var n json.Number
	switch {
	case json.Unmarshal(raw, &s) == nil && !strings.ContainsRune(s, 0):
		*t = looseText(s)
	case raw[0] != '"' && json.Unmarshal(raw, &n) == nil:
		*t = looseText(n)
	default:
		*t = ""
	}
	return nil
}

// looseTexts is a list of texts, or a single text. Other values in the list are left
// out.
type looseTexts []string

func (t *looseTexts) UnmarshalJSON(raw []byte) error {
	var list []looseText
	if json.Unmarshal(raw, &list) != nil {
		var one looseText
		_ = one.UnmarshalJSON(raw)
		list = []looseText{one}
	}
	*t = make(looseTexts, 0, len(list))
	for _, s := range list {
		if s != "" {
			*t = append(*t, string(s))
		}
	}
	return nil
}

// looseNumber is a number, which may be written as text; nil if it is null or empty.
type looseNumber struct{ value *float64 }

var errNoNumber = errors.New("not a number")

func (n *looseNumber) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		raw = bytes.TrimSpace([]byte(s))
	}
	n.value = nil
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	// JSON has neither NaN nor infinity, so parsing the text as JSON refuses them.
	if json.Unmarshal(raw, &n.value) != nil {
		return errNoNumber
	}
	return nil
}

// or returns the number; other if there is none.
func (n looseNumber) or(other float64) float64 {
	if n.value == nil {
		return other
	}
	return *n.value
}
