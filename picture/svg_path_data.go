package picture

import (
	"fmt"
	"strings"
)

// pathData reads the d attribute of a path, SVG 1.1 section 8.3.
type pathData struct {
	rest    string
	pen     *pen
	last    byte  // command before, in capitals
	control point // its second control point, which S and T mirror
}

// arguments says how many numbers each command takes.
var arguments = map[byte]int{'M': 2, 'L': 2, 'H': 1, 'V': 1, 'C': 6, 'S': 4, 'Q': 4, 'T': 2, 'A': 7, 'Z': 0}

func (p *pen) drawData(data string) error {
	d := &pathData{rest: data, pen: p}
	var command byte
	for {
		d.space()
		if d.rest == "" {
			return nil
		}
		if c := d.rest[0]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			command, d.rest = c, d.rest[1:]
		} else if command == 0 || command|0x20 == 'z' {
			return fmt.Errorf("path: no command before %.20q", d.rest)
		}
		if err := d.step(command); err != nil {
			return err
		}
		switch command { // further pairs after a move are lines
		case 'M':
			command = 'L'
		case 'm':
			command = 'l'
		}
	}
}

// step reads and draws one command with one set of numbers.
func (d *pathData) step(command byte) error {
	upper := command &^ 0x20
	count, known := arguments[upper]
	if !known || d.last == 0 && upper != 'M' {
		return fmt.Errorf("path: command %q is not possible here", command)
	}
	var a [7]float64
	for i := range count {
		var err error
		if a[i], err = d.number(upper == 'A' && (i == 3 || i == 4)); err != nil {
			return err
		}
	}
	if command != upper {
		d.absolute(upper, a[:count])
	}
	d.draw(upper, a)
	d.last = upper
	return nil
}

// absolute adds the current point to relative coordinates.
func (d *pathData) absolute(upper byte, a []float64) {
	switch upper {
	case 'H':
		a[0] += d.pen.at.x
	case 'V':
		a[0] += d.pen.at.y
	case 'A':
		a[5] += d.pen.at.x
		a[6] += d.pen.at.y
	default:
		for i := range a {
			a[i] += []float64{d.pen.at.x, d.pen.at.y}[i%2]
		}
	}
}

func (d *pathData) draw(upper byte, a [7]float64) {
	p := d.pen
	first, second, third := point{a[0], a[1]}, point{a[2], a[3]}, point{a[4], a[5]}
	switch upper {
	case 'M':
		p.move(first)
	case 'L':
		p.line(first)
	case 'H':
		p.line(point{a[0], p.at.y})
	case 'V':
		p.line(point{p.at.x, a[0]})
	case 'C':
		d.control = second
		p.cube(first, second, third)
	case 'S':
		mirrored := d.mirrored("CS")
		d.control = first
		p.cube(mirrored, first, second)
	case 'Q':
		d.control = first
		p.quad(first, second)
	case 'T':
		d.control = d.mirrored("QT")
		p.quad(d.control, first)
	case 'A':
		p.arc(a[0], a[1], radians(a[2]), a[3] != 0, a[4] != 0, point{a[5], a[6]})
	case 'Z':
		p.close()
	}
}

// mirrored returns the last control point, reflected at the current point. After
// a command of another kind it is the current point itself.
func (d *pathData) mirrored(after string) point {
	if strings.IndexByte(after, d.last) < 0 {
		return d.pen.at
	}
	return d.pen.at.times(2).minus(d.control)
}

func (d *pathData) space() { d.rest = strings.TrimLeft(d.rest, ", \t\r\n\f") }

// number reads the next number. A separator may be missing where a sign or a
// second decimal point shows the end. A flag is one digit, and needs no separator
// after it.
func (d *pathData) number(flag bool) (float64, error) {
	d.space()
	n := 0
	if flag && d.rest != "" && (d.rest[0] == '0' || d.rest[0] == '1') {
		n = 1
	} else if !flag {
		n = numberLength(d.rest)
	}
	if n == 0 {
		return 0, fmt.Errorf("path: no number at %.20q", d.rest)
	}
	text := d.rest[:n]
	d.rest = d.rest[n:]
	return parseNumber(text)
}

func numberLength(s string) int {
	i := 0
	digits := func() {
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
	}
	sign := func() {
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
	}
	sign()
	digits()
	if i < len(s) && s[i] == '.' {
		i++
		digits()
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		sign()
		digits()
	}
	return i
}
