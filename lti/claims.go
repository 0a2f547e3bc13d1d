package lti

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// claims are the members of a JSON object by their exact names; encoding/json
// would match struct fields whatever the case.
type claims map[string]json.RawMessage

// parseClaims reads one JSON object, refusing names that occur twice anywhere:
// two readers of such a token may see two different tokens.
func parseClaims(raw []byte) (claims, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if !utf8.Valid(raw) || checkValue(d, 0) != nil {
		return nil, refuse(TokenMalformed)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, refuse(TokenMalformed)
	}
	var c claims
	if err := json.Unmarshal(raw, &c); err != nil || c == nil {
		return nil, refuse(TokenMalformed)
	}
	return c, nil
}

const maxDepth = 32

var errAmbiguous = errors.New("JSON that readers may understand differently")

// checkValue consumes one JSON value.
func checkValue(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case string:
		if strings.ContainsRune(t, 0) {
			return errAmbiguous // ends the string for some, and databases refuse it
		}
	case json.Delim:
		if depth == maxDepth {
			return errAmbiguous
		}
		return checkMembers(d, t, depth+1)
	}
	return nil
}

// checkMembers consumes what stands in an object or a list, and its end.
func checkMembers(d *json.Decoder, kind json.Delim, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		if kind == '{' {
			token, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := token.(string)
			if seen[name] || strings.ContainsRune(name, 0) {
				return errAmbiguous
			}
			seen[name] = true
		}
		if err := checkValue(d, depth); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// text returns a string claim, empty when absent.
func (c claims) text(name string) (string, error) {
	var s string
	return s, c.into(name, &s)
}

// object returns a claim that is an object, nil when absent. A list without
// members is PHP's way to write an object without members.
func (c claims) object(name string) (claims, error) {
	if string(c[name]) == "[]" {
		return nil, nil
	}
	var o claims
	return o, c.into(name, &o)
}

// into decodes a claim of any shape, leaving v alone when it is absent or null.
func (c claims) into(name string, v any) error {
	raw, ok := c[name]
	if !ok || string(raw) == "null" {
		return nil
	}
	if json.Unmarshal(raw, v) != nil {
		// The decoder's error quotes the value: it stays here.
		return &Error{Reason: TokenMalformed, Detail: fmt.Sprintf("claim %s has the wrong type", name)}
	}
	return nil
}

// texts reads several string claims at once.
func (c claims) texts(fields map[string]*string) error {
	for name, field := range fields {
		if err := c.into(name, field); err != nil {
			return err
		}
	}
	return nil
}

// instant reads a NumericDate (RFC 7519, section 2), in whole seconds. The
// time is zero when the claim is absent.
func (c claims) instant(name string) (time.Time, error) {
	raw, ok := c[name]
	if !ok || string(raw) == "null" {
		return time.Time{}, nil
	}
	var seconds float64
	if err := c.into(name, &seconds); err != nil {
		return time.Time{}, err
	}
	if math.Abs(seconds) > 1<<40 { // beyond what time.Duration can subtract sensibly
		return time.Time{}, refuse(TokenMalformed)
	}
	return time.Unix(int64(seconds), 0), nil
}
