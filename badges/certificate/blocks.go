package certificate

import (
	"math"
	"strings"

	"github.com/insigne-badges/insigne/badges/certificate/typeset"
)

// head is the issuer's logo and name side by side, in the middle.
func (p *page) head(pictures *pictures) (*column, error) {
	c := &column{}
	var logo *raster
	width, gap := 0.0, 0.0
	if len(p.certificate.Logo) > 0 {
		var err error
		if logo, err = pictures.read("logo", p.certificate.Logo); err != nil {
			return nil, err
		}
		width, gap = math.Min(logoWidth, logoHeight*float64(logo.width)/float64(logo.height)), 12
	}
	room := p.size.width - 2*margin
	name, err := p.set(text{
		words: p.certificate.Issuer, style: typeset.Strong, sizes: []float64{13, 11, 9}, most: 2,
		width: room - width - gap, lead: 1.3, colour: ink0, kind: "P",
	})
	if err != nil {
		return nil, err
	}
	name.width = name.widest()
	left := (p.size.width - width - gap - name.width) / 2
	height := name.height()
	if logo != nil {
		height = logoHeight
	}
	name.left = p.mirrored(left+width+gap, name.width)
	c.add(0, height, func(top float64) {
		if logo != nil {
			p.picture(logo, "Logo", element{kind: "Figure", alt: p.certificate.Issuer}, p.mirrored(left, width), top-logoHeight, width, logoHeight)
		}
		p.place(name, top-(height-name.height())/2)
	})
	return c, nil
}

// addPicture adds the picture of the badge, as large as the other blocks allow.
func (p *page) addPicture(c *column, pictures *pictures, below float64) error {
	if len(p.certificate.Picture) == 0 {
		return nil
	}
	r, err := pictures.read("picture", p.certificate.Picture)
	if err != nil {
		return err
	}
	const smallest, largest, air = 84, 184, 56
	criteria := math.Min(p.criteriaEstimate(), 250)
	side := math.Min(math.Max((c.room()-below-criteria-air)/(2*glow), smallest), largest)
	c.add(12+(glow-0.5)*side, side, func(top float64) {
		middle := p.size.width / 2
		p.ink.decoration(func() { p.ink.circle(middle, top-side/2, side*glow, tint) })
		p.picture(r, "Badge", element{kind: "Figure", alt: p.pictureText()}, middle-side/2, top-side, side, side)
	})
	return nil
}

// criteriaEstimate is about how much height the criteria need. It only decides how
// large the picture is.
func (p *page) criteriaEstimate() float64 {
	if p.certificate.Criteria == "" {
		return 0
	}
	const around, line, bytesOfLine = 48, 14.5, 95
	lines := 0
	for paragraph := range strings.SplitSeq(p.certificate.Criteria, "\n") {
		lines += 1 + len(paragraph)/bytesOfLine
	}
	return around + line*float64(lines)
}

func (p *page) pictureText() string {
	if p.certificate.PictureText == "" {
		return p.certificate.Badge
	}
	return p.certificate.PictureText
}

// words are the centred most: badge, recipient, description.
func (p *page) words() (*column, error) {
	c := &column{}
	centred := func(gap float64, t text) error {
		t.centre, t.left, t.width = true, margin+narrow/2, p.size.width-2*margin-narrow
		s, err := p.set(t)
		c.addText(p, gap, s)
		return err
	}
	v := p.certificate
	if err := centred(30, text{words: v.Badge, style: typeset.Display, sizes: []float64{30, 26, 22, 18, 15, 13}, most: 3, lead: 1.25, colour: accent, kind: "H1"}); err != nil {
		return nil, err
	}
	c.add(12, shortStroke, func(top float64) {
		p.ink.decoration(func() {
			p.ink.rectangle((p.size.width-shortRule)/2, top-shortStroke, shortRule, shortStroke, accent)
		})
	})
	if v.Recipient != "" {
		if err := centred(16, text{words: v.Labels.AwardedTo, sizes: []float64{11}, most: 1, lead: 1.4, colour: quiet, kind: "P"}); err != nil {
			return nil, err
		}
		if err := centred(3, text{words: v.Recipient, style: typeset.Display, sizes: []float64{24, 21, 18, 15, 12}, most: 2, lead: 1.3, colour: ink0, kind: "P"}); err != nil {
			return nil, err
		}
	}
	return c, centred(14, text{words: v.Description, sizes: []float64{11.5, 10.5, 9.5}, most: 4, lead: 1.45, colour: quiet, kind: "P"})
}

// mostCriteria is more lines than a page has room for.
const mostCriteria = 50

// criteria fills at most the room. If a text of the page was shortened, a sentence
// says where the whole text is.
func (p *page) criteria(room float64) (*column, error) {
	c := &column{}
	const gap, under = 20, 3
	across := text{width: p.size.width - 2*margin, left: margin, kind: "P"}
	label := across
	label.words, label.style, label.sizes, label.most, label.lead, label.colour, label.kind = p.certificate.Labels.Criteria, typeset.Strong, []float64{9.5}, 1, 1.4, accent, "H2"
	pointer := across
	pointer.words, pointer.sizes, pointer.most, pointer.lead, pointer.colour = p.certificate.Labels.Shortened, []float64{8}, 1, 1.5, quiet
	heading, err := p.set(label)
	if err != nil {
		return nil, err
	}
	hint, err := p.set(pointer)
	if err != nil {
		return nil, err
	}
	body := across
	body.words, body.lead, body.colour, body.sizes = p.certificate.Criteria, 1.45, ink0, []float64{10, 9, 8}
	body.most, body.room = mostCriteria, math.Max(room-gap-under-heading.height()-hint.height(), 1)
	s, err := p.set(body)
	if err != nil {
		return nil, err
	}
	if len(s.rows) > 0 {
		c.addText(p, gap, heading)
		c.addText(p, under, s)
	}
	if p.shortened {
		c.addText(p, 2, hint)
	}
	return c, nil
}
