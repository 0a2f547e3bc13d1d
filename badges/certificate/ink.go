package certificate

import (
	"bytes"
	"fmt"

	"github.com/insigne-badges/insigne/badges/certificate/pdf"
	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

// ink writes the content of the page. Places are in points from the left and the
// bottom edge.
type ink struct {
	out   bytes.Buffer
	fonts *embedded
	tags  *tags
}

func newInk(d *document) *ink { return &ink{fonts: d.fonts, tags: d.tags} }

// colour is red, green and blue from 0 to 1.
type colour [3]float64

func rgb(hex uint32) colour {
	return colour{float64(hex>>16) / 255, float64(hex>>8&255) / 255, float64(hex&255) / 255}
}

func (k *ink) fill(c colour)   { k.op("rg", c[:]...) }
func (k *ink) stroke(c colour) { k.op("RG", c[:]...) }

func (k *ink) op(operator string, operands ...float64) {
	for _, v := range operands {
		k.out.WriteString(pdf.Number(v))
		k.out.WriteByte(' ')
	}
	k.out.WriteString(operator)
	k.out.WriteByte('\n')
}

// tagged puts what draw draws into the element e.
func (k *ink) tagged(e element, draw func()) {
	fmt.Fprintf(&k.out, "/%s<</MCID %d>>BDC\n", e.kind, k.tags.add(e))
	draw()
	k.out.WriteString("EMC\n")
}

// decoration marks what draw draws as without meaning.
func (k *ink) decoration(draw func()) {
	k.out.WriteString("/Artifact BMC\n")
	draw()
	k.out.WriteString("EMC\n")
}

func (k *ink) rectangle(x, y, width, height float64, c colour) {
	k.fill(c)
	k.op("re", x, y, width, height)
	k.out.WriteString("f\n")
}

// kappa places the control points of a curve that is nearly a quarter of a circle.
const kappa = 0.5523

func (k *ink) circle(x, y, radius float64, c colour) {
	k.fill(c)
	k.rounded(x-radius, y-radius, 2*radius, 2*radius, radius)
	k.out.WriteString("f\n")
}

func (k *ink) frame(x, y, width, height, radius, line float64, c colour) {
	k.stroke(c)
	k.op("w", line)
	k.rounded(x, y, width, height, radius)
	k.out.WriteString("S\n")
}

// rounded adds a rectangle with rounded corners to the path.
func (k *ink) rounded(x, y, width, height, r float64) {
	left, right, bottom, top, c := x, x+width, y, y+height, r*(1-kappa)
	k.op("m", left+r, bottom)
	k.op("l", right-r, bottom)
	k.op("c", right-c, bottom, right, bottom+c, right, bottom+r)
	k.op("l", right, top-r)
	k.op("c", right, top-c, right-c, top, right-r, top)
	k.op("l", left+r, top)
	k.op("c", left+c, top, left, top-c, left, top-r)
	k.op("l", left, bottom+r)
	k.op("c", left, bottom+c, left+c, bottom, left+r, bottom)
	k.out.WriteString("h\n")
}

// image draws a picture of the resources.
func (k *ink) image(name string, x, y, width, height float64) {
	k.out.WriteString("q\n")
	k.op("cm", width, 0, 0, height, x, y)
	fmt.Fprintf(&k.out, "/%s Do\nQ\n", name)
}

// line sets a line of text with its left end at x on the base line y.
// If bold, letters of fonts with one weight get an outline.
func (k *ink) line(l typeset.Line, x, y, size float64, c colour, bold bool) {
	k.fill(c)
	k.stroke(c)
	k.op("w", size*boldOutline)
	k.out.WriteString("BT\n")
	k.op("Tm", 1, 0, 0, 1, x, y)
	row := &row{ink: k, size: size, bold: bold}
	for _, p := range phrases(l) {
		if p.text == "" {
			row.clusters(p.clusters)
			continue
		}
		row.span(p.text, func() { row.clusters(p.clusters) })
	}
	row.end()
	k.out.WriteString("0 Tr ET\n")
}
