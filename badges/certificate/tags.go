package certificate

import (
	"fmt"
	"strings"

	"github.com/insigne-badges/insigne/badges/certificate/pdf"
)

// element is one part of the page as a reader's program announces it (14.8.4).
type element struct {
	kind string // H1, P, Figure, Link …
	alt  string // of a Figure: what it shows
	text string // what to read, if it differs from what the glyphs say
}

// tags is the structure of the page: a flat list in the order of reading.
type tags struct{ list []element }

// add returns the number under which the content of the page refers to e.
func (t *tags) add(e element) int {
	t.list = append(t.list, e)
	return len(t.list) - 1
}

// link is the place of the address on the page.
type link struct {
	address                  string
	left, bottom, right, top float64
	described                string
}

// write adds the structure and the link's annotation to the file. It returns the
// references of the structure and the annotation.
func (t *tags) write(w *pdf.Writer, page pdf.Ref, language string, l link) (root, annotation pdf.Ref) {
	root, document, annotation := w.Reserve(), w.Reserve(), w.Reserve()
	refs := make([]string, 0, len(t.list))
	linkElement := document
	for number, e := range t.list {
		kids := fmt.Sprint(number)
		if e.kind == "Link" {
			kids = fmt.Sprintf("[%d<</Type/OBJR/Obj %v/Pg %v>>]", number, annotation, page)
		}
		ref := w.Add(fmt.Sprintf("<</Type/StructElem/S/%s/P %v/Pg %v/K %s%s>>", e.kind, document, page, kids, e.attributes()))
		if e.kind == "Link" {
			linkElement = ref
		}
		refs = append(refs, ref.String())
	}
	all := strings.Join(refs, " ")
	w.Object(document, fmt.Sprintf("<</Type/StructElem/S/Document/P %v/Lang%s/K[%s]>>", root, pdf.ASCII(language), all))
	parents := w.Add(fmt.Sprintf("<</Nums[0[%s]1 %v]>>", all, linkElement))
	w.Object(root, fmt.Sprintf("<</Type/StructTreeRoot/K %v/ParentTree %v/ParentTreeNextKey 2>>", document, parents))
	w.Object(annotation, fmt.Sprintf("<</Type/Annot/Subtype/Link/F 4/Rect[%s]/Border[0 0 0]/StructParent 1/Contents%s/A<</S/URI/URI%s>>>>",
		pdf.Numbers(l.left, l.bottom, l.right, l.top), pdf.Text(l.described), pdf.ASCII(l.address)))
	return root, annotation
}

func (e element) attributes() string {
	out := ""
	if e.alt != "" {
		out += "/Alt" + pdf.Text(e.alt)
	}
	if e.text != "" {
		out += "/ActualText" + pdf.Text(e.text)
	}
	return out
}
