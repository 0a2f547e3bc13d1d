package pdf

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Number writes f with at most three decimals. What is not a number is 0.
func Number(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "0"
	}
	s := strconv.FormatFloat(f, 'f', 3, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// Numbers writes several numbers with spaces between them.
func Numbers(values ...float64) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = Number(v)
	}
	return strings.Join(words, " ")
}

// Text writes a text string (7.9.2.2) as UTF-16 with a byte order mark, in
// hexadecimal digits. Bytes that are not UTF-8 become U+FFFD.
func Text(s string) string {
	units := utf16.Encode([]rune(s))
	var out strings.Builder
	out.Grow(6 + 4*len(units))
	out.WriteString("<FEFF")
	for _, u := range units {
		out.WriteString(hex16(u))
	}
	out.WriteByte('>')
	return out.String()
}

// ASCII writes s as a literal string if it is printable ASCII, else as Text.
func ASCII(s string) string {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return Text(s)
		}
	}
	return "(" + strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`).Replace(s) + ")"
}

// Bytes writes a byte string in hexadecimal digits.
func Bytes(b []byte) string { return "<" + hex.EncodeToString(b) + ">" }

// Date writes t in UTC (7.9.4). The year has four digits in a PDF: a year outside
// 0 to 9999 gives an empty string, and the caller leaves the entry out.
func Date(t time.Time) string {
	t = t.UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return ""
	}
	return t.Format("(D:20060102150405Z)")
}

// hex16 writes four hexadecimal digits.
func hex16(u uint16) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15]})
}

// Glyph writes the code of a glyph in a font with two-byte codes.
func Glyph(code uint16) string { return hex16(code) }
