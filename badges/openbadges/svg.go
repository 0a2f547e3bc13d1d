package openbadges

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
)

// Names of the elements that carry a badge. Both standards use the prefix
// "openbadges". Some readers compare the prefix, others the namespace, so every
// element has the prefix of its standard, and declares it where the root says
// otherwise: see docs/decisions/baked-svg.md.
const (
	namespaceSVG = "http://www.w3.org/2000/svg"
	namespace2   = "http://openbadges.org"
	namespace3   = "https://purl.imsglobal.org/ob/v3p0"
	prefix       = "openbadges"
	maxDepth     = 500
)

// carrier returns 2 or 3 if an element carries a badge, else 0.
func carrier(name xml.Name) int {
	switch name {
	case xml.Name{Space: namespace2, Local: "assertion"}:
		return 2
	case xml.Name{Space: namespace3, Local: "credential"}:
		return 3
	}
	return 0
}

func looksLikeSVG(picture []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(picture, []byte("\ufeff")), " \t\r\n"), []byte("<"))
}

// span is a part of a picture: from the first byte up to, but without, the last.
type span struct{ from, to int }

// outline is what baking has to know of an SVG.
type outline struct {
	root      span   // the start tag of the root
	name      string // the root's name, with its prefix
	closed    bool   // the root is written <svg/>
	namespace string // what the root declares for the prefix, or ""
	badges    []span
}

// walk calls visit for each token of an SVG, with the place of the token. A
// document type declaration may name the standard, as drawing programs write it,
// and nothing is fetched. One that defines entities is refused.
func walk(svg []byte, visit func(xml.Token, span) error) error {
	if len(svg) > maxPicture {
		return ErrTooLarge
	}
	if !looksLikeSVG(svg) {
		return ErrNotSVG
	}
	d := xml.NewDecoder(bytes.NewReader(svg))
	depth, rooted := 0, false
	for {
		from := int(d.InputOffset())
		token, err := d.Token()
		if errors.Is(err, io.EOF) && rooted {
			return nil
		}
		if err != nil {
			return ErrNotSVG
		}
		switch t := token.(type) {
		case xml.Directive:
			if rooted || bytes.ContainsAny(t, "[<>") {
				return ErrNotSVG
			}
		case xml.StartElement:
			if depth++; depth > maxDepth || depth == 1 && (rooted || t.Name != xml.Name{Space: namespaceSVG, Local: "svg"}) {
				return ErrNotSVG
			}
			rooted = true
		case xml.EndElement:
			depth--
		}
		if err := visit(token, span{from, int(d.InputOffset())}); err != nil {
			return err
		}
	}
}

// outlineOf finds the root of an SVG and the badges in it.
func outlineOf(svg []byte) (outline, error) {
	var o outline
	depth, inside := 0, 0 // inside: depth of the badge that is being read
	err := walk(svg, func(token xml.Token, at span) error {
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				o.open(svg, t, at)
			} else if inside == 0 && carrier(t.Name) != 0 {
				inside = depth
				o.badges = append(o.badges, at)
			}
		case xml.EndElement:
			if depth == inside {
				o.badges[len(o.badges)-1].to = at.to
				inside = 0
			}
			depth--
		}
		return nil
	})
	return o, err
}

// open notes the start tag of the root.
func (o *outline) open(svg []byte, t xml.StartElement, at span) {
	tag := svg[at.from:at.to]
	o.root = at
	o.closed = bytes.HasSuffix(tag, []byte("/>"))
	o.name = string(tag[1 : 1+bytes.IndexAny(tag[1:], " \t\r\n/>")])
	for _, a := range t.Attr {
		if a.Name == (xml.Name{Space: "xmlns", Local: prefix}) {
			o.namespace = a.Value
		}
	}
}

// NewBlankSVG returns an SVG without the badge that it may carry. It keeps all
// other elements as they are. Errors: ErrNotSVG, ErrTooLarge.
func NewBlankSVG(svg []byte) (Blank, error) {
	o, err := outlineOf(svg)
	if err != nil {
		return Blank{}, err
	}
	end := o.root.to - len(">")
	if o.closed {
		end = o.root.to - len("/>")
	}
	head := slices.Clone(svg[:end])
	var tail bytes.Buffer
	tail.Grow(len(svg))
	at := o.root.to
	for _, badge := range o.badges {
		tail.Write(svg[at:badge.from])
		at = badge.to
	}
	if o.closed {
		tail.WriteString("</" + o.name + ">")
	}
	tail.Write(svg[at:])
	return Blank{head: head, tail: tail.Bytes(), write: elements(o.namespace)}, nil
}

// BakeSVG returns the SVG with the payloads as first elements of its root. It
// replaces badges that are already in the picture. Errors: ErrNotSVG,
// ErrTooLarge, ErrPayload.
func BakeSVG(svg []byte, p Payloads) ([]byte, error) {
	blank, err := NewBlankSVG(svg)
	if err != nil {
		return nil, err
	}
	return blank.Bake(p)
}
