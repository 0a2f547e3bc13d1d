package vc

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// outline is what remains of a document when its texts are taken out: documents with
// equal outlines become the same statements, apart from these texts.
type outline struct {
	text   []byte         // keys, numbers, and for each text its number and kind of address
	values []string       // the texts, each once, in the order in which they occur
	number map[string]int // place in values
}

// marker is in every placeholder. An outline that has it itself is not used.
const marker = "gap.invalid"

// verbatim has the members of which the text decides how others are understood, or
// that a context translates. They are part of the outline.
var verbatim = map[string]bool{"@context": true, "@type": true, "type": true, "@language": true, "proofPurpose": true}

// addressKinds has the beginnings of addresses that placeholders can stand for. No
// embedded context uses one of them as the short form of another address.
var addressKinds = []string{"https://", "http://", "urn:uuid:", "did:web:", "did:key:", "mailto:", "data:image/"}

// outlineOf returns the outline of a document, or false if it cannot have gaps: it has
// a context of its own, or names blank nodes.
func outlineOf(document map[string]any) (*outline, bool) {
	for _, context := range list(document["@context"]) {
		if _, embedded := context.(string); !embedded {
			return nil, false
		}
	}
	o := &outline{number: map[string]int{}}
	ok := o.add(document, "") && !bytes.Contains(o.text, []byte(marker))
	return o, ok
}

func (o *outline) add(value any, member string) bool {
	switch value := value.(type) {
	case map[string]any:
		return o.addObject(value, member)
	case []any:
		o.text = append(o.text, '[')
		for _, item := range value {
			if !o.add(item, member) {
				return false
			}
		}
		o.text = append(o.text, ']')
		return true
	case string:
		if verbatim[member] {
			o.text = strconv.AppendQuote(o.text, value)
			return true
		}
		return o.addText(value)
	default:
		text, err := json.Marshal(value)
		o.text = append(append(o.text, text...), ',')
		return err == nil
	}
}

// addObject adds an object. One inside of a verbatim member, such as a context within a
// context, is not understood here.
func (o *outline) addObject(object map[string]any, member string) bool {
	if verbatim[member] {
		return false
	}
	o.text = append(o.text, '{')
	for _, name := range slices.Sorted(maps.Keys(object)) {
		o.text = strconv.AppendQuote(o.text, name)
		if !o.add(object[name], name) {
			return false
		}
	}
	o.text = append(o.text, '}')
	return true
}

func (o *outline) addText(value string) bool {
	if strings.HasPrefix(value, "_:") {
		return false
	}
	number, seen := o.number[value]
	if !seen {
		number = len(o.values)
		o.number[value] = number
		o.values = append(o.values, value)
	}
	o.text = append(o.text, '<')
	o.text = append(o.text, addressKind(value)...)
	o.text = strconv.AppendInt(o.text, int64(number), 10)
	o.text = append(o.text, '>')
	return true
}

// addressKind returns the beginning of an address, or "" for another text.
func addressKind(value string) string {
	for _, kind := range addressKinds {
		if strings.HasPrefix(value, kind) {
			return kind
		}
	}
	return ""
}
