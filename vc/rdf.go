package vc

import (
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// quad is one RDF statement. An absent graph is the default graph.
type quad struct {
	subject, predicate, object, graph term
}

type termKind byte

const (
	absent termKind = iota
	iri
	blank // value is the label with "_:"
	literal
)

// term is a part of a statement.
type term struct {
	kind               termKind
	value              string
	datatype, language string // of a literal
}

const xsdString = ld.XSDString

// maxQuads bounds the statements of one document. A badge makes about 100.
const maxQuads = 20_000

// statements turns an expanded document into RDF. A statement that is made twice is
// there once.
func statements(expanded []any) ([]quad, error) {
	dataset, err := ld.NewJsonLdApi().ToRDF(expanded, ld.NewJsonLdOptions(""))
	if err != nil {
		return nil, malformed("RDF: %v", err)
	}
	quads := quadsOf(dataset)
	if len(quads) > maxQuads {
		return nil, malformed("the document makes more than %d statements", maxQuads)
	}
	return quads, nil
}

func quadsOf(dataset *ld.RDFDataset) []quad {
	var quads []quad
	for name, triples := range dataset.Graphs {
		graph := graphTerm(name)
		for _, t := range triples {
			quads = append(quads, quad{nodeTerm(t.Subject), nodeTerm(t.Predicate), nodeTerm(t.Object), graph})
		}
	}
	return unique(quads)
}

func unique(quads []quad) []quad {
	seen := make(map[quad]bool, len(quads))
	return slices.DeleteFunc(quads, func(q quad) bool {
		if seen[q] {
			return true
		}
		seen[q] = true
		return false
	})
}

func graphTerm(name string) term {
	switch {
	case name == "@default":
		return term{}
	case strings.HasPrefix(name, "_:"):
		return term{kind: blank, value: name}
	default:
		return term{kind: iri, value: name}
	}
}

func nodeTerm(node ld.Node) term {
	switch node := node.(type) {
	case ld.Literal:
		return term{kind: literal, value: node.Value, datatype: node.Datatype, language: node.Language}
	case ld.BlankNode:
		return term{kind: blank, value: node.Attribute}
	default:
		return term{kind: iri, value: node.GetValue()}
	}
}

// appendQuad writes a statement as a line of canonical N-Quads. label gives the name
// of a blank node.
func appendQuad(line []byte, q *quad, label func(string) string) []byte {
	line = appendTerm(line, &q.subject, label)
	line = append(line, ' ')
	line = appendTerm(line, &q.predicate, label)
	line = append(line, ' ')
	line = appendTerm(line, &q.object, label)
	if q.graph.kind != absent {
		line = append(line, ' ')
		line = appendTerm(line, &q.graph, label)
	}
	return append(line, " .\n"...)
}

func appendTerm(line []byte, t *term, label func(string) string) []byte {
	switch t.kind {
	case blank:
		return append(line, label(t.value)...)
	case literal:
		return appendLiteral(line, t)
	default:
		line = append(line, '<')
		line = append(line, t.value...)
		return append(line, '>')
	}
}

func appendLiteral(line []byte, t *term) []byte {
	line = append(line, '"')
	line = appendEscaped(line, t.value)
	line = append(line, '"')
	switch {
	case t.language != "":
		line = append(line, '@')
		line = append(line, t.language...)
	case t.datatype != xsdString:
		line = append(line, "^^<"...)
		line = append(line, t.datatype...)
		line = append(line, '>')
	}
	return line
}

// appendEscaped writes the text of a literal. parseDocument refuses the control
// characters that would need more escapes.
func appendEscaped(line []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		var escape string
		switch s[i] {
		case '\\':
			escape = `\\`
		case '"':
			escape = `\"`
		case '\n':
			escape = `\n`
		case '\r':
			escape = `\r`
		case '\t':
			escape = `\t`
		default:
			continue
		}
		line = append(line, s[from:i]...)
		line = append(line, escape...)
		from = i + 1
	}
	return append(line, s[from:]...)
}
