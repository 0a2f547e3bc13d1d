package vc

import (
	"strings"

	"github.com/piprate/json-gold/ld"
)

// checkIRI refuses what is not an absolute address: the statement that has it would
// be left out, and so stay unsigned.
func checkIRI(s string) error {
	if scheme(s) == "" {
		return malformed("%q is not an absolute address, or a term that no context defines", shorten(s))
	}
	if i := strings.IndexFunc(s, notInIRI); i >= 0 {
		return malformed("%q has a character that an address cannot have", shorten(s))
	}
	// json-gold leaves out statements with a web address that it does not take for one.
	if isWeb(s) && !plainURL(s) && !ld.IsURL(s) {
		return malformed("%q is not a web address", shorten(s))
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

func isWeb(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// plainURL reports whether s is an ordinary web address with a host of two or more
// lower-case labels. It saves the slow test of json-gold, and never accepts more.
func plainURL(s string) bool {
	const longest = 2000
	_, rest, _ := strings.Cut(s, "://")
	if len(s) > longest {
		return false
	}
	host, path, _ := strings.Cut(rest, "/")
	labels := strings.Split(host, ".")
	if len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if !plainLabel(label) {
			return false
		}
	}
	for i := range len(path) {
		c := path[i]
		if !lowerOrDigit(c) && (c < 'A' || c > 'Z') && !strings.ContainsRune("/-._~#=&?", rune(c)) {
			return false
		}
	}
	return true
}

func plainLabel(s string) bool {
	if len(s) < 2 {
		return false
	}
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

func lowerOrDigit(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
