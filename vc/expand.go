package vc

import (
	"errors"
	"regexp"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// expand applies the contexts of a document: the result has full addresses in place
// of terms. It refuses a document of which any part would be lost on the way to RDF.
func expand(document map[string]any) ([]any, error) {
	if _, found := document["@context"]; !found {
		return nil, malformed("the document has no @context")
	}
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = &loader{}
	options.SafeMode = true // refuses terms that no context defines
	expanded, err := ld.NewJsonLdProcessor().Expand(document, options)
	if err != nil {
		return nil, expandError(err)
	}
	if len(expanded) != 1 {
		return nil, malformed("the document does not describe one thing")
	}
	return expanded, checkExpanded(expanded[0])
}

// expandError turns json-gold's error into one of ours.
func expandError(err error) error {
	unknown := &UnknownContextError{}
	if errors.As(err, &unknown) {
		return unknown
	}
	if errors.Is(err, ErrUnsupported) {
		return err
	}
	return malformed("JSON-LD: %v", err)
}

// checkExpanded refuses what RDF cannot say: relative addresses, indexes,
// directions, and values that json-gold writes wrongly or not at all.
func checkExpanded(value any) error {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			if err := checkExpanded(item); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		if _, found := value["@value"]; found {
			return checkLiteral(value)
		}
		return checkNode(value)
	default:
		return malformed("a value without a property")
	}
}

func checkNode(node map[string]any) error {
	for key, value := range node {
		if err := checkEntry(key, value); err != nil {
			return err
		}
	}
	return nil
}

func checkEntry(key string, value any) error {
	switch key {
	case "@id":
		return checkNodeID(value)
	case "@type":
		return checkTypes(value)
	case "@list", "@graph":
		return checkExpanded(value)
	}
	if strings.HasPrefix(key, "@") {
		return malformed("%s cannot be signed", key)
	}
	if err := checkIRI(key); err != nil {
		return err
	}
	return checkExpanded(value)
}

func checkNodeID(value any) error {
	id, ok := value.(string)
	if !ok {
		return malformed("an id that is not text")
	}
	if blank, found := strings.CutPrefix(id, "_:"); found && blankLabel.MatchString(blank) {
		return nil
	}
	return checkIRI(id)
}

var blankLabel = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)

func checkTypes(value any) error {
	types, ok := value.([]any)
	if !ok {
		return malformed("a type that is not a list")
	}
	for _, item := range types {
		name, ok := item.(string)
		if !ok {
			return malformed("a type that is not text")
		}
		if err := checkIRI(name); err != nil {
			return err
		}
	}
	return nil
}

var languageTag = regexp.MustCompile(`^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$`)

func checkLiteral(object map[string]any) error {
	for key, detail := range object {
		switch key {
		case "@value":
		case "@type":
			if err := checkDatatype(detail); err != nil {
				return err
			}
		case "@language":
			if tag, ok := detail.(string); !ok || !languageTag.MatchString(tag) {
				return malformed("%v is not a language tag", detail)
			}
		default:
			return malformed("%s cannot be signed", key)
		}
	}
	return nil
}

func checkDatatype(detail any) error {
	datatype, ok := detail.(string)
	if !ok {
		return malformed("a datatype that is not text")
	}
	if datatype == "@json" || datatype == ld.RDFJSONLiteral {
		return unsupported("a JSON literal")
	}
	return checkIRI(datatype)
}
