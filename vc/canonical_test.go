package vc_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/vc"
)

// The files in testdata/rdf-canon are the test suite of RDF Dataset Canonicalization,
// without its tests of SHA-384 and of control characters, which we refuse earlier.
func TestCanonicalStatementsOfThePublishedSuite(t *testing.T) {
	inputs, err := filepath.Glob("testdata/rdf-canon/*-in.nq")
	if err != nil || len(inputs) < 60 {
		t.Fatalf("%d inputs, %v", len(inputs), err)
	}
	for _, input := range inputs {
		name := strings.TrimSuffix(filepath.Base(input), "-in.nq")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.Replace(input, "-in.nq", "-rdfc10.nq", 1))
			if errors.Is(err, os.ErrNotExist) {
				assertTooMuchWork(t, string(data))
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := vc.CanonicalStatements(string(data))
			if err != nil {
				t.Fatal(err)
			}
			assertEqual(t, string(got), string(want))
		})
	}
}

// assertTooMuchWork checks a graph that was made to block its readers.
func assertTooMuchWork(t *testing.T, nquads string) {
	t.Helper()
	start := time.Now()
	if _, err := vc.CanonicalStatements(nquads); !errors.Is(err, vc.ErrUnsupported) {
		t.Errorf("error %v, want ErrUnsupported", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s to give up", took)
	}
}

// A statement about itself counts once for its node (section 4.4.3, step 2.1).
func TestCanonicalStatementsCountAStatementAboutItselfOnce(t *testing.T) {
	got, err := vc.CanonicalStatements(`_:n0 <https://x.example/p1> _:n1 .
_:n1 <https://x.example/p1> _:n0 .
_:n0 <https://x.example/p0> _:n0 .
_:n1 <https://x.example/p1> _:n1 .
_:n1 <https://x.example/p0> _:n1 .
_:n1 <https://x.example/p0> _:n0 .
`)
	if err != nil {
		t.Fatal(err)
	}
	assertEqual(t, string(got), `_:c14n0 <https://x.example/p0> _:c14n0 .
_:c14n0 <https://x.example/p1> _:c14n1 .
_:c14n1 <https://x.example/p0> _:c14n0 .
_:c14n1 <https://x.example/p0> _:c14n1 .
_:c14n1 <https://x.example/p1> _:c14n0 .
_:c14n1 <https://x.example/p1> _:c14n1 .
`)
}
