package lti

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// claims are the members of a JSON object by their exact names. encoding/json ignores
// case when it fills the fields of a struct.
type claims map[string]jsontext.Value

// parseClaims reads one JSON object. It refuses names that occur twice anywhere, and
// invalid UTF-8; both are defaults of the library. Two readers of such a token may see
// two different tokens.
func parseClaims(raw []byte) (claims, error) {
	var c claims
	if containsNUL(raw) || jsonv2.Unmarshal(raw, &c) != nil || c == nil {
		return nil, refuse(TokenMalformed)
	}
	return c, nil
}

// containsNUL reports whether a text in valid JSON contains the character NUL. Some
// software takes NUL for the end of the text, and databases refuse it.
func containsNUL(raw []byte) bool {
	return bytes.Contains(bytes.ReplaceAll(raw, []byte(`\\`), nil), []byte(`\u0000`))
}

// text returns a string claim; empty if absent.
func (c claims) text(name string) (string, error) {
	var s string
	return s, c.into(name, &s)
}

// object returns a claim that is an object; nil if absent. An empty list counts as an
// empty object, because PHP writes it so.
func (c claims) object(name string) (claims, error) {
	if string(c[name]) == "[]" {
		return nil, nil
	}
	var o claims
	return o, c.into(name, &o)
}

// into decodes a claim of any shape into v. It does not change v if the claim is absent
// or null.
func (c claims) into(name string, v any) error {
	raw, ok := c[name]
	if !ok || string(raw) == "null" {
		return nil
	}
	if json.Unmarshal(raw, v) != nil {
		// The decoder's error is not passed on, because it quotes the value.
		return &Error{Reason: TokenMalformed, Detail: fmt.Sprintf("claim %s has the wrong type", name)}
	}
	return nil
}

// texts reads several string claims.
func (c claims) texts(fields map[string]*string) error {
	for name, field := range fields {
		if err := c.into(name, field); err != nil {
			return err
		}
	}
	return nil
}

// timestamp reads a NumericDate (RFC 7519, section 2) in whole seconds. It returns the
// zero time if the claim is absent.
func (c claims) timestamp(name string) (time.Time, error) {
	raw, ok := c[name]
	if !ok || string(raw) == "null" {
		return time.Time{}, nil
	}
	var seconds float64
	if err := c.into(name, &seconds); err != nil {
		return time.Time{}, err
	}
	if math.Abs(seconds) > 1<<40 { // a difference of such times does not fit into time.Duration
		return time.Time{}, refuse(TokenMalformed)
	}
	return time.Unix(int64(seconds), 0), nil
}
