package vc

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/piprate/json-gold/ld"
)

//go:embed contexts
var contextFiles embed.FS

// contextNames gives the file in contexts of each context that documents may use.
var contextNames = map[string]string{
	"https://www.w3.org/2018/credentials/v1":                         "credentials-v1",
	"https://www.w3.org/ns/credentials/v2":                           "credentials-v2",
	"https://www.w3.org/ns/credentials/examples/v2":                  "credentials-examples-v2",
	"https://www.w3.org/ns/credentials/status/v1":                    "bitstring-status-list-v1",
	"https://w3id.org/vc/status-list/2021/v1":                        "status-list-2021-v1",
	"https://www.w3.org/ns/did/v1":                                   "did-v1",
	"https://w3id.org/did/v1":                                        "did-v1",
	"https://www.w3.org/ns/cid/v1":                                   "cid-v1",
	"https://w3id.org/security/multikey/v1":                          "multikey-v1",
	"https://w3id.org/security/jwk/v1":                               "jwk-v1",
	"https://w3id.org/security/data-integrity/v1":                    "data-integrity-v1",
	"https://w3id.org/security/data-integrity/v2":                    "data-integrity-v2",
	"https://w3id.org/security/suites/ed25519-2020/v1":               "ed25519-2020-v1",
	"https://w3id.org/security/suites/jws-2020/v1":                   "jws-2020-v1",
	"https://purl.imsglobal.org/spec/ob/v3p0/context.json":           "ob-3.0.0",
	"https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld": "ob-3.0.0",
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json":     "ob-3.0.1",
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json":     "ob-3.0.2",
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json":     "ob-3.0.3",
	"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json":        "ob-extensions",
	"https://purl.imsglobal.org/spec/clr/v2p0/context.json":          "clr-2.0.0",
	"https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json":    "clr-2.0.1",
}

// Contexts returns the addresses of the embedded JSON-LD contexts, sorted.
func Contexts() []string { return slices.Sorted(maps.Keys(contextNames)) }

// Context returns the embedded JSON-LD context of an address, as published.
func Context(address string) ([]byte, error) {
	name, known := contextNames[address]
	if !known {
		return nil, &UnknownContextError{URL: address}
	}
	return contextFiles.ReadFile("contexts/" + name + ".json")
}

// parsedContexts returns the embedded contexts as json-gold reads them, by address.
var parsedContexts = sync.OnceValues(func() (map[string]any, error) {
	files := map[string]any{}
	parsed := map[string]any{}
	for address, name := range contextNames {
		if files[name] == nil {
			data, err := Context(address)
			if err != nil {
				return nil, err
			}
			var document any
			if err := json.NewDecoder(bytes.NewReader(data)).Decode(&document); err != nil {
				return nil, fmt.Errorf("parse context %s: %w", address, err)
			}
			files[name] = document
		}
		parsed[address] = files[name]
	}
	return parsed, nil
})

// maxContextLoads bounds how often one document may refer to a context. A badge
// refers to fewer than ten.
const maxContextLoads = 200

// loader gives embedded contexts to json-gold. It never fetches.
type loader struct {
	loads int
}

// LoadDocument returns an embedded context, or an UnknownContextError.
func (l *loader) LoadDocument(address string) (*ld.RemoteDocument, error) {
	l.loads++
	if l.loads > maxContextLoads {
		return nil, unsupported("more than %d references to contexts", maxContextLoads)
	}
	parsed, err := parsedContexts()
	if err != nil {
		return nil, err
	}
	document, known := parsed[address]
	if !known {
		return nil, &UnknownContextError{URL: address}
	}
	return &ld.RemoteDocument{DocumentURL: address, Document: document}, nil
}
