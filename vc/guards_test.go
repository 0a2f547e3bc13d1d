package vc_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/piprate/json-gold/ld"

	"github.com/insigne-badges/insigne/vc"
)

const minimal = `{"@context":"https://www.w3.org/ns/credentials/v2","id":"urn:uuid:1","type":"VerifiableCredential",` +
	`"issuer":"did:web:badges.example.org","credentialSubject":{"id":"urn:uuid:2"}%s}`

// with returns a small credential with more members.
func with(members string) []byte {
	if members != "" {
		members = "," + members
	}
	return fmt.Appendf(nil, minimal, members)
}

// unguarded canonicalises as json-gold does by itself.
func unguarded(t *testing.T, document []byte) string {
	t.Helper()
	parsed, err := ld.DocumentFromReader(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = embedded{t}
	options.Algorithm, options.Format, options.SafeMode = ld.AlgorithmURDNA2015, "application/n-quads", true
	canonical, err := ld.NewJsonLdProcessor().Normalize(parsed, options)
	if err != nil {
		t.Fatal(err)
	}
	return canonical.(string)
}

// embedded gives the contexts of package vc to json-gold.
type embedded struct{ t *testing.T }

func (e embedded) LoadDocument(address string) (*ld.RemoteDocument, error) {
	data, err := vc.Context(address)
	if err != nil {
		return nil, err
	}
	document, err := ld.DocumentFromReader(bytes.NewReader(data))
	return &ld.RemoteDocument{DocumentURL: address, Document: document}, err
}

// Each document pair says different things and would have the same signature: what
// differs does not become a statement.
func TestSignRefusesWhatWouldStayUnsigned(t *testing.T) {
	const inline = `{"@context":["https://www.w3.org/ns/credentials/v2",{"x":"https://x.example/x","y":{"@id":"https://x.example/y","@type":"@id"},` +
		`"n":{"@id":"https://x.example/n","@container":"@index"}}],"id":"urn:uuid:1","type":"VerifiableCredential",%s}`
	tests := []struct {
		name, honest, forged string
	}{
		{"a term that no context defines", string(with("")), string(with(`"grade":"20/20"`))},
		{"a relative id", string(with(`"evidence":{"type":"https://x.example/T"}`)), string(with(`"evidence":[{"type":"https://x.example/T"},{"id":"other","type":"https://x.example/T"}]`))},
		{"a reference that is no address", fmt.Sprintf(inline, `"x":"a"`), fmt.Sprintf(inline, `"x":"a","y":"not an address"`)},
		{"an address with a space", fmt.Sprintf(inline, `"x":"a"`), fmt.Sprintf(inline, `"x":"a","y":"https://x.example/a b"`)},
		{"an index", fmt.Sprintf(inline, `"n":{"one":"a"}`), fmt.Sprintf(inline, `"n":{"two":"a"}`)},
		{"a direction", fmt.Sprintf(inline, `"x":{"@value":"a"}`), fmt.Sprintf(inline, `"x":{"@value":"a","@direction":"rtl"}`)},
		{"a language that is none", fmt.Sprintf(inline, `"x":[]`), fmt.Sprintf(inline, `"x":[{"@value":"a","@language":"no language"}]`)},
	}
	key := badgeKey(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			assertEqual(t, unguarded(t, []byte(test.forged)), unguarded(t, []byte(test.honest)))
			for name, sign := range signers() {
				if _, err := sign([]byte(test.forged), key, signedAt); !errors.Is(err, vc.ErrMalformed) {
					t.Errorf("%s: error %v, want ErrMalformed", name, err)
				}
			}
		})
	}
}

func signers() map[string]func([]byte, vc.Key, time.Time) ([]byte, error) {
	return map[string]func([]byte, vc.Key, time.Time) ([]byte, error){"Sign": vc.Sign, "Signer": vc.NewSigner().Sign}
}

// json-gold writes a relative type as it is; other libraries leave it out.
func TestSignRefusesARelativeType(t *testing.T) {
	document := with(`"evidence":{"id":"urn:uuid:3","type":"Doctorate"}`)
	if canonical := unguarded(t, document); !strings.Contains(canonical, "<Doctorate>") {
		t.Errorf("json-gold writes %s", canonical)
	}
	for name, sign := range signers() {
		if _, err := sign(document, badgeKey(t), signedAt); !errors.Is(err, vc.ErrMalformed) {
			t.Errorf("%s: error %v, want ErrMalformed", name, err)
		}
	}
}

// A badge must not verify after an attacker added something to it.
func TestVerifyRefusesAnUnmappedTermInASignedDocument(t *testing.T) {
	signed, err := vc.Sign(with(""), badgeKey(t), signedAt)
	if err != nil {
		t.Fatal(err)
	}
	forged := bytes.Replace(signed, []byte(`"id":"urn:uuid:1"`), []byte(`"id":"urn:uuid:1","honours":"summa cum laude"`), 1)
	assertEqual(t, unguarded(t, withoutProof(forged)), unguarded(t, withoutProof(signed)))
	if err := vc.VerifyProof(forged, publicKey(t)); !errors.Is(err, vc.ErrMalformed) {
		t.Errorf("error %v, want ErrMalformed", err)
	}
}

func withoutProof(signed []byte) []byte {
	before, _, _ := bytes.Cut(signed, []byte(`,"proof":`))
	return append(bytes.Clone(before), '}')
}

// Two readers understand these documents in different ways, or write them differently.
func TestSignRefusesAmbiguousDocuments(t *testing.T) {
	tests := []struct{ name, document string }{
		{"a name that occurs twice", string(with(`"name":"a","name":"b"`))},
		{"a name twice, once with an escape", string(with(`"name":"a","n\u0061me":"b"`))},
		{"invalid UTF-8", string(with("\"name\":\"\xff\""))},
		{"half of a surrogate pair", string(with(`"name":"\ud800"`))},
		{"BEL", string(with(`"name":"a\u0007"`))},
		{"backspace", string(with(`"name":"a\b"`))},
		{"vertical tab", string(with(`"name":"a\u000b"`))},
		{"form feed", string(with(`"name":"a\f"`))},
		{"DEL", string(with(`"name":"a` + "\x7f" + `"`))},
		{"NUL", string(with(`"name":"a\u0000"`))},
		{"a control character in a name", string(with(`"na\u0007me":"a"`))},
		{"a code point that is no character", string(with(`"name":"a\uffff"`))},
		{"1e-7", string(with(`"name":1e-7`))},
		{"0.0000001", string(with(`"name":0.0000001`))},
		{"1E3", string(with(`"name":1E3`))},
		{"a number above 10^15", string(with(`"name":9007199254740993`))},
		{"a number with 16 digits", string(with(`"name":0.1234567890123456`))},
		{"minus zero", string(with(`"name":-0`))},
		{"something after the document", string(with("")) + `{}`},
		{"an array", `[` + string(with("")) + `]`},
		{"text", `"a"`},
		{"nothing", ``},
		{"half a document", string(with(""))[:100]},
		{"no context", `{"id":"urn:uuid:1"}`},
		{"a proof already", string(with(`"proof":{}`))},
		{"two things", `{"@context":"https://www.w3.org/ns/credentials/v2","@graph":[{"id":"urn:uuid:1","name":"a"},{"id":"urn:uuid:2","name":"b"}]}`},
		{"depth", string(with(`"name":` + strings.Repeat("[", 100) + strings.Repeat("]", 100)))},
		{"10,001 values", string(with(`"name":[` + strings.Repeat(`"a",`, 10_000) + `"a"]`))},
		{"3 MiB", string(with(`"name":"` + strings.Repeat("a", 3<<20) + `"`))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for name, sign := range signers() {
				if _, err := sign([]byte(test.document), badgeKey(t), signedAt); !errors.Is(err, vc.ErrMalformed) {
					t.Errorf("%s: error %v, want ErrMalformed", name, err)
				}
			}
		})
	}
}

// Texts that are unusual and allowed are signed as they are.
func TestSignCarriesUnusualTexts(t *testing.T) {
	for _, name := range []string{
		"tab\\tand\\nline\\r\\n", `quote \" and \\ backslash`, "😀 👩‍🎓", "\u202egnp.exe", "a\u200bb", "مرحبا", "Zoe\u0308", "\u00a0", "",
	} {
		signed, err := vc.Sign(with(`"name":"`+name+`"`), badgeKey(t), signedAt)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if err := vc.VerifyProof(signed, publicKey(t)); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestAnUnknownContextIsNamedAndNotFetched(t *testing.T) {
	const address = "https://contexts.example/v1"
	documents := map[string]string{
		"of the document":    `{"@context":["https://www.w3.org/ns/credentials/v2","` + address + `"],"id":"urn:uuid:1"}`,
		"within a context":   `{"@context":[{"@import":"` + address + `"}],"@id":"urn:uuid:1"}`,
		"of a term":          `{"@context":[{"x":{"@id":"https://x.example/x","@context":"` + address + `"}}],"@id":"urn:uuid:1","x":{"@id":"urn:uuid:2"}}`,
		"of a nested object": `{"@context":"https://www.w3.org/ns/credentials/v2","id":"urn:uuid:1","type":"VerifiableCredential","evidence":{"@context":"` + address + `"}}`,
	}
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			_, err := vc.Canonicalise([]byte(document))
			unknown := &vc.UnknownContextError{}
			if !errors.As(err, &unknown) || unknown.URL != address || !errors.Is(err, vc.ErrUnsupported) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// Each list doubles what has to be told apart; the work ends at a bound.
func TestCanonicaliseGivesUpOnAGraphMadeToBlockIt(t *testing.T) {
	var nodes strings.Builder
	const count = 12
	for i := range count {
		fmt.Fprintf(&nodes, `{"@id":"_:n%d","x":[`, i)
		for j := range count {
			if j > 0 {
				nodes.WriteString(",")
			}
			fmt.Fprintf(&nodes, `{"@id":"_:n%d"}`, j)
		}
		nodes.WriteString("]},")
	}
	document := `{"@context":{"x":"https://x.example/x"},"@id":"urn:uuid:1","x":[` + strings.TrimSuffix(nodes.String(), ",") + `]}`
	start := time.Now()
	if _, err := vc.Canonicalise([]byte(document)); !errors.Is(err, vc.ErrUnsupported) {
		t.Errorf("error %v, want ErrUnsupported", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s to give up", took)
	}
}

func TestManyReferencesToContextsAreRefused(t *testing.T) {
	nested := strings.Repeat(`{"@context":"https://www.w3.org/ns/credentials/v2","id":"urn:uuid:3"},`, 300)
	_, err := vc.Canonicalise(with(`"evidence":[` + strings.TrimSuffix(nested, ",") + `]`))
	if !errors.Is(err, vc.ErrUnsupported) {
		t.Errorf("error %v, want ErrUnsupported", err)
	}
}
