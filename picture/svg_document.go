package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Bounds of an SVG. A badge drawn by hand has tens of shapes, one exported from
// a drawing program hundreds.
const (
	maxDepth    = 32
	maxElements = 2000
)

// document is an SVG of which every element and attribute was understood.
type document struct {
	root      *element
	gradients map[string]*element
}

// element is one element. Each declaration of its style attribute is an attribute
// of its own here.
type element struct {
	name     string
	attrs    []attribute
	children []*element
	text     string // of title and desc
}

type attribute struct{ name, value string }

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// reader builds a document from tokens.
type reader struct {
	tokens *xml.Decoder
	open   []*element
	root   *element
	count  int
}

// readSVG parses strictly: it refuses a document type, an unknown entity and a
// broken tag. Go's parser expands no declared entities, so that none can grow.
func readSVG(raw []byte) (*document, error) {
	r := &reader{tokens: xml.NewDecoder(bytes.NewReader(raw))}
	for {
		token, err := r.tokens.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, refuse("picture.svg_broken", err)
		}
		if err := r.take(token); err != nil {
			return nil, err
		}
	}
	if r.root == nil {
		return nil, fault.New(fault.Invalid, "picture.format")
	}
	doc := &document{root: r.root, gradients: map[string]*element{}}
	return doc, doc.link()
}

func (r *reader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return fault.New(fault.Invalid, "picture.svg_doctype")
	case xml.ProcInst:
		if t.Target != "xml" {
			return fault.New(fault.Invalid, "picture.svg_reference")
		}
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		r.open = r.open[:len(r.open)-1]
	case xml.CharData:
		if top := r.top(); top != nil && (top.name == "title" || top.name == "desc") {
			top.text += string(t)
		}
	}
	return nil
}

func (r *reader) top() *element {
	if len(r.open) == 0 {
		return nil
	}
	return r.open[len(r.open)-1]
}

func (r *reader) start(t xml.StartElement) error {
	r.count++
	if len(r.open) >= maxDepth || r.count > maxElements {
		return fault.New(fault.Invalid, "picture.svg_complex")
	}
	if len(r.open) == 0 && r.root != nil {
		return refuse("picture.svg_broken", errors.New("a second root"))
	}
	keep, err := judgeElement(t.Name, r.top())
	if err != nil {
		return err
	}
	if !keep {
		if err := r.tokens.Skip(); err != nil {
			return refuse("picture.svg_broken", err)
		}
		return nil
	}
	e := &element{name: t.Name.Local}
	if e.attrs, err = judgeAttributes(t.Attr); err != nil {
		return err
	}
	if top := r.top(); top != nil {
		top.children = append(top.children, e)
	} else {
		r.root = e
	}
	r.open = append(r.open, e)
	return nil
}

// bytes returns the document as a newly written SVG.
func (d *document) bytes() []byte {
	var b strings.Builder
	d.root.write(&b)
	return []byte(b.String())
}

func (e *element) write(b *strings.Builder) {
	b.WriteString("<" + e.name)
	if e.name == "svg" {
		b.WriteString(` xmlns="` + svgSpace + `"`)
	}
	for _, a := range e.attrs {
		b.WriteString(" " + a.name + `="` + escape(a.value) + `"`)
	}
	if len(e.children) == 0 && e.text == "" {
		b.WriteString("/>")
		return
	}
	b.WriteString(">" + escape(e.text))
	for _, c := range e.children {
		c.write(b)
	}
	b.WriteString("</" + e.name + ">")
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // a strings.Builder does not fail
	}
	return b.String()
}
