package vc

import (
	"slices"
	"strconv"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// shape is the statements of all documents with one outline.
type shape struct {
	quads []quad
	gaps  []gap
	ids   []int           // numbers of the values that are addresses
	fixed map[string]bool // texts of the statements outside of gaps
}

// maxShape bounds the statements of a shape, and so the memory of a Signer.
const maxShape = 1000

// gap is a place of a statement that takes a value of the document.
type gap struct {
	quad  int
	part  func(*quad) *term
	value int
}

// newShape makes the statements of a document in which placeholders stand for its
// texts. It returns nil if a placeholder does not come out as it went in: then the
// text has an influence that the outline does not show.
func newShape(document map[string]any, o *outline) *shape {
	placed, _ := o.placed(document, "").(map[string]any)
	expanded, err := expand(placed)
	if err != nil {
		return nil
	}
	quads, err := statements(expanded)
	if err != nil || len(quads) > maxShape {
		return nil
	}
	s := &shape{quads: quads, fixed: map[string]bool{}}
	if !s.findGaps(o) {
		return nil
	}
	return s
}

// placed returns a copy of a document with placeholders in place of its texts.
func (o *outline) placed(value any, member string) any {
	switch value := value.(type) {
	case map[string]any:
		object := make(map[string]any, len(value))
		for name, item := range value {
			object[name] = o.placed(item, name)
		}
		return object
	case []any:
		array := make([]any, len(value))
		for i, item := range value {
			array[i] = o.placed(item, member)
		}
		return array
	case string:
		if verbatim[member] {
			return value
		}
		return addressKind(value) + marker + "/" + strconv.Itoa(o.number[value])
	default:
		return value
	}
}

func subjectOf(q *quad) *term { return &q.subject }
func objectOf(q *quad) *term  { return &q.object }
func graphOf(q *quad) *term   { return &q.graph }

// findGaps notes where the placeholders are. It reports whether each is there, and
// nothing else depends on one.
func (s *shape) findGaps(o *outline) bool {
	placeholders := make(map[string]int, len(o.values))
	for number, value := range o.values {
		placeholders[addressKind(value)+marker+"/"+strconv.Itoa(number)] = number
	}
	found := make([]bool, len(o.values))
	for i := range s.quads {
		if !s.findGapsOf(i, placeholders, found) {
			return false
		}
	}
	return !slices.Contains(found, false)
}

func (s *shape) findGapsOf(i int, placeholders map[string]int, found []bool) bool {
	q := &s.quads[i]
	if q.predicate.value == ld.RDFFirst || strings.Contains(q.predicate.value, marker) {
		return false
	}
	for _, part := range [...]func(*quad) *term{subjectOf, objectOf, graphOf} {
		t := part(q)
		number, is := placeholders[t.value]
		if !is {
			s.fixed[t.value] = true
			if strings.Contains(t.value+t.datatype+t.language, marker) {
				return false
			}
			continue
		}
		if q.predicate.value == ld.RDFType && t == &q.object {
			return false // a type can bring a context
		}
		found[number] = true
		s.gaps = append(s.gaps, gap{quad: i, part: part, value: number})
		if t.kind == iri && !slices.Contains(s.ids, number) {
			s.ids = append(s.ids, number)
		}
		if strings.Contains(t.datatype+t.language, marker) {
			return false
		}
	}
	return true
}

// fill returns the statements with the values of a document.
func (s *shape) fill(values []string) ([]quad, error) {
	for _, number := range s.ids {
		if err := checkIRI(values[number]); err != nil {
			return nil, err
		}
	}
	quads := slices.Clone(s.quads)
	for _, g := range s.gaps {
		g.part(&quads[g.quad]).value = values[g.value]
	}
	// Different gaps have different values. So a statement can be there twice only if a
	// value is equal to a text outside of gaps.
	if slices.ContainsFunc(values, func(value string) bool { return s.fixed[value] }) {
		return unique(quads), nil
	}
	return quads, nil
}
