package typeset_test

import (
	"bytes"
	"testing"

	"github.com/go-text/typesetting/font/opentype"
)

// withMap adds the table cmap of the full font to a subset: a PDF needs none, and the
// parser of the test insists on one.
func withMap(t *testing.T, full, subset []byte) []byte {
	t.Helper()
	var tables []opentype.Table
	add := func(file []byte, tags ...string) {
		loader, err := opentype.NewLoader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range tags {
			content, err := loader.RawTable(opentype.MustNewTag(tag))
			if err != nil {
				t.Fatal(err)
			}
			tables = append(tables, opentype.Table{Tag: opentype.MustNewTag(tag), Content: content})
		}
	}
	add(full, "cmap")
	add(subset, "glyf", "head", "hhea", "hmtx", "loca", "maxp")
	return opentype.WriteTTF(tables)
}
