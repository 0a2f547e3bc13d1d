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

// idTerm returns the term of an address or of the label of a blank node.
func idTerm(id string) term {
	if strings.HasPrefix(id, "_:") {
		return term{kind: blank, value: id}
	}
	return term{kind: iri, value: id}
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
