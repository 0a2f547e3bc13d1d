package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strconv"
)

// Ref is the number of an object. The zero Ref names none.
type Ref int

// String writes a reference to the object.
func (r Ref) String() string { return strconv.Itoa(int(r)) + " 0 R" }

// Writer collects the objects of one file. Its zero value is not usable: see New.
// Objects may be written in any order.
type Writer struct {
	out     bytes.Buffer
	offsets []int // of each object, by Ref; 0: not written
	deflate *zlib.Writer
}

// header names the version. The four bytes above 127 tell programs that move files
// that the content is binary (7.5.2).
const header = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

// New returns a Writer without objects.
func New() *Writer {
	w := &Writer{}
	w.Reset()
	return w
}

// Reset begins a new file. What compresses its streams stays, because making it takes
// longer than compressing a page.
func (w *Writer) Reset() {
	w.out, w.offsets = bytes.Buffer{}, make([]int, 1)
	w.out.WriteString(header)
}

// Reserve returns the Ref of an object that is written later.
func (w *Writer) Reserve() Ref {
	w.offsets = append(w.offsets, 0)
	return Ref(len(w.offsets) - 1)
}

// Object writes the object ref. The body is one PDF value.
func (w *Writer) Object(ref Ref, body string) {
	w.begin(ref)
	w.out.WriteString(body)
	w.out.WriteString("\nendobj\n")
}

// Add writes a new object and returns its Ref.
func (w *Writer) Add(body string) Ref {
	ref := w.Reserve()
	w.Object(ref, body)
	return ref
}

// Stream writes a new stream and returns its Ref. The entries are those of its
// dictionary, without length and filter. The data is compressed.
func (w *Writer) Stream(entries string, data []byte) (Ref, error) {
	packed, err := w.compress(data)
	if err != nil {
		return 0, err
	}
	return w.Raw(entries+"/Filter/FlateDecode", packed), nil
}

// Raw writes a new stream whose data stays as it is, and returns its Ref. If the data
// is compressed, the entries name the filter.
func (w *Writer) Raw(entries string, data []byte) Ref {
	ref := w.Reserve()
	w.begin(ref)
	fmt.Fprintf(&w.out, "<<%s/Length %d>>\nstream\n", entries, len(data))
	w.out.Write(data)
	w.out.WriteString("\nendstream\nendobj\n")
	return ref
}

// Finish writes the table of objects and the trailer, and returns the file. Every
// reserved object must have been written. The id names the content of the file.
func (w *Writer) Finish(catalog, info Ref, id []byte) ([]byte, error) {
	start := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets))
	for ref, offset := range w.offsets[1:] {
		if offset == 0 {
			return nil, fmt.Errorf("pdf: object %d was reserved and not written", ref+1)
		}
		fmt.Fprintf(&w.out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&w.out, "trailer\n<</Size %d/Root %v/Info %v/ID[%s%s]>>\nstartxref\n%d\n%%%%EOF\n",
		len(w.offsets), catalog, info, Bytes(id), Bytes(id), start)
	return w.out.Bytes(), nil
}

func (w *Writer) begin(ref Ref) {
	w.offsets[ref] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n", int(ref))
}

func (w *Writer) compress(data []byte) ([]byte, error) {
	var packed bytes.Buffer
	if w.deflate == nil {
		w.deflate = zlib.NewWriter(&packed)
	} else {
		w.deflate.Reset(&packed)
	}
	if _, err := w.deflate.Write(data); err != nil {
		return nil, fmt.Errorf("pdf: compress: %w", err)
	}
	if err := w.deflate.Close(); err != nil {
		return nil, fmt.Errorf("pdf: compress: %w", err)
	}
	return packed.Bytes(), nil
}
