package vc

import "github.com/piprate/json-gold/ld"

// CanonicalStatements names the blank nodes of N-Quads and sorts them, without the
// way from JSON-LD.
func CanonicalStatements(nquads string) ([]byte, error) {
	dataset, err := ld.ParseNQuads(nquads)
	if err != nil {
		return nil, err
	}
	var quads []quad
	for name, triples := range dataset.Graphs {
		graph := term{}
		if name != "@default" {
			graph = idTerm(name)
		}
		for _, t := range triples {
			quads = append(quads, quad{nodeTerm(t.Subject), nodeTerm(t.Predicate), nodeTerm(t.Object), graph})
		}
	}
	return canonicalQuads(unique(quads))
}

func nodeTerm(node ld.Node) term {
	if l, ok := node.(ld.Literal); ok {
		return term{kind: literal, value: l.Value, datatype: l.Datatype, language: l.Language}
	}
	return idTerm(node.GetValue())
}

// MaxShapes is the most that a Signer remembers.
const MaxShapes = maxShapes

// Remembers returns how many shapes a Signer remembers, and for how many of them it
// fills gaps.
func (s *Signer) Remembers() (shapes, usable int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, known := range s.shapes {
		if known != nil {
			usable++
		}
	}
	return len(s.shapes), usable
}

// Canonicalise does what the function Canonicalise does.
func (s *Signer) Canonicalise(document []byte) ([]byte, error) {
	parsed, err := parseDocument(document)
	if err != nil {
		return nil, err
	}
	return s.canonicalise(parsed)
}
