package verifiers_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

// Programs read what a PDF contains; the judges know only JSON and JWS.

// attachment returns the credential that is attached to a PDF.
func attachment(t *testing.T, pdf []byte) []byte {
	t.Helper()
	return output(t, pdf, "qpdf", "--show-attachment=credential.json")
}

// information returns the 2.0 badge in the Info dictionary of a PDF.
func information(t *testing.T, pdf []byte) []byte {
	t.Helper()
	for line := range bytes.Lines(output(t, pdf, "pdfinfo", "-custom", "-enc", "UTF-8")) {
		if value, found := bytes.CutPrefix(line, []byte("openbadges:")); found {
			return bytes.TrimSpace(value)
		}
	}
	t.Fatal("the Info dictionary has no openbadges")
	return nil
}

// metadata returns the 2.0 badge in the XMP metadata of a PDF.
func metadata(t *testing.T, pdf []byte) []byte {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(output(t, pdf, "pdfinfo", "-meta")))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			t.Fatal("the metadata has no openbadges:assertion")
		}
		must(t, err)
		element, ok := token.(xml.StartElement)
		if !ok || element.Name != (xml.Name{Space: "http://openbadges.org", Local: "assertion"}) {
			continue
		}
		for _, a := range element.Attr {
			if a.Name.Local == "verify" {
				return []byte(a.Value)
			}
		}
	}
}

// output returns what a program prints about a PDF.
func output(t *testing.T, pdf []byte, argv ...string) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "certificate.pdf")
	must(t, os.WriteFile(name, pdf, 0o600))
	said := &strings.Builder{}
	cmd := exec.CommandContext(t.Context(), argv[0], append(argv[1:len(argv):len(argv)], name)...)
	if argv[0] == "pdftotext" {
		cmd.Args = append(cmd.Args, "-")
	}
	cmd.Stderr = said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", argv[0], err, said)
	}
	return out
}

// checkCertificate reads the text of a certificate, and the 2.0 badge in both places.
func checkCertificate(t *testing.T, badge badges.Badge, pdf []byte) {
	text := strings.Join(strings.Fields(string(output(t, pdf, "pdftotext"))), " ")
	for _, want := range []string{badge.Current.Name, badge.Current.Description, "Achever le cours"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text has no %q: %s", want, text)
		}
	}
	if info, xmp := information(t, pdf), metadata(t, pdf); !bytes.Equal(info, xmp) {
		t.Errorf("the Info dictionary has %s, the metadata %s", info, xmp)
	}
}
