package vc

import (
	"maps"
	"slices"
	"strconv"

	"github.com/piprate/json-gold/ld"
)

// maxQuads bounds the statements of one document. A badge makes about 100.
const maxQuads = 20_000

// statements turns an expanded document, which expand has checked, into RDF (JSON-LD
// 1.1 API, section 8.1). A statement that is made twice is there once.
func statements(expanded []any) ([]quad, error) {
	// The node map has for each graph its nodes, and for each node its values by property.
	graphs := map[string]any{"@default": map[string]any{}}
	b := builder{issuer: ld.NewIdentifierIssuer("_:b")}
	if _, err := ld.NewJsonLdApi().GenerateNodeMap(expanded, graphs, "@default", b.issuer, "", "", nil); err != nil {
		return nil, malformed("RDF: %v", err)
	}
	for _, name := range slices.Sorted(maps.Keys(graphs)) {
		b.graph = term{}
		if name != "@default" {
			b.graph = idTerm(name)
		}
		if err := b.addGraph(graphs[name]); err != nil {
			return nil, err
		}
	}
	if len(b.quads) > maxQuads {
		return nil, malformed("the document makes more than %d statements", maxQuads)
	}
	return unique(b.quads), nil
}

// builder collects the statements of one graph after the other.
type builder struct {
	quads  []quad
	graph  term
	issuer *ld.IdentifierIssuer // of blank nodes
}

func (b *builder) add(subject term, predicate string, object term) {
	b.quads = append(b.quads, quad{subject: subject, predicate: term{kind: iri, value: predicate}, object: object, graph: b.graph})
}

func (b *builder) addGraph(graph any) error {
	nodes, ok := graph.(map[string]any)
	if !ok {
		return malformed("a graph without nodes")
	}
	for _, id := range slices.Sorted(maps.Keys(nodes)) {
		properties, ok := nodes[id].(map[string]any)
		if !ok {
			return malformed("a node without properties")
		}
		for _, property := range slices.Sorted(maps.Keys(properties)) {
			if err := b.addProperty(idTerm(id), property, properties[property]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) addProperty(subject term, property string, values any) error {
	if property == "@id" {
		return nil
	}
	if property == "@type" {
		property = ld.RDFType
	}
	for _, value := range list(values) {
		object, err := b.object(value)
		if err != nil {
			return err
		}
		b.add(subject, property, object)
	}
	return nil
}

// object returns the term of a value: of a type, a reference, a list or a literal.
func (b *builder) object(value any) (term, error) {
	switch value := value.(type) {
	case string: // a type
		return idTerm(value), nil
	case map[string]any:
		if id, ok := value["@id"].(string); ok {
			return idTerm(id), nil
		}
		if items, ok := value["@list"].([]any); ok {
			return b.list(items)
		}
		return literalTerm(value)
	default:
		return term{}, malformed("a value that is neither text, object nor list")
	}
}

// list adds the statements of a list, and returns its first node.
func (b *builder) list(items []any) (term, error) {
	next := term{kind: iri, value: ld.RDFNil}
	for i := len(items) - 1; i >= 0; i-- {
		object, err := b.object(items[i])
		if err != nil {
			return term{}, err
		}
		node := term{kind: blank, value: b.issuer.GetId("")}
		b.add(node, ld.RDFFirst, object)
		b.add(node, ld.RDFRest, next)
		next = node
	}
	return next, nil
}

// literalTerm writes a value as text (section 8.2.2).
func literalTerm(object map[string]any) (term, error) {
	datatype := str(object["@type"])
	t := term{kind: literal, datatype: datatype, language: str(object["@language"])}
	kind := ld.XSDString
	switch value := object["@value"].(type) {
	case string:
		t.value = value
	case bool:
		t.value, kind = strconv.FormatBool(value), ld.XSDBoolean
	case float64:
		if whole := int64(value); value == float64(whole) && datatype != ld.XSDDouble {
			t.value, kind = strconv.FormatInt(whole, 10), ld.XSDInteger
		} else {
			t.value, kind = ld.GetCanonicalDouble(value), ld.XSDDouble
		}
	default:
		return term{}, malformed("a literal that is neither text, number nor truth value")
	}
	switch {
	case t.language != "":
		t.datatype = ld.RDFLangString
	case datatype == "":
		t.datatype = kind
	}
	return t, nil
}
