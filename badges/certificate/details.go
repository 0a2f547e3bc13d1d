package certificate

import (
	"math"

	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

// details are the lines with a label, side by side in up to three columns.
func (p *page) details() (*column, error) {
	c := &column{}
	list := p.certificate.Details
	across := min(len(list), 3)
	for gap := 18.0; len(list) > 0; gap = 8 {
		n := min(across, len(list))
		if err := p.addDetails(c, gap, list[:n], across); err != nil {
			return nil, err
		}
		list = list[n:]
	}
	return c, nil
}

func (p *page) addDetails(c *column, gap float64, list []Detail, across int) error {
	const between = 18
	centre := p.certificate.Criteria == "" // which would stand at the side
	width := (p.size.width - 2*margin - between*float64(across-1)) / float64(across)
	var labels, values []set
	high, low := 0.0, 0.0
	for i, d := range list {
		left := p.mirrored(margin+float64(i)*(width+between), width)
		label, err := p.set(text{words: d.Label, sizes: []float64{8.5, 7.5}, most: 1, width: width, left: left, centre: centre, lead: 1.4, colour: quiet, kind: "P"})
		if err != nil {
			return err
		}
		value, err := p.set(text{words: d.Value, style: typeset.Strong, sizes: []float64{10, 9, 8}, most: 3, width: width, left: left, centre: centre, lead: 1.35, colour: ink0, kind: "P"})
		if err != nil {
			return err
		}
		labels, values = append(labels, label), append(values, value)
		high, low = math.Max(high, label.height()), math.Max(low, value.height())
	}
	c.add(gap, high+low, func(top float64) {
		for i := range labels {
			p.place(labels[i], top)
			p.place(values[i], top-high)
		}
	})
	return nil
}

// foot is the QR code with the address beside it.
func (p *page) foot() error {
	p.ink.decoration(func() {
		p.ink.rectangle(margin, footBottom+footHeight+footGap/2, p.size.width-2*margin, 0.6, hair)
	})
	const gap = 18
	side := float64(footHeight - 4)
	bottom := float64(footBottom)
	var failed error
	p.ink.tagged(element{kind: "Figure", alt: p.codeText()}, func() {
		failed = p.ink.code(p.certificate.Address, p.mirrored(margin, side), bottom, side)
	})
	if failed != nil {
		return failed
	}
	return p.beside(margin+side+gap, bottom+side/2)
}

func (p *page) codeText() string {
	if p.certificate.Labels.Code == "" {
		return p.certificate.Address
	}
	return p.certificate.Labels.Code
}

// beside draws the words beside the QR code, in the middle of its height.
func (p *page) beside(x, middle float64) error {
	width := p.size.width - x - margin
	box := text{width: width, left: p.mirrored(x, width), lead: 1.45, kind: "P"}
	verify, address, inside := box, box, box
	verify.words, verify.style, verify.sizes, verify.most, verify.colour = p.certificate.Labels.Verify, typeset.Strong, []float64{9.5, 8.5}, 2, ink0
	address.words, address.sizes, address.most, address.colour, address.kind = p.certificate.Address, []float64{9, 8, 7}, 2, accent, "Link"
	inside.sizes, inside.most, inside.colour = []float64{8}, 2, quiet
	if len(p.certificate.Credential) > 0 {
		inside.words = p.certificate.Labels.Credential
	}
	var all []set
	height := 0.0
	for _, t := range []text{verify, address, inside} {
		s, err := p.set(t)
		if err != nil {
			return err
		}
		all, height = append(all, s), height+s.height()
	}
	y := middle + height/2
	for _, s := range all {
		if s.kind == "Link" {
			p.document.link = p.linkAround(s, y)
		}
		p.place(s, y)
		y -= s.height()
	}
	return nil
}

// linkAround returns the link that covers the address.
func (p *page) linkAround(s set, top float64) link {
	width := s.widest()
	left := s.left
	if p.certificate.RightToLeft {
		left += s.width - width
	}
	return link{
		address: p.certificate.Address, described: p.certificate.Address,
		left: left, right: left + width, top: top, bottom: top - s.height(),
	}
}
