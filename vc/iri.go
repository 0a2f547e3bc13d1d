package vc

import "strings"

// checkIRI refuses what is not an absolute address: the statement that has it would
// be left out, and so stay unsigned.
func checkIRI(s string) error {
	if scheme(s) == "" {
		return malformed("%q is not an absolute address, or a term that no context defines", shorten(s))
	}
	if i := strings.IndexFunc(s, notInIRI); i >= 0 {
		return malformed("%q has a character that an address cannot have", shorten(s))
	}
	return nil
}

// scheme returns what precedes the first colon of an absolute address, or "".
func scheme(s string) string {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		case i > 0 && c == ':':
			return s[:i]
		default:
			return ""
		}
	}
	return ""
}

// notInIRI reports the characters that N-Quads forbid in an IRI.
func notInIRI(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune("<>\"{}|^`\\", r)
}
