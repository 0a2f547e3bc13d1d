package picture

import "math"

// point is a point or a vector.
type point struct{ x, y float64 }

func (p point) plus(q point) point        { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point       { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point     { return point{p.x * f, p.y * f} }
func (p point) length() float64           { return math.Hypot(p.x, p.y) }
func (p point) dot(q point) float64       { return p.x*q.x + p.y*q.y }
func (p point) cross(q point) float64     { return p.x*q.y - p.y*q.x }
func between(p, q point, t float64) point { return p.plus(q.minus(p).times(t)) }

// matrix maps (x, y) to (a·x + c·y + e, b·x + d·y + f): the numbers of SVG's
// matrix(a b c d e f), SVG 1.1 section 7.5.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

func translation(x, y float64) matrix { return matrix{a: 1, d: 1, e: x, f: y} }
func scaling(x, y float64) matrix     { return matrix{a: x, d: y} }

func rotation(angle float64) matrix {
	sin, cos := math.Sincos(angle)
	return matrix{a: cos, b: sin, c: -sin, d: cos}
}

// times returns the matrix that applies n first and then m.
func (m matrix) times(n matrix) matrix {
	return matrix{
		a: m.a*n.a + m.c*n.b, c: m.a*n.c + m.c*n.d, e: m.a*n.e + m.c*n.f + m.e,
		b: m.b*n.a + m.d*n.b, d: m.b*n.c + m.d*n.d, f: m.b*n.e + m.d*n.f + m.f,
	}
}

func (m matrix) apply(p point) point {
	return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f}
}

// inverse returns the matrix that undoes m. It needs a determinant that is not 0.
func (m matrix) inverse() matrix {
	det := m.determinant()
	return matrix{
		a: m.d / det, c: -m.c / det, e: (m.c*m.f - m.d*m.e) / det,
		b: -m.b / det, d: m.a / det, f: (m.b*m.e - m.a*m.f) / det,
	}
}

func (m matrix) determinant() float64 { return m.a*m.d - m.b*m.c }

// stretch returns an upper bound of how much longer m makes a line.
func (m matrix) stretch() float64 {
	return math.Hypot(math.Hypot(m.a, m.b), math.Hypot(m.c, m.d))
}
