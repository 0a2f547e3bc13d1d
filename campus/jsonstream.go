package campus

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
)

// stream is an answer with a list that may be too long for memory. Its elements are
// made one at a time, while the elements before are sent. Each is made under the
// campus's lock, so a list may change while it is read, as in Moodle.
type stream struct {
	name    string // name of the member that is the list; empty: the whole answer is the list
	count   int
	element func(i int) any
	rest    object // the other members
}

// writeTo writes the answer as JSON. It makes the elements inside locked.
func (s stream) writeTo(w io.Writer, locked func(func())) error {
	p := newPrinter(w)
	if s.name != "" {
		p.text("{")
		for _, member := range slices.Sorted(maps.Keys(s.rest)) {
			p.value(member)
			p.text(":")
			p.value(s.rest[member])
			p.text(",")
		}
		p.value(s.name)
		p.text(":")
	}
	p.text("[")
	for i := 0; i < s.count && p.err == nil; i++ {
		if i > 0 {
			p.text(",")
		}
		var element any
		locked(func() { element = s.element(i) })
		p.value(element)
	}
	p.text("]")
	if s.name != "" {
		p.text("}")
	}
	return p.err
}

// MarshalJSON returns the complete answer. The caller must hold the lock.
func (s stream) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := s.writeTo(&b, func(make func()) { make() })
	return b.Bytes(), err
}

// jsonPrinter writes parts of JSON until the first error. Like the recordings, it does
// not escape HTML.
type jsonPrinter struct {
	w       io.Writer
	encoder *json.Encoder
	err     error
}

func newPrinter(w io.Writer) *jsonPrinter {
	p := &jsonPrinter{w: w, encoder: json.NewEncoder(w)}
	p.encoder.SetEscapeHTML(false)
	return p
}

func (p *jsonPrinter) text(s string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, s)
	}
}

func (p *jsonPrinter) value(v any) {
	if p.err == nil {
		p.err = p.encoder.Encode(v)
	}
}
