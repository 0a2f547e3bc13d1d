package lti

import (
	"html"
	"strings"
)

// nextPage finds the address of the next page in Link headers (RFC 8288), and
// in what Moodle writes: typographic quotes around the relation and "&amp;" in
// the address. It is empty on the last page.
func nextPage(headers []string) string {
	for _, header := range headers {
		for header != "" {
			var address, params string
			address, params, header = cutLink(header)
			if relates(params, "next") {
				return html.UnescapeString(address)
			}
		}
	}
	return ""
}

// cutLink splits off the first link of a header.
func cutLink(header string) (address, params, rest string) {
	_, after, ok := strings.Cut(header, "<")
	if !ok {
		return "", "", ""
	}
	address, after, ok = strings.Cut(after, ">")
	if !ok {
		return "", "", ""
	}
	params, rest = after, ""
	if next := strings.Index(after, "<"); next >= 0 { // no parameter of ours holds one
		params, rest = after[:next], after[next:]
	}
	return strings.TrimSpace(address), params, rest
}

// relates reports whether the parameters of a link name a relation.
func relates(params, relation string) bool {
	for param := range strings.SplitSeq(params, ";") {
		name, value, ok := strings.Cut(param, "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "rel") {
			continue
		}
		value = strings.Trim(value, " \t,\"'“”")
		for word := range strings.FieldsSeq(value) {
			if strings.EqualFold(word, relation) {
				return true
			}
		}
	}
	return false
}
