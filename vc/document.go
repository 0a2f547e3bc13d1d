package vc

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of a document. A badge with everything in it is about 10 kB, 8 levels deep
// and has 200 values.
const (
	maxDocument = 2 << 20 // bytes; a picture may be inside, as a data: address
	maxDepth    = 64
	maxValues   = 10_000
)

// parseDocument reads a JSON object. It refuses what two readers could understand
// in different ways: a name that occurs twice, invalid Unicode, control characters,
// numbers that are not written the same everywhere.
func parseDocument(data []byte) (map[string]any, error) {
	if len(data) > maxDocument {
		return nil, malformed("the document has more than %d bytes", maxDocument)
	}
	r := reader{decoder: jsontext.NewDecoder(bytes.NewReader(data))}
	value, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, malformed("something follows the JSON document")
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, malformed("the document is not a JSON object")
	}
	return object, nil
}

// reader builds the tree that json-gold takes: maps, slices, strings, float64, bool, nil.
type reader struct {
	decoder *jsontext.Decoder
	values  int
}

func (r *reader) value(depth int) (any, error) {
	r.values++
	if depth > maxDepth {
		return nil, malformed("the document is nested more than %d levels deep", maxDepth)
	}
	if r.values > maxValues {
		return nil, malformed("the document has more than %d values", maxValues)
	}
	token, err := r.decoder.ReadToken()
	if err != nil {
		return nil, malformed("%v", err)
	}
	switch token.Kind() {
	case '{':
		return r.object(depth)
	case '[':
		return r.array(depth)
	case '"':
		return text(token.String())
	case '0':
		return number(token.String())
	case 't', 'f':
		return token.Bool(), nil
	default:
		return nil, nil // JSON null
	}
}

func (r *reader) object(depth int) (map[string]any, error) {
	object := map[string]any{}
	for r.decoder.PeekKind() != '}' {
		token, err := r.decoder.ReadToken()
		if err != nil {
			return nil, malformed("%v", err)
		}
		name, err := text(token.String())
		if err != nil {
			return nil, err
		}
		if object[name], err = r.value(depth + 1); err != nil {
			return nil, err
		}
	}
	_, err := r.decoder.ReadToken()
	return object, err
}

func (r *reader) array(depth int) ([]any, error) {
	array := []any{}
	for r.decoder.PeekKind() != ']' {
		value, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := r.decoder.ReadToken()
	return array, err
}

// text refuses control characters other than tab and line ends: canonical N-Quads
// escape them, and older libraries do not.
func text(s string) (string, error) {
	for _, r := range s {
		switch {
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return "", malformed("the control character U+%04X in %q", r, shorten(s))
		case r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE:
			return "", malformed("the code point U+%04X, which is no character", r)
		}
	}
	return s, nil
}

// number refuses numbers that libraries write in different ways in RDF: with an
// exponent, very large or small, or with more digits than a float64 keeps.
func number(s string) (float64, error) {
	value, err := strconv.ParseFloat(s, 64)
	digits := strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(s), "0")
	switch {
	case err != nil:
		return 0, malformed("the number %s", shorten(s))
	case strings.ContainsAny(s, "eE"), len(digits) > 15, strings.HasPrefix(s, "-0") && value == 0:
		return 0, malformed("the number %s is not a plain decimal of at most 15 digits", shorten(s))
	case math.Abs(value) >= 1e15, value != 0 && math.Abs(value) < 1e-6:
		return 0, malformed("the number %s is too large or too small", shorten(s))
	}
	return value, nil
}

// shorten returns s for a message.
func shorten(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	cut := most
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
