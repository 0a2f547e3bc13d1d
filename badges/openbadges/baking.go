package openbadges

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Errors of baking and reading back.
var (
	ErrNotPNG   = errors.New("not a PNG picture")
	ErrNotSVG   = errors.New("not an SVG picture")
	ErrNotBaked = errors.New("the picture carries no badge")
	ErrTwice    = errors.New("the picture carries more than one badge of a generation")
	ErrTooLarge = errors.New("the picture or its badge is too large")
	ErrPayload  = errors.New("this text cannot be baked into a picture")
)

// Bounds of what is baked and read.
const (
	maxPicture = 16 << 20
	maxPayload = 1 << 20
)

// Payloads is what a picture carries: for each generation of Open Badges the
// JSON of a badge, its signed form or, for 2.0, its address. Nil: none.
type Payloads struct {
	OB2 []byte
	OB3 []byte
}

// check returns ErrTooLarge or ErrPayload unless both payloads can be baked.
func (p Payloads) check() error {
	for _, payload := range [][]byte{p.OB2, p.OB3} {
		if len(payload) > maxPayload {
			return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(payload))
		}
		if !carriable(payload) {
			return ErrPayload
		}
	}
	return nil
}

// carriable reports whether PNG and XML can both carry the text: UTF-8 with only
// the characters that XML 1.0 has (section 2.2).
func carriable(text []byte) bool {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n <= 1, r == 0xFFFE, r == 0xFFFF:
			return false
		case r < ' ' && r != '\t' && r != '\n' && r != '\r':
			return false
		}
		text = text[n:]
	}
	return true
}

// isJSON reports whether a payload is the JSON of a badge, and not its signed
// form or address.
func isJSON(payload []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(payload, " \t\r\n"), []byte("{"))
}

// idOf returns the id of the badge in a payload of JSON, or "".
func idOf(payload []byte) string {
	var document struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(payload, &document) != nil {
		return ""
	}
	return document.ID
}

// Blank is a picture without a badge, prepared so that baking only copies it. It
// may be kept and used by several goroutines.
type Blank struct {
	head, tail []byte // the badge comes between them
	write      func(*bytes.Buffer, Payloads)
}

// Bake returns the picture with the payloads in it: ErrPayload or ErrTooLarge if
// it cannot carry them. Without payloads it returns the blank picture.
func (b Blank) Bake(p Payloads) ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(len(b.head) + len(b.tail) + len(p.OB2) + len(p.OB3) + 512)
	out.Write(b.head)
	b.write(&out, p)
	out.Write(b.tail)
	return out.Bytes(), nil
}

// Unbake returns the payloads of a baked PNG or SVG. Errors: ErrNotPNG if it is
// neither, and those of UnbakePNG and UnbakeSVG.
func Unbake(picture []byte) (Payloads, error) {
	if looksLikeSVG(picture) {
		return UnbakeSVG(picture)
	}
	return UnbakePNG(picture)
}

// found collects the payloads of a picture.
type found struct {
	payloads Payloads
	err      error
}

// add notes a payload of a generation, 2 or 3.
func (f *found) add(generation int, payload []byte) {
	into := &f.payloads.OB2
	if generation == 3 {
		into = &f.payloads.OB3
	}
	switch {
	case f.err != nil:
	case *into != nil:
		f.err = ErrTwice
	case len(payload) > maxPayload:
		f.err = ErrTooLarge
	default:
		*into = append([]byte{}, payload...)
	}
}

// result returns what was found, or ErrNotBaked.
func (f *found) result() (Payloads, error) {
	if f.err != nil {
		return Payloads{}, f.err
	}
	if f.payloads.OB2 == nil && f.payloads.OB3 == nil {
		return Payloads{}, ErrNotBaked
	}
	return f.payloads, nil
}
