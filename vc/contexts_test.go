package vc_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/vc"
)

func TestContextsAreJSONAndNeedNoOther(t *testing.T) {
	for _, address := range vc.Contexts() {
		document := `{"@context":["` + address + `"],"@id":"urn:uuid:1","https://x.example/name":"a"}`
		if _, err := vc.Canonicalise([]byte(document)); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	unknown := &vc.UnknownContextError{}
	if _, err := vc.Context("https://example.org/context"); !errors.As(err, &unknown) {
		t.Errorf("error %v, want UnknownContextError", err)
	}
}

// A Signer relies on this: no term is written like an address, or is the beginning of one.
func TestNoContextHasATermLikeAnAddress(t *testing.T) {
	for _, address := range vc.Contexts() {
		data, err := vc.Context(address)
		if err != nil {
			t.Fatal(err)
		}
		var context any
		if err := json.Unmarshal(data, &context); err != nil {
			t.Fatal(err)
		}
		assertNoAddressLikeTerm(t, address, context)
	}
}

func assertNoAddressLikeTerm(t *testing.T, address string, value any) {
	t.Helper()
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			assertNoAddressLikeTerm(t, address, item)
		}
	case map[string]any:
		for term, item := range value {
			switch {
			case strings.Contains(term, ":"), term == "http", term == "https", term == "urn", term == "did", term == "mailto", term == "data":
				t.Errorf("%s defines %q", address, term)
			}
			assertNoAddressLikeTerm(t, address, item)
		}
	}
}
