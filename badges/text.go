package badges

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkText returns what is wrong with s: "missing", "too_long" or
// "unreadable"; empty if nothing is. It refuses control characters because
// JSON-LD signing cannot carry them.
func checkText(s string, most int, required bool) string {
	switch {
	case required && s == "":
		return "missing"
	case utf8.RuneCountInString(s) > most:
		return "too_long"
	case !utf8.ValidString(s) || strings.ContainsFunc(s, isControl):
		return "unreadable"
	}
	return ""
}

func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}
