package certificate_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/certificate"
)

func TestReadReturnsWhatRenderWrote(t *testing.T) {
	for name, want := range map[string]certificate.Payload{
		"both":     {Credential: []byte(`{"name":"Zoë"}`), Assertion: `{"type":"Assertion","name":"Zoë (\\) <x>"}`},
		"address":  {Assertion: "https://badges.exemple.fr/v/1.json"},
		"brackets": {Assertion: `{"a":"\\ ) ( )) \" endobj"}`},
		"JWS":      {Assertion: "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"},
		"3.0 only": {Credential: []byte(`{"a":"/AF[ endstream"}`)},
		"nothing":  {},
	} {
		t.Run(name, func(t *testing.T) {
			c := samples(t)["french"]
			c.Credential, c.Assertion = want.Credential, want.Assertion
			c.Title = "/openbadges(https://evil.example) /AF[1 0 R]"
			file, err := renderer().Render(c)
			if err != nil {
				t.Fatal(err)
			}
			got, err := certificate.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range samples(f) {
		file, err := renderer().Render(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if p, err := certificate.Read(file); err != nil && !errors.Is(err, certificate.ErrUnreadable) {
			t.Errorf("%v, %v", p, err)
		}
	})
}

func TestReadRefuses(t *testing.T) {
	file, err := renderer().Render(samples(t)["french"])
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string][]byte{
		"nothing":      nil,
		"a text":       []byte("%PDF-1.7 hello"),
		"half a file":  file[:len(file)/2],
		"a wrong end":  append(bytes.Clone(file), "startxref\n99999999\n%%EOF\n"...),
		"a large file": append(bytes.Clone(file), make([]byte, certificate.MaxFile)...),
	} {
		if p, err := certificate.Read(other); !errors.Is(err, certificate.ErrUnreadable) {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}
