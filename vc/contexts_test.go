package vc_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/piprate/json-gold/ld"

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

// The quick test of web addresses never accepts what json-gold leaves out.
func TestPlainURLsAreURLs(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 1))
	labels := []string{"a", "badges", "univ-x", "x--y", "-x", "x-", "example", "org", "fr", "x1", "1x", "é", "", "127", "0", "localhost"}
	parts := []string{"/", "v", "0190c7f2-6a1e", "#e", "?a=b", "&", "~", "_", "-", "//", "..", "é", "%20", ":8443", "."}
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	accepted := 0
	for range 100_000 {
		address := []string{"http://", "https://"}[random.IntN(2)] + pick(labels)
		for range random.IntN(4) {
			address += "." + pick(labels)
		}
		for range random.IntN(5) {
			address += pick(parts)
		}
		if !vc.IsPlainURL(address) {
			continue
		}
		accepted++
		if !ld.IsURL(address) {
			t.Fatalf("%q is a plain URL, and none for json-gold", address)
		}
	}
	if accepted < 1000 {
		t.Errorf("only %d addresses were accepted", accepted)
	}
	for _, address := range []string{"https://badges.univ-exemple.example/v/1#a", "https://badges.example.org/v/0190c7f2-6a1e-7c3e-9f7c-1d2f3a4b5c6d"} {
		if !vc.IsPlainURL(address) {
			t.Errorf("%q is not a plain URL", address)
		}
	}
}
