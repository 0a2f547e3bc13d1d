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

// plainURL reports whether s is an ordinary web address: a host of several labels in
// lower case, then a path. It saves the slow test of json-gold, and never accepts more.
func plainURL(s string) bool {
	const longest = 2000
	_, rest, _ := strings.Cut(s, "://")
	host, path, _ := strings.Cut(rest, "/")
	if len(s) > longest || !plainDomain(host) {
		return false
	}
	for i := range len(path) {
		c := path[i]
		if !lowerOrDigit(c) && (c < 'A' || c > 'Z') && !strings.ContainsRune("/-._~#=&?", rune(c)) {
			return false
		}
	}
	return true
}

func plainDomain(host string) bool {
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if !plainLabel(label) {
			return false
		}
	}
	top := labels[len(labels)-1]
	return len(labels) > 1 && strings.Trim(top, "abcdefghijklmnopqrstuvwxyz") == ""
}

// plainLabel accepts letters, digits and single hyphens between them.
func plainLabel(s string) bool {
	for i := range len(s) {
		inside := i > 0 && i < len(s)-1
		if !lowerOrDigit(s[i]) && (s[i] != '-' || !inside || s[i-1] == '-') {
			return false
		}
	}
	return len(s) > 1
}

func lowerOrDigit(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
