package certificate

import "math"

// block is a part of the column.
type block struct {
	gap    float64 // above it; grows if the page has room
	height float64
	draw   func(top float64)
}

// column is the part of the page above the foot.
type column struct {
	blocks      []block
	top, bottom float64
}

func (c *column) add(gap, height float64, draw func(top float64)) {
	if height > 0 {
		c.blocks = append(c.blocks, block{gap, height, draw})
	}
}

func (c *column) addText(p *page, gap float64, s set) {
	c.add(gap, s.height(), func(top float64) { p.place(s, top) })
}

// room returns how much is free.
func (c *column) room() float64 {
	room := c.top - c.bottom
	for _, b := range c.blocks {
		room -= b.gap + b.height
	}
	return room
}

// draw gives the free room to the gaps, up to twice their size, and then puts the
// column a little above the middle.
func (c *column) draw() {
	gaps := 0.0
	for _, b := range c.blocks {
		gaps += b.gap
	}
	free := math.Max(c.room(), 0)
	grow := math.Min(free, 1.1*gaps)
	y := c.top - 0.42*(free-grow)
	for i, b := range c.blocks {
		if i > 0 {
			y -= b.gap * (1 + grow/math.Max(gaps, 1))
		}
		b.draw(y)
		y -= b.height
	}
}

func (p *page) column(pictures *pictures) (*column, error) {
	c := &column{top: p.size.height - topMargin, bottom: footBottom + footHeight + footGap}
	head, err := p.head(pictures)
	if err != nil {
		return nil, err
	}
	words, err := p.words()
	if err != nil {
		return nil, err
	}
	details, err := p.details()
	if err != nil {
		return nil, err
	}
	below := 0.0 // what must fit below the picture
	for _, b := range append(words.blocks, details.blocks...) {
		below += b.gap + b.height
	}
	c.blocks = append(c.blocks, head.blocks...)
	if err := p.addPicture(c, pictures, below); err != nil {
		return nil, err
	}
	c.blocks = append(c.blocks, words.blocks...)
	criteria, err := p.criteria(c.room() - details.needs())
	if err != nil {
		return nil, err
	}
	c.blocks = append(c.blocks, criteria.blocks...)
	c.blocks = append(c.blocks, details.blocks...)
	return c, nil
}

func (c *column) needs() float64 { return c.bottom - c.top - c.room() }
