package pdf_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges/certificate/pdf"
)

func TestValues(t *testing.T) {
	for name, row := range map[string]struct{ got, want string }{
		"whole number":        {pdf.Number(12), "12"},
		"decimals":            {pdf.Number(1.23456), "1.235"},
		"zeros at the end":    {pdf.Number(100.5), "100.5"},
		"nearly nothing":      {pdf.Number(-0.0001), "0"},
		"no number":           {pdf.Number(math.NaN()), "0"},
		"endless":             {pdf.Number(math.Inf(1)), "0"},
		"several":             {pdf.Numbers(1, 0.5), "1 0.5"},
		"ASCII":               {pdf.ASCII(`a(b)\`), `(a\(b\)\\)`},
		"not ASCII":           {pdf.ASCII("é"), "<FEFF00E9>"},
		"a line feed":         {pdf.ASCII("a\n"), "<FEFF0061000A>"},
		"text":                {pdf.Text("a字😀"), "<FEFF00615B57D83DDE00>"},
		"text not UTF-8":      {pdf.Text("\xff"), "<FEFFFFFD>"},
		"bytes":               {pdf.Bytes([]byte{1, 0xab}), "<01ab>"},
		"glyph":               {pdf.Glyph(0x1a2b), "1A2B"},
		"date":                {pdf.Date(time.Date(2026, 11, 26, 11, 30, 5, 0, time.FixedZone("", 3600))), "(D:20261126103005Z)"},
		"date before year 0":  {pdf.Date(time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)), ""},
		"date after 9999":     {pdf.Date(time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)), ""},
		"reference":           {pdf.Ref(7).String(), "7 0 R"},
		"a bracket in a text": {pdf.Text(")"), "<FEFF0029>"},
	} {
		if row.got != row.want {
			t.Errorf("%s: %s, want %s", name, row.got, row.want)
		}
	}
}

func TestFile(t *testing.T) {
	w := pdf.New()
	later := w.Reserve()
	catalog := w.Add("<</Type/Catalog>>")
	stream, err := w.Stream("/A 1", []byte("hello hello hello"))
	if err != nil {
		t.Fatal(err)
	}
	raw := w.Raw("", []byte("raw"))
	w.Object(later, "(late)")
	file, err := w.Finish(catalog, later, []byte{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if later != 1 || catalog != 2 || stream != 3 || raw != 4 {
		t.Errorf("numbers %d %d %d %d", later, catalog, stream, raw)
	}
	for _, want := range []string{
		"%PDF-1.7\n", "2 0 obj\n<</Type/Catalog>>\nendobj\n", "4 0 obj\n<</Length 3>>\nstream\nraw\nendstream\nendobj\n",
		"1 0 obj\n(late)\nendobj\n", "xref\n0 5\n0000000000 65535 f \n", "trailer\n<</Size 5/Root 2 0 R/Info 1 0 R/ID[<0102><0102>]>>\n",
	} {
		if !bytes.Contains(file, []byte(want)) {
			t.Errorf("the file lacks %q:\n%s", want, file)
		}
	}
	_, packed, _ := strings.Cut(string(file), "/A 1/Filter/FlateDecode/Length 20>>\nstream\n")
	z, err := zlib.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatalf("%v:\n%s", err, file)
	}
	if content, err := io.ReadAll(z); err != nil || string(content) != "hello hello hello" {
		t.Errorf("the stream says %q, %v", content, err)
	}
}

func TestForgottenObject(t *testing.T) {
	w := pdf.New()
	w.Reserve()
	if _, err := w.Finish(1, 1, nil); err == nil {
		t.Error("a file with a missing object was finished")
	}
}
